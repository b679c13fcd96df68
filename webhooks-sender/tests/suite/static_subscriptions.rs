//! Static subscriptions: compared with the store at each start, from code and from a configuration file.

use std::path::Path;

use webhooks_sender::database::Database;
use webhooks_sender::query::DeliveryFilter;
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::subscription::{StaticSubscriptions, StoredSubscription, SubscriptionState};
use webhooks_sender::testing::{TestAnswer, TestTransport};
use webhooks_sender::{Error, Secret, Sender, SenderBuilder, Sqlite, StateError, Subscription};

use crate::webhooks::{bare, payment, payment_created};

fn wanted(target: &str) -> Subscription {
    owned_by("acct_1", target)
}

fn owned_by(owner: &str, target: &str) -> Subscription {
    let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
    Subscription::new(owner, target).event("*").secret(secret)
}

fn builder(path: &Path) -> SenderBuilder<Sqlite> {
    Sender::open(path)
        .webhooks(bare())
        .transport(TestTransport::default())
        .without_engine()
}

/// What is stored behind a start with these, by key.
async fn start(
    builder: SenderBuilder<Sqlite>,
    configured: &[(&str, Subscription)],
) -> Vec<StoredSubscription> {
    let builder = configured.iter().fold(
        builder.without_static_subscriptions(),
        |builder, (key, wanted)| builder.subscription(*key, wanted.clone()),
    );
    let sender = builder.start().await.expect("a sender");
    let stored = stored(&sender).await;
    sender.shut_down().await;
    stored
}

async fn stored<D: Database>(sender: &Sender<D>) -> Vec<StoredSubscription> {
    let mut stored = sender
        .operator()
        .subscriptions(None, 100)
        .await
        .expect("a page")
        .items;
    stored.sort_by(|one, other| one.key.cmp(&other.key));
    stored
}

#[tokio::test]
async fn they_are_added_changed_switched_off_and_brought_back_under_the_same_id() {
    let folder = tempfile::tempdir().expect("a folder");
    let builder = || builder(&folder.path().join("w.db"));
    let (a, b) = (
        ("a", wanted("https://a.example.com/")),
        ("b", wanted("https://b.example.com/")),
    );
    let first = start(builder(), &[a.clone(), b.clone()]).await;
    assert_eq!(first.len(), 2);
    let again = start(builder(), &[b.clone(), a.clone()]).await;
    assert_eq!(again, first, "nothing has changed, so nothing is written");

    let changed = ("a", wanted("https://a2.example.com/"));
    let second = start(builder(), std::slice::from_ref(&changed)).await;
    assert_eq!(second[0].target, "https://a2.example.com/");
    assert_eq!(second[1].state, SubscriptionState::Retired);
    assert_eq!((&first[0].id, &first[1].id), (&second[0].id, &second[1].id));
    let third = start(builder(), &[changed, b]).await;
    assert_eq!(third[1].state, SubscriptionState::Active, "back again");

    let silent = builder()
        .start()
        .await
        .expect("a sender that says nothing about them");
    assert_eq!(stored(&silent).await, third);
}

#[tokio::test]
async fn pausing_does_not_hide_that_the_configuration_has_a_subscription_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let builder = || builder(&folder.path().join("w.db"));
    start(builder(), &[("a", wanted("https://a.example.com/"))]).await;
    let builder = builder().without_static_subscriptions();
    let sender = builder.start().await.expect("a sender");
    let id = stored(&sender).await.remove(0).id;
    let refused = sender.operator().pause(&id).await;
    assert!(
        matches!(refused, Err(Error::State(StateError::SwitchedOff))),
        "{refused:?}"
    );
    assert_eq!(stored(&sender).await[0].state, SubscriptionState::Retired);
    let sent = sender.send("acct_1", payment_created(payment(1))).await;
    assert_eq!(sent.expect("sent").deliveries, Some(0), "none is kept");
}

#[tokio::test]
async fn what_the_configuration_has_no_more_keeps_its_history_and_gets_nothing_new() {
    let folder = tempfile::tempdir().expect("a folder");
    let builder = || builder(&folder.path().join("w.db"));
    let sender = builder()
        .subscription("a", wanted("https://a.example.com/"))
        .start()
        .await
        .expect("a sender");
    let sent = sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    sender.shut_down().await;

    let sender = builder()
        .without_static_subscriptions()
        .start()
        .await
        .expect("a sender");
    let delivery = sender
        .operator()
        .deliveries(&DeliveryFilter::new().message(sent.id.clone()), 1)
        .await
        .expect("deliveries")
        .items
        .remove(0);
    assert_eq!(
        sender
            .operator()
            .attempts(&delivery.id)
            .await
            .expect("attempts")
            .len(),
        1
    );
    sender
        .send("acct_1", payment_created(payment(2)))
        .await
        .expect("without a subscriber");
    assert_eq!(sender.deliver().await.expect("nothing"), 0);
}

#[tokio::test]
async fn a_change_brings_back_what_failures_had_switched_off_and_no_change_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let transport = std::sync::Arc::new(TestTransport::default());
    let builder = || builder(&folder.path().join("w.db")).transport(transport.clone());
    let gone = builder()
        .retries(RetrySchedule::new([]))
        .subscription("a", wanted("https://a.example.com/"));
    let gone = gone.start().await.expect("a sender");
    gone.send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    transport.answer(TestAnswer::status(410));
    gone.deliver().await.expect("delivered");
    gone.shut_down().await;
    let same = start(builder(), &[("a", wanted("https://a.example.com/"))]).await;
    assert_eq!(same[0].state, SubscriptionState::Gone);
    let moved = start(builder(), &[("a", wanted("https://moved.example.com/"))]).await;
    assert_eq!(moved[0].state, SubscriptionState::Active);

    let paused = builder().start().await.expect("a sender");
    paused.operator().pause(&moved[0].id).await.expect("paused");
    let kept = start(builder(), &[("a", wanted("https://again.example.com/"))]).await;
    assert_eq!(
        kept[0].state,
        SubscriptionState::Paused,
        "what a person has paused stays so"
    );
}

/// Ten processes with the same configuration, concurrently.
pub(crate) async fn start_at_once<D: Database>(builder: impl Fn() -> SenderBuilder<D>) {
    let starts = (0..10).map(|_| {
        let builder = builder()
            .webhooks(bare())
            .transport(TestTransport::default())
            .without_engine();
        let builder = builder.subscription("a", wanted("https://a.example.com/"));
        tokio::spawn(
            builder
                .subscription("b", wanted("https://b.example.com/"))
                .start(),
        )
    });
    let starts: Vec<_> = starts.collect();
    for start in starts {
        let sender = start.await.expect("it does not panic").expect("a sender");
        let keys: Vec<_> = stored(&sender)
            .await
            .into_iter()
            .filter_map(|stored| stored.key)
            .collect();
        assert_eq!(keys, ["a", "b"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_once_agree_on_them() {
    let folder = tempfile::tempdir().expect("a folder");
    start_at_once(|| Sender::open(folder.path().join("w.db"))).await;
}

#[tokio::test]
async fn a_configuration_file_is_the_same_as_code() {
    let secret = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(secret.path(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").expect("written");
    let text = format!(
        r#"
            [a]
            owner = "acct_1"
            target = "https://a.example.com/"
            events = ["*"]
            secret = {{ file = '{}' }}
        "#,
        secret.path().display()
    );
    let configured: StaticSubscriptions = toml::from_str(&text).expect("it can be read");
    let folder = tempfile::tempdir().expect("a folder");
    let builder = || builder(&folder.path().join("w.db"));
    let from_code = start(builder(), &[("a", wanted("https://a.example.com/"))]).await;
    let sender = builder()
        .static_subscriptions(configured.clone())
        .start()
        .await
        .expect("a sender");
    assert_eq!(stored(&sender).await, from_code);
    sender.shut_down().await;

    let sender = builder()
        .static_subscriptions(StaticSubscriptions::default())
        .start()
        .await
        .expect("a sender");
    assert_eq!(
        stored(&sender).await[0].state,
        SubscriptionState::Retired,
        "an empty list is a list"
    );
    sender.shut_down().await;

    secret.close().expect("removed");
    let error = builder()
        .static_subscriptions(configured)
        .start()
        .await
        .expect_err("the file is gone");
    assert!(
        matches!(&error, Error::Settings(text) if text.contains("`a`")),
        "{error}"
    );
}

#[tokio::test]
async fn what_cannot_work_is_refused_with_its_key() {
    let unsigned = wanted("https://a.example.com/")
        .dialect("rest-hooks-signed")
        .event("payment.created");
    for (configured, text) in [
        (
            vec![(
                "a",
                Subscription::new("acct_1", "https://a.example.com/").event("*"),
            )],
            "`a` has no secret",
        ),
        (
            vec![("a", wanted("http://a.example.com/"))],
            "`a`: the target must begin with `https://`",
        ),
        (
            vec![("a", wanted("https://a.example.com/").dialect("acme"))],
            "`a`: ",
        ),
        (
            vec![("a", wanted("https://a.example.com/").event("no event"))],
            "`a`: ",
        ),
        (
            vec![("a", wanted("https://a.example.com/").owner(""))],
            "`a`: an owner has",
        ),
        (
            vec![("", wanted("https://a.example.com/"))],
            "the key of a static subscription",
        ),
        (vec![("a", unsigned)], "one subscription per event"),
        (
            vec![
                ("a", wanted("https://a.example.com/")),
                ("a", wanted("https://b.example.com/")),
            ],
            "the key `a`",
        ),
    ] {
        let sender = Sender::testing().webhooks(bare()).set(|builder| {
            configured
                .into_iter()
                .fold(builder, |builder, (key, wanted)| {
                    builder.subscription(key, wanted)
                })
        });
        let error = sender.start().await.expect_err(text);
        assert!(
            matches!(&error, Error::Settings(found) if found.contains(text)),
            "{text}: {error}"
        );
    }
    let folder = tempfile::tempdir().expect("a folder");
    start(
        builder(&folder.path().join("w.db")),
        &[("a", wanted("https://a.example.com/"))],
    )
    .await;
    let other = builder(&folder.path().join("w.db"))
        .subscription("a", owned_by("acct_2", "https://a.example.com/"));
    let error = other.start().await.expect_err("another owner").to_string();
    assert!(
        error.contains("`a`") && error.contains("another owner"),
        "{error}"
    );
}
