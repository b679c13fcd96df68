//! `#[on]` at run time: what an attributed function or impl block is to a receiver and to a unit test.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use axum::extract::{FromRef, State};
use axum::http::HeaderMap;
use serde_json::json;
use support::{Notes, SECRET, WHSEC};
use webhooks_core::{whpost, whroute, whview};
use webhooks_receiver::{Provider, Received, Receiver, SetupError, on};

#[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
struct Payment {
    amount: u64,
}

#[on("payment.created", "payment.updated")]
async fn paid(mut payment: Payment, State(notes): State<Notes>) -> Result<(), String> {
    payment.amount += 1;
    if payment.amount == 1 {
        return Err("nothing".to_owned());
    }
    notes.add(format!("paid {}", payment.amount));
    Ok(())
}

#[on("payment.*")]
async fn payments(message: Received<Payment>, State(notes): State<Notes>, headers: HeaderMap) {
    notes.add(format!(
        "{} {} {}",
        message.event(),
        message.data.amount,
        headers.len() > 2
    ));
}

#[on("*")]
async fn any(message: Received, State(notes): State<Notes>) {
    notes.add(format!("any {}", message.event()));
}

#[on("ping")]
async fn ping() {}

fn receiver<S: 'static>() -> Receiver<S> {
    Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(WHSEC)
        .unwrap()
}

#[tokio::test]
async fn an_attributed_function_is_called_for_its_events() {
    let notes = Notes::default();
    let mut test = receiver()
        .on(paid)
        .on(payments)
        .on(any)
        .on(ping)
        .testing(notes.clone());
    test.send("payment.updated", json!({ "amount": 4 }))
        .await
        .assert_status(200)
        .assert_handled_by("on::paid");
    assert_eq!(
        notes.take(),
        ["paid 5", "payment.updated 4 true", "any payment.updated"]
    );
    test.send("ping", json!({}))
        .await
        .assert_handled_by("ping")
        .assert_handled_by("any");
    test.send("payment.created", json!({ "amount": 0 }))
        .await
        .assert_status(500);
}

#[tokio::test]
async fn an_attributed_function_can_be_called_awaited_and_spawned() {
    let notes = Notes::default();
    paid(Payment { amount: 2 }, State(notes.clone()))
        .await
        .unwrap();
    assert!(
        paid(Payment { amount: 0 }, State(notes.clone()))
            .await
            .is_err()
    );
    tokio::spawn(paid(Payment { amount: 3 }, State(notes.clone())))
        .await
        .unwrap()
        .unwrap();
    ping().await;
    assert_eq!(notes.take(), ["paid 3", "paid 4"]);
}

#[tokio::test]
async fn an_attributed_function_can_be_given_other_events() {
    let notes = Notes::default();
    let mut test = receiver().on_event("legacy", any).testing(notes.clone());
    test.send("legacy", json!({})).await.assert_status(200);
    test.send("other", json!({})).await.assert_status(204);
}

#[derive(Clone)]
struct App(Notes, u8);

impl FromRef<App> for Notes {
    fn from_ref(app: &App) -> Self {
        app.0.clone()
    }
}

impl FromRef<App> for u8 {
    fn from_ref(app: &App) -> Self {
        app.1
    }
}

#[on("payment.created")]
async fn two_states(_: Payment, State(notes): State<Notes>, State(number): State<u8>) {
    notes.add(number.to_string());
}

#[tokio::test]
async fn parts_of_the_state_are_extracted_like_in_any_axum_handler() {
    let notes = Notes::default();
    let mut test = receiver()
        .on(two_states)
        .on(any)
        .testing(App(notes.clone(), 7));
    test.send("payment.created", json!({ "amount": 1 }))
        .await
        .assert_status(200);
    assert_eq!(notes.take(), ["7", "any payment.created"]);
}

struct Hooks {
    greeting: &'static str,
}

#[on]
impl Hooks {
    const MARK: &'static str = "!";

    /// Greets.
    #[on("user.created", "user.invited")]
    async fn greet(&self, user: String, State(notes): State<Notes>) -> Result<(), String> {
        notes.add(self.line(&user));
        Ok(())
    }

    #[on("user.*")]
    async fn all(message: Received, State(notes): State<Notes>) {
        notes.add(message.event());
    }

    #[on("ping")]
    async fn ping(&self) {}

    fn line(&self, user: &str) -> String {
        format!("{} {user}{}", self.greeting, Self::MARK)
    }
}

#[tokio::test]
async fn the_methods_of_a_block_are_handlers_that_share_its_value() {
    let notes = Notes::default();
    let mut test = receiver()
        .on(Hooks { greeting: "hello" })
        .testing(notes.clone());
    test.send("user.created", "ann")
        .await
        .assert_handled_by("Hooks::greet")
        .assert_handled_by("Hooks::all");
    assert_eq!(notes.take(), ["hello ann!", "user.created"]);
    test.send("ping", json!({})).await.assert_status(200);
    Hooks { greeting: "hi" }
        .greet("bob".to_owned(), State(notes.clone()))
        .await
        .unwrap();
    assert_eq!(notes.take(), ["hi bob!"]);
}

struct Stored<T>(T);

#[on]
impl<T: std::fmt::Debug + Send + Sync + 'static> Stored<T> {
    #[on("a")]
    async fn show(&self, _: serde_json::Value, State(notes): State<Notes>) {
        notes.add(format!("{:?}", self.0));
    }
}

#[tokio::test]
async fn a_block_can_be_generic() {
    let notes = Notes::default();
    let mut test = receiver()
        .on(Stored(1_u8))
        .on(Stored("text"))
        .testing(notes.clone());
    test.send("a", json!({})).await.assert_status(200);
    assert_eq!(notes.take(), ["1", "\"text\""]);
}

#[whpost("payment.created")]
async fn payment_created(data: Payment);

#[whpost("note.taken")]
async fn note_taken(text: &str);

#[whroute("payment.synced", methods = ["GET", "PUT"])]
async fn synced(data: Option<Payment>);

struct PaymentWebhook;

#[whview(prefix = "refund")]
impl PaymentWebhook {
    #[whpost("created")]
    async fn created(&self, data: Payment);

    #[whpost("closed")]
    async fn closed(&self);
}

mod declared {
    use super::*;

    #[on(payment_created)]
    pub(super) async fn of_function(payment: Payment, State(notes): State<Notes>) {
        notes.add(format!("function {}", payment.amount));
    }

    #[on(PaymentWebhook::created, payment_created, "refund.booked")]
    pub(super) async fn of_method(payment: Received<Payment>, State(notes): State<Notes>) {
        notes.add(format!("{} {}", payment.event(), payment.data.amount));
    }

    #[on(PaymentWebhook::closed)]
    pub(super) async fn without_payload() {}

    #[on(payment_created, PaymentWebhook::created)]
    pub(super) async fn unread(_: Received) {}

    #[on(note_taken)]
    pub(super) async fn owned(_: String) {}

    #[on(synced)]
    pub(super) async fn optional(_: Option<Payment>) {}

    #[on(synced)]
    pub(super) async fn required(_: Payment) {}
}

struct Books;

#[on]
impl Books {
    #[on(payment_created)]
    async fn book(&self, payment: Payment, State(notes): State<Notes>) {
        notes.add(format!("book {}", payment.amount));
    }
}

#[tokio::test]
async fn a_declared_webhook_names_the_event() {
    let notes = Notes::default();
    let mut test = receiver()
        .on(declared::of_function)
        .on(declared::of_method)
        .on(declared::without_payload)
        .on(declared::unread)
        .on(declared::owned)
        .on(declared::optional)
        .on(declared::required)
        .on(Books)
        .testing(notes.clone());
    test.send("payment.created", json!({ "amount": 1 }))
        .await
        .assert_status(200);
    test.send("refund.created", json!({ "amount": 2 }))
        .await
        .assert_status(200);
    test.send("refund.booked", json!({ "amount": 3 }))
        .await
        .assert_status(200);
    test.send("refund.closed", json!({}))
        .await
        .assert_handled_by("without_payload");
    test.send("note.taken", "text")
        .await
        .assert_handled_by("owned");
    test.send("payment.synced", json!({ "amount": 4 }))
        .await
        .assert_handled_by("required");
    assert_eq!(
        notes.take(),
        [
            "function 1",
            "payment.created 1",
            "book 1",
            "refund.created 2",
            "refund.booked 3"
        ]
    );
}

mod collected {
    use super::*;

    #[on("push", receiver = "github", state = Notes)]
    async fn second(_: Received, State(notes): State<Notes>) {
        notes.add("second");
    }

    #[on("push", receiver = "github", state = Notes)]
    async fn first(_: Received, State(notes): State<Notes>) {
        notes.add("first");
    }

    #[on("push", receiver = "gitlab", state = Notes)]
    async fn of_another(_: Received, State(notes): State<Notes>) {
        notes.add("gitlab");
    }

    #[on("push", receiver = "stateless")]
    async fn without_state() {}
}

#[tokio::test]
async fn functions_are_collected_by_key_and_state_in_the_order_of_their_names() {
    let notes = Notes::default();
    let github = Receiver::<Notes>::new(Provider::GITHUB)
        .secret(SECRET)
        .unwrap();
    let mut test = github.collect("github").unwrap().testing(notes.clone());
    test.send("push", json!({})).await.assert_status(200);
    assert_eq!(notes.take(), ["first", "second"]);
    let stateless = Receiver::<()>::new(Provider::GITHUB)
        .secret(SECRET)
        .unwrap();
    let mut test = stateless.collect("stateless").unwrap().testing(());
    test.send("push", json!({}))
        .await
        .assert_handled_by("without_state");
}

#[test]
fn collecting_nothing_is_an_error_that_says_what_there_is() {
    let collect = |key: &str| {
        let receiver = Receiver::<u8>::new(Provider::GITHUB)
            .secret(SECRET)
            .unwrap();
        receiver
            .collect(key)
            .err()
            .map(|error: SetupError| error.to_string())
            .unwrap()
    };
    let unknown = collect("githubs");
    assert!(unknown.contains("`receiver = \"githubs\"`"), "{unknown}");
    assert!(
        unknown.contains("`github`, `gitlab`, `stateless`"),
        "{unknown}"
    );
    let other = collect("github");
    assert!(
        other.contains("have another state than `u8`: `on::support::Notes`"),
        "{other}"
    );
}
