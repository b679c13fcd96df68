//! What a claim on a message is good for, and what it must not be.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Request, StatusCode};
use support::{Notes, SECRET, WHSEC, app, send, signed};
use webhooks_receiver::testing::{SignedRequest, conformance};
use webhooks_receiver::{
    BoxError, BoxFuture, Claim, ClaimGuard, Deduplicate, MessageKey, Provider, Receiver,
    RecentMessages, Reception, Scheme, Secret, SecretError, TenantSecrets,
};

/// A delivery of GitHub, whose id and event are not signed.
fn delivery(event: &str, id: &str, body: &str) -> Request<Body> {
    let request = SignedRequest::new(body.to_owned())
        .header("x-github-event", event)
        .header("x-github-delivery", id);
    signed(&Scheme::GITHUB, SECRET, request)
}

fn github(notes: &Notes, store: impl Deduplicate) -> Router {
    let receiver: Receiver = Receiver::new(Provider::GITHUB).secret(SECRET).unwrap();
    app(receiver.deduplicate(store).on_event("*", notes.events()))
}

#[tokio::test]
async fn an_id_that_is_not_signed_never_hides_another_body() {
    let notes = Notes::default();
    for store in [
        RecentMessages::new(100),
        RecentMessages::new(100).same_body_within(Duration::from_secs(300)),
        RecentMessages::new(100).same_body_within(Duration::ZERO),
    ] {
        let app = github(&notes, store);
        // Captured a while ago, and sent again under the id of a delivery that is still to come.
        send(&app, delivery("push", "coming", r#"{"captured":1}"#)).await;
        let genuine = send(&app, delivery("push", "coming", r#"{"genuine":1}"#)).await;
        assert_eq!(genuine.status, StatusCode::OK);
        assert_eq!(notes.take(), ["push", "push"]);
        send(&app, delivery("push", "coming", r#"{"genuine":1}"#)).await;
        assert!(notes.take().is_empty(), "its own repeat is known");
    }
}

#[tokio::test]
async fn a_genuine_body_under_another_unsigned_event_hides_nothing() {
    let notes = Notes::default();
    let app = github(&notes, RecentMessages::new(100));
    send(&app, delivery("ping", "1", "{}")).await;
    send(&app, delivery("push", "1", "{}")).await;
    assert_eq!(notes.take(), ["ping", "push"]);

    let receiver: Receiver = Receiver::new(Provider::GITLAB_SIGNED)
        .secret(WHSEC)
        .unwrap();
    let signed_id = support::app(
        receiver
            .deduplicate(RecentMessages::new(100))
            .on_event("*", notes.events()),
    );
    for event in ["System Hook", "Push Hook"] {
        let request = SignedRequest::new("{}").header("x-gitlab-event", event);
        send(&signed_id, signed(&Scheme::GITLAB_SIGNED, WHSEC, request)).await;
    }
    assert_eq!(notes.take(), ["System Hook", "Push Hook"]);
}

#[tokio::test]
async fn one_captured_request_under_many_ids_is_handled_once_and_pushes_no_genuine_id_out() {
    let notes = Notes::default();
    let app = github(&notes, RecentMessages::new(1000));
    send(&app, delivery("push", "genuine", r#"{"genuine":1}"#)).await;
    for id in 0..1001 {
        send(
            &app,
            delivery("push", &format!("forged {id}"), r#"{"captured":1}"#),
        )
        .await;
    }
    send(&app, delivery("push", "genuine", r#"{"genuine":1}"#)).await;
    assert_eq!(notes.take(), ["push", "push"]);
}

/// A store as others write them: a map by receiver and id, with the time at which a claim ends.
#[derive(Clone, Default)]
struct Map(Arc<Mutex<Rows>>);

#[derive(Default)]
struct Rows {
    rows: HashMap<(String, String), (Row, [u8; 32])>,
    claims: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Row {
    Claimed(u64, SystemTime),
    Handled,
}

struct MapClaim(Map, (String, String), u64);

impl Deduplicate for Map {
    fn claim<'a>(
        &'a self,
        key: MessageKey<'a>,
        lease: Duration,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<Claim, BoxError>> {
        let name = (key.receiver.to_owned(), key.id.to_owned());
        let mut all = self.0.lock().unwrap();
        let known = all.rows.get(&name).copied();
        let claim = match known {
            Some((Row::Handled, content)) => Claim::Handled {
                same_body: content == key.content,
            },
            Some((Row::Claimed(_, until), _)) if now < until => Claim::InProgress,
            _ => {
                all.claims += 1;
                let claim = all.claims;
                let row = (Row::Claimed(claim, now + lease), key.content);
                all.rows.insert(name.clone(), row);
                Claim::First(Box::new(MapClaim(self.clone(), name, claim)))
            }
        };
        Box::pin(std::future::ready(Ok(claim)))
    }
}

impl MapClaim {
    fn is_ours(&self, rows: &Rows) -> bool {
        matches!(rows.rows.get(&self.1), Some((Row::Claimed(claim, _), _)) if *claim == self.2)
    }
}

impl ClaimGuard for MapClaim {
    fn finish(self: Box<Self>, _: SystemTime) -> BoxFuture<'static, Result<(), BoxError>> {
        let mut all = self.0.0.lock().unwrap();
        if self.is_ours(&all)
            && let Some(row) = all.rows.get_mut(&self.1)
        {
            row.0 = Row::Handled;
        }
        drop(all);
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Drop for MapClaim {
    fn drop(&mut self) {
        let mut all = self.0.0.lock().unwrap();
        if self.is_ours(&all) {
            all.rows.remove(&self.1);
        }
    }
}

#[tokio::test]
async fn the_suite_for_stores_accepts_our_own_and_a_plain_map() {
    conformance::deduplicate(RecentMessages::new(1000)).await;
    conformance::deduplicate(Map::default()).await;
    conformance::deduplicate(Arc::new(Map::default())).await;
}

/// A store without a lease, as the first description of the trait asked for it.
struct WithoutLease(Map);

impl Deduplicate for WithoutLease {
    fn claim<'a>(
        &'a self,
        key: MessageKey<'a>,
        _: Duration,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<Claim, BoxError>> {
        self.0.claim(key, Duration::from_secs(1 << 40), now)
    }
}

#[tokio::test]
#[should_panic(expected = "ends with its lease")]
async fn the_suite_for_stores_refuses_one_without_a_lease() {
    conformance::deduplicate(WithoutLease(Map::default())).await;
}

fn standard(id: &str, secret: &str, body: &str) -> Request<Body> {
    let request = SignedRequest::new(body.to_owned()).id(id);
    signed(&Scheme::STANDARD_WEBHOOKS, secret, request)
}

const OTHER: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

#[tokio::test]
async fn receivers_that_share_a_store_do_not_use_up_one_anothers_ids() {
    let (notes, store) = (Notes::default(), Map::default());
    let partner = |secret: &str, name: Option<&str>| {
        let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
            .secret(secret)
            .unwrap();
        let receiver = match name {
            Some(name) => receiver.name(name),
            None => receiver,
        };
        app(receiver
            .deduplicate(store.clone())
            .on_event("*", notes.events()))
    };
    for names in [(None, None), (Some("a"), Some("b"))] {
        let (a, b) = (partner(WHSEC, names.0), partner(OTHER, names.1));
        send(&b, standard("msg_7", OTHER, r#"{"type":"of b"}"#)).await;
        send(&a, standard("msg_7", WHSEC, r#"{"type":"of a"}"#)).await;
        send(&a, standard("msg_7", WHSEC, r#"{"type":"of a"}"#)).await;
        assert_eq!(notes.take(), ["of b", "of a"], "{names:?}");
    }
    for receiver in store
        .0
        .lock()
        .unwrap()
        .rows
        .keys()
        .map(|(receiver, _)| receiver)
    {
        assert!(!receiver.contains("whsec"), "{receiver}");
    }
}

/// The tenant's secrets, which change while its messages are on their way.
type Tenants = Arc<Mutex<Vec<&'static str>>>;

async fn named(
    Path(tenant): Path<String>,
    State(all): State<Tenants>,
) -> Result<TenantSecrets, SecretError> {
    let secrets: Result<Vec<_>, _> = all
        .lock()
        .unwrap()
        .iter()
        .map(|one| Secret::new(*one))
        .collect();
    Ok(TenantSecrets::new(tenant, secrets?))
}

#[tokio::test]
async fn a_rotation_between_a_delivery_and_its_retry_is_no_second_handling() {
    let (notes, tenants) = (Notes::default(), Tenants::default());
    tenants.lock().unwrap().push(WHSEC);
    let receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secrets_by(named)
        .unwrap()
        .deduplicate(RecentMessages::new(10))
        .on_event("*", notes.events());
    let app = Router::new()
        .route("/{tenant}", receiver.into())
        .with_state(tenants.clone());
    let deliver = async |tenant: &str, secret: &str| {
        let mut request = standard("msg_1", secret, r#"{"type":"a"}"#);
        *request.uri_mut() = format!("/{tenant}").parse().unwrap();
        send(&app, request).await.status
    };
    assert_eq!(deliver("acme", WHSEC).await, StatusCode::OK);
    tenants.lock().unwrap().insert(0, OTHER);
    assert_eq!(deliver("acme", OTHER).await, StatusCode::OK);
    assert_eq!(notes.take(), ["a"]);
    assert_eq!(deliver("other", OTHER).await, StatusCode::OK);
    assert_eq!(notes.take(), ["a"], "another tenant has ids of its own");
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_hangs_is_stopped_and_its_message_can_come_again() {
    let notes = Notes::default();
    let log = notes.clone();
    let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap();
    let app = app(receiver
        .deduplicate(RecentMessages::new(10))
        .handler_timeout(Duration::from_secs(60))
        .answer_within(Duration::from_secs(3))
        .on_event("a", move || {
            log.add("started");
            std::future::pending::<()>()
        }));
    let deliver = async || {
        send(&app, standard("msg_1", WHSEC, r#"{"type":"a"}"#))
            .await
            .status
    };
    assert_eq!(deliver().await, StatusCode::ACCEPTED);
    assert_eq!(deliver().await, StatusCode::SERVICE_UNAVAILABLE);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(deliver().await, StatusCode::ACCEPTED);
    assert_eq!(notes.take(), ["started", "started"]);
}

#[tokio::test]
async fn a_claim_that_a_killed_process_left_behind_ends() {
    let (notes, store) = (Notes::default(), Map::default());
    let clock = Arc::new(Mutex::new(SystemTime::now()));
    let start = |handler_hangs: bool| {
        let clock = Arc::clone(&clock);
        let notes = notes.clone();
        let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
            .secret(WHSEC)
            .unwrap();
        app(receiver
            .name("payments")
            .clock(move || *clock.lock().unwrap())
            .deduplicate(store.clone())
            .on_event("a", move || {
                notes.add("a");
                async move {
                    if handler_hangs {
                        std::future::pending::<()>().await;
                    }
                }
            }))
    };
    let request = || {
        let now = *clock.lock().unwrap();
        let signer = Scheme::STANDARD_WEBHOOKS
            .signer([Secret::new(WHSEC).unwrap()])
            .unwrap();
        SignedRequest::new(r#"{"type":"a"}"#)
            .url("https://example.com/hook")
            .sign(&signer, now)
    };
    // A process that is killed drops nothing: its request is forgotten as it is.
    let first = start(true);
    let mut killed = Box::pin(async move { send(&first, request()).await });
    assert!(futures_poll(&mut killed).await);
    std::mem::forget(killed);
    assert_eq!(notes.take(), ["a"]);

    let second = start(false);
    assert_eq!(
        send(&second, request()).await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    *clock.lock().unwrap() += Duration::from_secs(331);
    assert_eq!(send(&second, request()).await.status, StatusCode::OK);
    assert_eq!(notes.take(), ["a"]);
}

/// Polls once; true when it waits.
async fn futures_poll<F: Future>(future: &mut std::pin::Pin<Box<F>>) -> bool {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(future.as_mut().poll(context).is_pending())
    })
    .await
}

#[tokio::test]
async fn a_repeat_and_a_refusal_are_told_apart_by_the_extension_of_the_response() {
    use tower::ServiceExt as _;

    let receiver: Receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap();
    let app = app(receiver
        .deduplicate(RecentMessages::new(10))
        .on_event("a", async || ()));
    let reception = async |request: Request<Body>| {
        let response = app.clone().oneshot(request).await.unwrap();
        response.extensions().get::<Reception>().cloned().unwrap()
    };
    let a = || standard("msg_1", WHSEC, r#"{"type":"a"}"#);
    assert_eq!(reception(a()).await, Reception::Handled);
    assert_eq!(reception(a()).await, Reception::Repeat);
    let b = standard("msg_2", WHSEC, r#"{"type":"b"}"#);
    assert_eq!(reception(b).await, Reception::Unhandled);
    let wrong = standard("msg_3", OTHER, r#"{"type":"a"}"#);
    assert_eq!(
        reception(wrong).await,
        Reception::NotAuthenticated(webhooks_receiver::Reason::Mismatch)
    );
    let broken = standard("msg_4", WHSEC, "{");
    assert_eq!(reception(broken).await, Reception::Refused);
}
