//! A target proves that it wants the messages, before the first of them and after it was exchanged.

use std::time::Duration;

use webhooks_sender::database::Database;
use webhooks_sender::job::{JobFilter, JobKind, JobState};
use webhooks_sender::query::AuditFilter;
use webhooks_sender::subscription::{SubscriptionState, Verification};
use webhooks_sender::testing::{TestAnswer, TestRequest, TestSender};
use webhooks_sender::{
    Error, Sender, SenderBuilder, StateError, Subscription, SubscriptionRequest,
};

use crate::jobs::{TARGET, on_both};
use crate::webhooks::{bare, payment, payment_created};

on_both! {
    nothing_is_sent_before_the_proof_and_everything_after_it(nothing_before_the_proof_on_postgres);
    a_target_that_proves_nothing_is_refused_and_may_be_asked_again(a_refused_target_on_postgres);
}

async fn kit<D: Database>(builder: SenderBuilder<D>) -> TestSender<D> {
    let builder = builder.webhooks(bare()).origin("events.example.com");
    builder.testing().start().await.expect("a sender")
}

fn request(verification: Verification) -> SubscriptionRequest {
    let request = SubscriptionRequest::new(TARGET).event("*");
    request.verification(verification)
}

async fn send<D: Database>(sender: &TestSender<D>) {
    let message = payment_created(payment(1));
    sender.send("acct_1", message).await.expect("sent");
}

mod tests {
    use super::*;

    pub(super) async fn nothing_is_sent_before_the_proof_and_everything_after_it<D: Database>(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        let wanted = request(Verification::CloudEvents);
        let id = account
            .subscribe(wanted.clone())
            .await
            .expect("subscribed")
            .id;
        let state = async || account.subscription(&id).await.expect("there").state;
        assert_eq!(state().await, SubscriptionState::Unverified);
        send(&sender).await;
        sender.answer(TestAnswer::status(200));
        sender.deliver().await.expect("asked");
        let asked = sender.take_requests();
        assert_eq!(asked.len(), 1, "only the question: {asked:?}");
        assert_eq!(asked[0].method, "OPTIONS");
        assert_eq!(
            asked[0].header("webhook-request-origin"),
            Some("events.example.com")
        );
        assert_eq!(state().await, SubscriptionState::Unverified);
        let switched_on = account.activate(&id).await;
        let unverified = StateError::Unverified;
        assert!(
            matches!(switched_on, Err(Error::State(error)) if error == unverified),
            "{switched_on:?}"
        );

        sender.turn(Duration::from_secs(5));
        sender
            .answer(TestAnswer::status(200).header("webhook-allowed-origin", "events.example.com"));
        sender.deliver().await.expect("asked");
        assert_eq!(state().await, SubscriptionState::Active);
        sender.deliver().await.expect("delivered");
        let requests = sender.take_requests();
        let methods: Vec<_> = requests.iter().map(|one| one.method.as_str()).collect();
        assert_eq!(methods, ["OPTIONS", "POST"], "what was kept is sent");
        let filter = JobFilter::new().kind(JobKind::Verification);
        let job = account
            .jobs(filter, 1)
            .await
            .expect("a page")
            .items
            .remove(0);
        assert_eq!(
            (job.state, job.subscription),
            (JobState::Finished, Some(id.clone()))
        );

        // Another target must prove itself; another description need not.
        let described = wanted.clone().description("the CRM");
        account.change(&id, described).await.expect("changed");
        assert_eq!(state().await, SubscriptionState::Active);
        let elsewhere = SubscriptionRequest::new("https://other.example.com/").event("*");
        account.change(&id, elsewhere).await.expect("changed");
        assert_eq!(
            state().await,
            SubscriptionState::Unverified,
            "the proof cannot be left out"
        );
        send(&sender).await;
        let allowed = TestAnswer::status(204).header("webhook-allowed-origin", "*");
        sender.answer(allowed);
        sender.deliver().await.expect("asked");
        sender.deliver().await.expect("delivered");
        assert_eq!(sender.requests_to("https://other.example.com/").len(), 2);
        assert_eq!(sender.requests_to(TARGET).len(), 0);
    }

    pub(super) async fn a_target_that_proves_nothing_is_refused_and_may_be_asked_again<
        D: Database,
    >(
        builder: SenderBuilder<D>,
    ) {
        let sender = kit(builder).await;
        let account = sender.of("acct_1");
        sender.answer_at(TARGET, TestAnswer::status(403));
        let id = account.subscribe(request(Verification::Challenge)).await;
        let id = id.expect("subscribed").id;
        let mut asked = 0;
        for _ in 0..1000 {
            sender.deliver().await.expect("asked");
            asked += sender.take_requests().len();
            sender.turn(Duration::from_mins(1));
        }
        assert_eq!(asked, 5);
        let stored = async || account.subscription(&id).await.expect("there");
        assert_eq!(stored().await.state, SubscriptionState::Refused);
        let jobs = account
            .jobs(Some(JobState::Failed), 10)
            .await
            .expect("a page");
        assert_eq!(jobs.items.len(), 1);
        let reason = jobs.items[0].reason.as_deref();
        assert_eq!(reason, Some("the target answered 403"));
        send(&sender).await;
        sender.deliver().await.expect("nothing");
        assert_eq!(sender.requests().len(), 0, "it gets nothing");

        account.verify(&id).await.expect("asked again");
        let asked = AuditFilter::new().action("subscription.verification_started");
        let trail = account.audit(&asked, 10).await.expect("a page");
        assert_eq!(trail.items.len(), 1);
        assert_eq!(stored().await.state, SubscriptionState::Unverified);
        sender.deliver().await.expect("asked");
        let challenge = sender.take_requests().remove(0);
        assert!(
            challenge.header("webhook-signature").is_some(),
            "it is signed"
        );
        assert_eq!(challenge.event(), Some("url_verification"));
        // Answered as text; the same answer is given to the same challenge only.
        sender.turn(Duration::from_secs(5));
        sender.answer(answered(&challenge));
        sender.deliver().await.expect("asked");
        assert_eq!(
            stored().await.state,
            SubscriptionState::Unverified,
            "an old challenge"
        );
        crate::accounts::not_found("verify", sender.of("acct_2").verify(&id).await);
        account.unsubscribe(&id).await.expect("removed");
    }
}

fn answered(challenge: &TestRequest) -> TestAnswer {
    let text = challenge.json()["challenge"]
        .as_str()
        .expect("a text")
        .to_owned();
    TestAnswer::status(200).body(text)
}

#[tokio::test]
async fn the_senders_own_choice_counts_for_accounts_that_name_none() {
    let sender = Sender::testing().webhooks(bare());
    let sender = sender.set(|builder| builder.verification(Verification::HookSecret));
    let sender = sender.start().await.expect("a sender");
    let account = sender.of("acct_1");
    let request = SubscriptionRequest::new(TARGET).event("*");
    let subscribed = account.subscribe(request).await.expect("subscribed");
    sender.deliver().await.expect("asked");
    let asked = sender.take_requests().remove(0);
    let secret = subscribed.secret.expect("a secret");
    assert_eq!(asked.header("x-hook-secret"), Some(secret.expose()));
    assert_eq!((asked.method.as_str(), asked.body.len()), ("POST", 0));
    sender.turn(Duration::from_secs(5));
    sender.answer(TestAnswer::status(200).header("x-hook-secret", secret.expose()));
    sender.deliver().await.expect("asked");
    let stored = account.subscription(&subscribed.id).await.expect("there");
    assert_eq!(stored.state, SubscriptionState::Active);
    let again = account.verify(&subscribed.id).await;
    let nothing = StateError::NothingToVerify;
    assert!(
        matches!(again, Err(Error::State(error)) if error == nothing),
        "{again:?}"
    );
    // The operator says itself what is to be proved.
    let wanted = Subscription::new("acct_1", TARGET).event("*");
    let id = sender
        .operator()
        .subscribe(wanted)
        .await
        .expect("subscribed")
        .id;
    let stored = account.subscription(&id).await.expect("there");
    assert_eq!(stored.state, SubscriptionState::Active);
}

#[tokio::test]
async fn a_proof_that_cannot_be_asked_for_is_refused_when_subscribing() {
    let sender = Sender::testing().webhooks(bare());
    let sender = sender.set(crate::webhooks::with_rest_hooks).start().await;
    let sender = sender.expect("a sender");
    let wanted = |verification| {
        let wanted = Subscription::new("acct_1", TARGET).event("pinged");
        wanted.verification(verification)
    };
    let unsigned = |verification| wanted(verification).dialect("rest-hooks");
    for (wanted, text) in [
        (wanted(Verification::CloudEvents), "SenderBuilder::origin"),
        (unsigned(Verification::HookSecret), "signs nothing"),
        (unsigned(Verification::Challenge), "signs nothing"),
    ] {
        let refused = sender.operator().subscribe(wanted).await;
        let error = refused.expect_err(text).to_string();
        assert!(error.contains(text), "{error}");
    }
    for bad in ["", "https://events.example.com", "a b"] {
        let folder = tempfile::tempdir().expect("a folder");
        let builder = Sender::open(folder.path().join("w.db")).origin(bad);
        let error = builder.start().await.expect_err(bad).to_string();
        assert!(error.contains("DNS name"), "{error}");
    }
}
