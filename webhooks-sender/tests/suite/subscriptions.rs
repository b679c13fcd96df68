//! Subscriptions: made, changed, paused, removed; bad ones refused; static ones compared at each start.

use std::time::Duration;

use webhooks_sender::query::PageRequest;
use webhooks_sender::subscription::SealingKey;
use webhooks_sender::target::TargetError;
use webhooks_sender::testing::{TestSender, TestTransport};
use webhooks_sender::{Error, Secret, Sender, Subscription};

use crate::webhooks::{bare, card_declined, payment, payment_created};

const TARGET: &str = "https://example.com/hook";

async fn sender() -> TestSender {
    Sender::testing()
        .webhooks(bare())
        .start()
        .await
        .expect("a sender")
}

#[tokio::test]
async fn what_cannot_work_is_refused_with_a_text_that_tells_nothing_secret() {
    let sender = sender().await;
    let good = || Subscription::new("acct_1", TARGET).event("*");
    let secret = |text: &str| Secret::new(text).expect("a secret");
    for (wanted, text) in [
        (Subscription::new("acct_1", TARGET), "no event"),
        (good().event("a b"), "a b"),
        (Subscription::new("", TARGET).event("*"), "owner"),
        (good().header("x-a", "hunter2\r\nx-b: 1"), "x-a"),
        (good().header("webhook-id", "1"), "webhook-id"),
        (good().secret(secret("hunter2")), "24 characters"),
        (
            good().secret(secret("whsec_hunter2-is-no-base64-at-all!")),
            "",
        ),
        (good().dialect("unknown"), "unknown"),
        (good().concurrency(0), "pause"),
        (
            Subscription::new("acct_1", "https://example.com/hook#hunter2").event("*"),
            "#",
        ),
    ] {
        let error = sender.operator().subscribe(wanted).await.expect_err(text);
        assert!(error.is_input(), "{error}");
        assert!(
            error.to_string().contains(text) && !error.to_string().contains("hunter2"),
            "{error}"
        );
    }
    let private = Subscription::new("acct_1", "https://169.254.169.254/latest").event("*");
    assert!(matches!(
        sender.operator().subscribe(private).await,
        Err(Error::Target(TargetError::Address))
    ));
    assert!(
        sender
            .operator()
            .subscriptions(None, 10)
            .await
            .expect("a page")
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn a_target_is_stored_as_it_will_be_dialled() {
    let sender = sender().await;
    let stored = async |id| {
        sender
            .operator()
            .subscription(id)
            .await
            .expect("there")
            .target
    };
    let wanted = Subscription::new("acct_1", "https://example.com").event("*");
    let id = sender.operator().subscribe(wanted).await.expect("made").id;
    assert_eq!(stored(&id).await, "https://example.com/");
    let wanted = Subscription::new("acct_1", "HTTPS://EXAMPLE.com:443/../b").event("*");
    sender
        .operator()
        .change(&id, wanted)
        .await
        .expect("changed");
    assert_eq!(stored(&id).await, "https://example.com/b");
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    assert_eq!(sender.requests()[0].target, "https://example.com/b");
}

#[tokio::test]
async fn a_partial_change_keeps_the_rest_and_undoes_nobody_elses() {
    let sender = sender().await;
    let wanted = Subscription::new("acct_1", TARGET)
        .event("*")
        .header("x-own", "1")
        .label("plan", "free");
    let id = sender.operator().subscribe(wanted).await.expect("made").id;
    let mine = sender.operator().subscription(&id).await.expect("there");
    let mut theirs = mine.clone();
    theirs
        .settings
        .labels
        .insert("plan".to_owned(), "pro".to_owned());
    sender
        .operator()
        .change(&id, theirs.into())
        .await
        .expect("changed");
    let late = sender
        .operator()
        .change(&id, mine.into())
        .await
        .expect_err("it would undo theirs");
    assert!(matches!(late, Error::State(_)) && late.is_input(), "{late}");
    let settings = sender
        .operator()
        .subscription(&id)
        .await
        .expect("there")
        .settings;
    assert_eq!(settings.labels["plan"], "pro");
    assert_eq!(settings.headers, [("x-own".to_owned(), "1".to_owned())]);
}

#[tokio::test]
async fn credentials_in_headers_are_sealed_and_masked_and_still_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = crate::outbox::pool(&folder).await;
    let transport = std::sync::Arc::new(TestTransport::default());
    let start = || {
        Sender::new(pool.clone())
            .webhooks(bare())
            .transport(transport.clone())
            .without_engine()
    };
    let key = || SealingKey::new("k1", [7; 32]);
    let keyless = start().start().await.expect("a sender");
    let sender = start().seal_with(key()).start().await.expect("a sender");
    let wanted = Subscription::new("acct_1", TARGET)
        .event("*")
        .header("authorization", "Bearer hunter2");
    assert!(!format!("{wanted:?}").contains("hunter2"));
    let id = sender.operator().subscribe(wanted).await.expect("made").id;
    for text in ["settings", "hex(secrets)", "target"] {
        let sql = format!("SELECT {text} FROM webhooks_subscriptions");
        let column: String = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&pool)
            .await
            .expect("a row");
        // `hunter2` as it is, and in hex.
        assert!(
            !column.contains("hunter2") && !column.contains("68756E74657232"),
            "{text}: {column}"
        );
    }
    sender
        .operator()
        .rotate(&id, Duration::from_mins(1))
        .await
        .expect("rotated");
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    assert_eq!(
        transport.requests()[0].header("authorization"),
        Some("Bearer hunter2")
    );
    let stored = sender.operator().subscription(&id).await.expect("there");
    assert!(
        !format!("{stored:?}").contains("hunter2")
            && format!("{stored:?}").contains("authorization")
    );

    // Without the key it is still looked at, and nothing can be lost by changing it.
    assert!(
        keyless
            .operator()
            .subscription(&id)
            .await
            .expect("there")
            .settings
            .headers
            .is_empty()
    );
    let change = keyless.operator().rotate(&id, Duration::ZERO).await;
    assert!(matches!(change, Err(Error::Sealed(_))), "{change:?}");
}

#[tokio::test]
async fn paused_messages_are_kept_until_it_is_activated() {
    let sender = sender().await;
    let id = sender
        .operator()
        .subscribe(Subscription::new("acct_1", TARGET).event("*"))
        .await
        .expect("made")
        .id;
    sender.operator().pause(&id).await.expect("paused");
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    assert_eq!(sender.deliver().await.expect("nothing"), 0);
    sender.turn(Duration::from_hours(24));
    assert_eq!(sender.deliver().await.expect("nothing"), 0);
    let stats = sender.operator().queue_stats().await.expect("counts");
    assert_eq!(
        (stats.ready, stats.held, stats.oldest_ready),
        (0, 1, None),
        "a pause raises no alarm"
    );
    sender
        .operator()
        .subscribe(Subscription::new("acct_2", TARGET).event("*"))
        .await
        .expect("made");
    sender
        .send("acct_2", payment_created(payment(2)))
        .await
        .expect("sent");
    sender.turn(Duration::from_mins(1));
    let stats = sender.operator().queue_stats().await.expect("counts");
    assert_eq!(
        (stats.ready, stats.held, stats.oldest_ready),
        (1, 1, Some(Duration::from_mins(1)))
    );
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
    sender.operator().activate(&id).await.expect("activated");
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
}

#[tokio::test]
async fn a_change_counts_from_the_next_attempt_on() {
    let sender = sender().await;
    let id = sender
        .operator()
        .subscribe(Subscription::new("acct_1", TARGET).event("*"))
        .await
        .expect("made")
        .id;
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    let elsewhere =
        Subscription::new("acct_1", "https://elsewhere.example.com/").event("payment.card.*");
    sender
        .operator()
        .change(&id, elsewhere)
        .await
        .expect("changed");
    sender
        .send("acct_1", payment_created(payment(2)))
        .await
        .expect("without a subscriber now");
    // What is sent in one millisecond has no order.
    sender.turn(Duration::from_millis(1));
    sender
        .send("acct_1", card_declined(payment(3)))
        .await
        .expect("sent");
    sender.deliver().await.expect("delivered");
    let sent: Vec<_> = sender
        .requests()
        .into_iter()
        .map(|request| (request.target.clone(), request.json()["id"].clone()))
        .collect();
    let target = "https://elsewhere.example.com/".to_owned();
    assert_eq!(sent, [(target.clone(), 1.into()), (target, 3.into())]);
}

#[tokio::test]
async fn a_removed_subscription_gets_nothing_more() {
    let sender = sender().await;
    let id = sender
        .operator()
        .subscribe(Subscription::new("acct_1", TARGET).event("*"))
        .await
        .expect("made")
        .id;
    sender
        .send("acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    sender.operator().unsubscribe(&id).await.expect("removed");
    sender
        .send("acct_1", payment_created(payment(2)))
        .await
        .expect("without a subscriber");
    assert_eq!(sender.deliver().await.expect("nothing"), 0);
    assert!(
        sender
            .operator()
            .subscription(&id)
            .await
            .expect_err("removed")
            .is_not_found()
    );
    assert!(
        sender
            .operator()
            .unsubscribe(&id)
            .await
            .expect_err("removed")
            .is_not_found()
    );
}

#[tokio::test]
async fn subscriptions_go_with_their_owner() {
    let sender = sender().await;
    for number in 0..250 {
        let owner = if number % 2 == 0 { "acct_1" } else { "acct_2" };
        sender
            .operator()
            .subscribe(Subscription::new(owner, TARGET).event("*"))
            .await
            .expect("made");
    }
    assert_eq!(
        sender
            .operator()
            .remove_owner("acct_1")
            .await
            .expect("removed"),
        125
    );
    assert_eq!(
        sender
            .operator()
            .remove_owner("acct_1")
            .await
            .expect("nothing left"),
        0
    );
    assert_eq!(
        sender
            .operator()
            .subscriptions(None, 1000)
            .await
            .expect("a page")
            .items
            .len(),
        125
    );
}

#[tokio::test]
async fn pages_go_through_everything_once() {
    let sender = sender().await;
    for _ in 0..25 {
        sender
            .operator()
            .subscribe(Subscription::new("acct_1", TARGET).event("*"))
            .await
            .expect("made");
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = sender
            .operator()
            .subscriptions(Some("acct_1"), PageRequest::first(10).after(after.clone()))
            .await
            .expect("a page");
        seen.extend(page.items.into_iter().map(|subscription| subscription.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let count = seen.len();
    seen.dedup();
    assert!(seen.is_sorted() && seen.len() == 25 && count == 25);
}

#[tokio::test]
async fn a_test_event_reaches_a_subscription_that_wants_something_else() {
    let sender = sender().await;
    let id = sender
        .operator()
        .subscribe(Subscription::new("acct_1", TARGET).event("payment.created"))
        .await
        .expect("made")
        .id;
    sender.operator().send_test(&id).await.expect("sent");
    sender.deliver().await.expect("delivered");
    sender.assert_sent("webhooks.test", TARGET, 1);
}
