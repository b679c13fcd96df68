//! The proof that a target wants the messages: our receiver gives each of them to our sender, and then receives.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use tokio::sync::mpsc;
use webhooks_core::{Webhooks, whpost};
use webhooks_receiver::{EventSource, Handshake, Provider, Received, Receiver, Scheme, Secret};
use webhooks_sender::subscription::{SubscriptionState, Verification};
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::{Sender, Subscription};

/// Sent when a parcel has been posted.
#[whpost("parcel.posted", register = false)]
async fn parcel_posted(number: u32);

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What the receivers share: who was called, and the secret that the sender brought.
#[derive(Clone)]
struct Shared {
    received: mpsc::UnboundedSender<()>,
    secret: Arc<Mutex<Option<Secret>>>,
}

async fn received(_: Received<u32>, State(shared): State<Shared>) -> Result<(), Infallible> {
    let _ = shared.received.send(());
    Ok(())
}

async fn confirm(secret: Secret, State(shared): State<Shared>) -> Result<bool, Infallible> {
    *shared.secret.lock().expect("not poisoned") = Some(secret);
    Ok(true)
}

async fn brought(State(shared): State<Shared>) -> Result<Vec<Secret>, Infallible> {
    let secret = shared.secret.lock().expect("not poisoned").clone();
    Ok(secret.into_iter().collect())
}

fn standard() -> Receiver<Shared> {
    let provider = Provider::new("ours", Scheme::STANDARD_WEBHOOKS);
    let provider = provider.event_name(EventSource::header("webhook-event").bound_to_id());
    Receiver::new(provider).secret(SECRET).expect("a secret")
}

fn app(shared: Shared) -> Router {
    let challenged = standard().handshake(Handshake::slack());
    let asked = standard().handshake(Handshake::cloud_events(["events.example.com"], None));
    let hooked = Provider::new("hooks", Scheme::hmac_sha256("x-hook-signature"));
    let hooked = Receiver::new(hooked.event_name(EventSource::fixed("parcel.posted")));
    let hooked = hooked
        .secrets_by(brought)
        .expect("secrets")
        .rest_hooks(confirm);
    Router::new()
        .route(
            "/challenge",
            challenged.on_event("parcel.posted", received).into(),
        )
        .route(
            "/cloud-events",
            asked.on_event("parcel.posted", received).into(),
        )
        .route(
            "/hook-secret",
            hooked.on_event("parcel.posted", received).into(),
        )
        .with_state(shared)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_receiver_proves_to_our_sender_that_it_wants_the_messages() {
    let (sender_side, mut arrivals) = mpsc::unbounded_channel();
    let shared = Shared {
        received: sender_side,
        secret: Arc::default(),
    };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.expect("a port");
    let address = listener.local_addr().expect("an address");
    let serving = tokio::spawn(axum::serve(listener, app(shared)).into_future());
    let folder = tempfile::tempdir().expect("a folder");
    let webhooks = Webhooks::new().with(parcel_posted).build().expect("one");
    let sender = Sender::open(folder.path().join("w.db"))
        .webhooks(webhooks)
        .targets(TargetPolicy::development())
        .origin("events.example.com")
        .start()
        .await
        .expect("a sender");
    for (verification, path, dialect) in [
        (Verification::Challenge, "challenge", "standard-webhooks"),
        (
            Verification::CloudEvents,
            "cloud-events",
            "standard-webhooks",
        ),
        (Verification::HookSecret, "hook-secret", "rest-hooks-signed"),
    ] {
        let wanted = Subscription::new(path, format!("http://{address}/{path}"))
            .event("parcel.posted")
            .dialect(dialect)
            .secret(Secret::new(SECRET).expect("a secret"))
            .verification(verification);
        let id = sender.operator().subscribe(wanted).await.expect(path).id;
        sender.send(path, parcel_posted(1)).await.expect("sent");
        let arrival = tokio::time::timeout(Duration::from_mins(1), arrivals.recv()).await;
        let jobs = sender.of(path).jobs(None, 1).await.expect("a page");
        let attempts = sender.of(path).attempts_to(&id, 1).await.expect("a page");
        let arrived = arrival.unwrap_or_else(|_| panic!("{jobs:?} {attempts:?}"));
        arrived.expect("the receiver is there");
        let stored = sender.operator().subscription(&id).await.expect(path);
        assert_eq!(stored.state, SubscriptionState::Active, "{path}");
    }
    sender.shut_down().await;
    serving.abort();
}
