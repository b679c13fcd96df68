//! Requests captured from the running engine, one for each way in which they are signed and their payload is put.
//!
//! They are verified by other parties' libraries (`cargo xtask interop senders`) and by our receiver.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use webhooks_core::{Catalogue, Envelope, Webhooks, whget, whpost};
use webhooks_sender::dialect::{Dialect, Scheme};
use webhooks_sender::subscription::Subscribed;
use webhooks_sender::testing::{TestRequest, TestTransport};
use webhooks_sender::{Error, Secret, Sender, Sqlite, Subscription};

/// A payload with text that is easily broken on the way.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Parcel {
    /// Beyond ASCII, with what JSON escapes.
    pub text: &'static str,
    /// Larger than what a float keeps.
    pub number: u64,
}

/// Sent when a parcel was posted.
#[whpost("parcel.posted")]
pub async fn parcel_posted(data: Parcel);

/// Sent to ask whether a subscriber wants parcels: without a body, and therefore never in an envelope.
#[whget("parcel.offered")]
pub async fn parcel_offered();

/// A request, and what verifies it.
#[derive(Debug, Serialize)]
pub struct Capture {
    /// What is special about it.
    pub name: String,
    /// Whether the payload is in the Standard Webhooks envelope.
    pub enveloped: bool,
    /// The beginning of the names of the signature's headers.
    pub prefix: &'static str,
    /// Secrets, of which each alone verifies it under `v1`.
    pub secrets: Vec<String>,
    /// The public key that verifies it under `v1a`.
    pub public_key: Option<String>,
    /// The method.
    pub method: String,
    /// The headers, in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
}

const CASES: [&str; 5] = ["v1", "v1-rotated", "v1a", "v1a-beside-v1", "svix"];
const OWNER: &str = "acct_1";

/// The requests of a subscription for each case, signed at this moment: a payload bare and enveloped, and none at all.
///
/// # Errors
///
/// When the sender fails.
///
/// # Panics
///
/// When the requests do not come.
pub async fn captures() -> Result<Vec<Capture>, Error> {
    let mut captures = Vec::new();
    for envelope in [Envelope::Bare, Envelope::Standard] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let transport = Arc::<TestTransport>::default();
        let svix = Dialect::signed("svix", Scheme::SVIX).event_header("svix-event");
        let sender = Sender::open(folder.path().join("captures.db"))
            .webhooks(catalogue(envelope))
            .dialect(Dialect::standard_webhooks())
            .dialect(svix)
            .transport(Arc::clone(&transport))
            .start()
            .await?;
        let mut keys = BTreeMap::new();
        for case in CASES {
            keys.insert(case, subscribe(&sender, case).await?);
        }
        let parcel = Parcel {
            text: "Grüße, 世界 \u{1f4e6} \"\\/\u{7f}\u{2028}",
            number: u64::MAX,
        };
        sender.send(OWNER, parcel_posted(parcel)).await?;
        let mut messages = 1;
        if envelope == Envelope::Bare {
            sender.send(OWNER, parcel_offered()).await?;
            messages += 1;
        }
        let requests = wait_for(&transport, messages * CASES.len()).await;
        sender.shut_down().await;
        captures.extend(
            requests
                .iter()
                .map(|request| capture(request, &keys, envelope)),
        );
    }
    captures.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(captures)
}

/// What verifies the requests of a subscription.
struct Keys {
    secrets: Vec<String>,
    public: Option<String>,
}

fn catalogue(envelope: Envelope) -> Catalogue {
    let webhooks = Webhooks::new()
        .with(parcel_posted)
        .with(parcel_offered)
        .envelope(envelope);
    webhooks.build().expect("a catalogue")
}

async fn subscribe(sender: &Sender<Sqlite>, case: &str) -> Result<Keys, Error> {
    let wanted = Subscription::new(OWNER, format!("https://{case}.example.com/")).event("*");
    let pair =
        Secret::generate_ed25519().map_err(|error| Error::Subscription(error.to_string()))?;
    let public = pair
        .public_key()
        .map_err(|error| Error::Subscription(error.to_string()))?;
    let public = Some(public.expose().to_owned());
    let shown = |subscribed: &Subscribed| {
        subscribed
            .secret
            .iter()
            .map(|secret| secret.expose().to_owned())
            .collect::<Vec<_>>()
    };
    let grace = Duration::from_hours(1);
    Ok(match case {
        "v1a" => {
            sender.operator().subscribe(wanted.secret(pair)).await?;
            Keys {
                secrets: Vec::new(),
                public,
            }
        }
        "v1a-beside-v1" => {
            let subscribed = sender.operator().subscribe(wanted).await?;
            sender
                .operator()
                .rotate_to(&subscribed.id, pair, grace)
                .await?;
            Keys {
                secrets: shown(&subscribed),
                public,
            }
        }
        "v1-rotated" => {
            let subscribed = sender.operator().subscribe(wanted).await?;
            let mut secrets = shown(&subscribed);
            secrets.push(
                sender
                    .operator()
                    .rotate(&subscribed.id, grace)
                    .await?
                    .expose()
                    .to_owned(),
            );
            Keys {
                secrets,
                public: None,
            }
        }
        "svix" => {
            let secret =
                Secret::generate().map_err(|error| Error::Subscription(error.to_string()))?;
            sender
                .operator()
                .subscribe(wanted.dialect("svix").secret(secret.clone()))
                .await?;
            Keys {
                secrets: vec![secret.expose().to_owned()],
                public: None,
            }
        }
        _ => Keys {
            secrets: shown(&sender.operator().subscribe(wanted).await?),
            public: None,
        },
    })
}

async fn wait_for(transport: &TestTransport, count: usize) -> Vec<TestRequest> {
    let all = async {
        while transport.requests().len() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), all)
        .await
        .expect("the requests come");
    transport.take_requests()
}

fn capture(request: &TestRequest, keys: &BTreeMap<&str, Keys>, envelope: Envelope) -> Capture {
    let host = request.target.trim_start_matches("https://");
    let (case, _) = host
        .split_once('.')
        .expect("the case is the host's first label");
    let text = |value: &axum::http::HeaderValue| value.to_str().expect("visible ASCII").to_owned();
    let headers = request
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), text(value)))
        .collect();
    let enveloped = envelope == Envelope::Standard;
    Capture {
        name: format!(
            "{case}, {}, {}",
            request.method,
            if enveloped { "enveloped" } else { "bare" }
        ),
        enveloped,
        prefix: if case == "svix" { "svix" } else { "webhook" },
        secrets: keys[case].secrets.clone(),
        public_key: keys[case].public.clone(),
        method: request.method.clone(),
        headers,
        body: String::from_utf8(request.body.to_vec()).expect("JSON is UTF-8"),
    }
}
