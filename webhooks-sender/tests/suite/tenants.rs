//! The matrix of tenants: each call of one account, with the ids of another.

use std::time::{Duration, SystemTime};

use serde_json::json;
use webhooks_sender::Account;
use webhooks_sender::database::Database;
use webhooks_sender::id::{DeliveryId, MessageId, SubscriptionId};
use webhooks_sender::job::{BulkRetry, Replay, ReplayId};
use webhooks_sender::query::{
    AttemptFilter, AuditFilter, DeliveryFilter, MessageFilter, Period, Poll, SubscriptionFilter,
};

use crate::accounts::{not_found, request, sender, things};

/// Everything that an owner could see change, as text.
async fn snapshot<D: Database>(account: &Account<D>) -> String {
    let subscriptions = account.subscriptions(None, 100).await.expect("a page");
    let messages = account.messages(None, 100).await.expect("a page");
    let deliveries = account.deliveries(&DeliveryFilter::new(), 100).await;
    let attempts = account.find_attempts(&AttemptFilter::new(), 100).await;
    let jobs = account.jobs(None, 100).await.expect("a page");
    let trail = account
        .audit(&AuditFilter::new(), 100)
        .await
        .expect("a page");
    format!(
        "{subscriptions:?} {messages:?} {:?} {:?} {jobs:?} {trail:?}",
        deliveries.expect("a page"),
        attempts.expect("a page")
    )
}

#[tokio::test]
async fn an_id_of_another_owner_is_not_found_and_nothing_is_changed() {
    let sender = sender().await;
    let ids = things(&sender, "a").await;
    let (a, b) = (sender.of("a"), sender.of("b"));
    let own = b.subscribe(request()).await.expect("subscribed").id;
    let job = a.replay(&ids.subscription, Replay::all().dry_run()).await;
    let job = job.expect("a job").id;
    let (short, long) = (Duration::from_mins(1), Duration::from_hours(1));
    let grant = a.grant("view", short, long).await.expect("a grant");
    let attempt = a.attempts(&ids.delivery).await.expect("attempts")[0]
        .id
        .clone();
    let kept = a.keep("crm", request()).await.expect("kept").id;
    let before = snapshot(&a).await;
    let (id, delivery, message) = (&ids.subscription, &ids.delivery, &ids.message);
    let epoch = SystemTime::UNIX_EPOCH;

    not_found("subscription", b.subscription(id).await);
    not_found("change", b.change(id, request()).await);
    not_found("poll", b.poll(id, Poll::new()).await);
    not_found("kept", b.kept("crm").await);
    let other = b.keep("crm", request()).await.expect("its own");
    assert!(!other.repeated && other.id != kept, "keys are the owner's");
    not_found("pause", b.pause(id).await);
    not_found("activate", b.activate(id).await);
    not_found("verify", b.verify(id).await);
    not_found("rotate", b.rotate(id, Duration::ZERO).await);
    not_found("end_grace", b.end_grace(id).await);
    not_found("unsubscribe", b.unsubscribe(id).await);
    not_found("send_test", b.send_test(id).await);
    let payload = json!({"id": 1, "amount": 2});
    let example = b.send_example(id, "payment.created", &payload).await;
    not_found("send_example", example);
    not_found("replay", b.replay(id, Replay::failed()).await);
    let retry = BulkRetry::failed().subscription(id.clone());
    not_found("retry_all", b.retry_all(retry).await);
    not_found("missed", b.missed(id, epoch, 10).await);
    let period = Period::new(sender.now() - long, sender.now(), short);
    let period = period.expect("a period");
    not_found("statistics", b.statistics(id, period).await);
    not_found("message", b.message(message).await);
    not_found(
        "replay_message",
        b.replay_message(message, ReplayId::Same).await,
    );
    not_found("erase_message", b.erase_message(message).await);
    not_found(
        "resend",
        b.resend(message, std::slice::from_ref(&own)).await,
    );
    not_found("delivery", b.delivery(delivery).await);
    not_found("retry", b.retry(delivery).await);
    not_found("cancel", b.cancel(delivery).await);
    not_found("attempt", b.attempt(&attempt).await);
    not_found("rebuilt_request", b.rebuilt_request(&attempt).await);
    not_found("job", b.job(&job).await);
    not_found("cancel_job", b.cancel_job(&job).await);
    let mut transaction = sender.begin().await.expect("a transaction");
    let changed = b.change_in(&mut transaction, id, request()).await;
    not_found("change_in", changed);
    transaction.commit().await.expect("nothing");
    assert!(!b.revoke_grant(&grant.id).await.expect("nothing"));
    assert_eq!(b.revoke_grants().await.expect("nothing"), 0);
    assert!(sender.offered(&grant.code).await.expect("asked").is_some());
    // Its own message to another's subscription.
    let sent = sender.send(
        "b",
        crate::webhooks::payment_created(crate::webhooks::payment(2)),
    );
    let sent = sent.await.expect("sent").id;
    not_found("resend to", b.resend(&sent, std::slice::from_ref(id)).await);

    nothing_in_lists(&b, (id, message, delivery)).await;
    assert_eq!(snapshot(&a).await, before, "nothing was changed");
    // And a made-up id answers the same.
    let made_up = SubscriptionId::new(epoch, [7; 10]);
    not_found("made up", b.pause(&made_up).await);
}

/// Lists have nothing of another owner's, as if its ids were made up.
async fn nothing_in_lists<D: Database>(
    b: &Account<D>,
    (id, message, delivery): (&SubscriptionId, &MessageId, &DeliveryId),
) {
    assert_eq!(b.attempts(delivery).await.expect("a list"), []);
    let page = b.attempts_to(id, 10).await.expect("a page");
    assert_eq!((page.items.len(), page.next), (0, None));
    for filter in [
        DeliveryFilter::new().message(message.clone()),
        DeliveryFilter::new().subscription(id.clone()),
        DeliveryFilter::new().subscription(id.clone()).ended(),
        DeliveryFilter::of(MessageFilter::new().owner("a")),
    ] {
        let page = b.deliveries(&filter, 10).await.expect("a page");
        assert_eq!((page.items.len(), page.next), (0, None), "{filter:?}");
    }
    let page = b.messages(MessageFilter::new().owner("a"), 10).await;
    assert_eq!(page.expect("a page").items.len(), 0);
    let page = b
        .subscriptions(SubscriptionFilter::new().owner("a"), 10)
        .await;
    assert_eq!(page.expect("a page").items.len(), 0);
    let jobs = b.jobs(None, 10).await.expect("a page");
    assert_eq!(jobs.items.len(), 0);
    let attempts = b.find_attempts(&AttemptFilter::new(), 10).await;
    assert_eq!(attempts.expect("a page").items.len(), 0);
    let trail = b.audit(&AuditFilter::new(), 10).await.expect("a page");
    assert!(trail.items.iter().all(|entry| entry.owner == "b"));
}

/// A call that is added to an account fails here until it is in the matrix.
#[test]
fn the_matrix_has_every_call_of_an_account() {
    const MATRIX: &str = include_str!("tenants.rs");
    const SOURCES: [&str; 8] = [
        include_str!("../../src/sender/account.rs"),
        include_str!("../../src/sender/deliveries.rs"),
        include_str!("../../src/sender/grants.rs"),
        include_str!("../../src/sender/jobs.rs"),
        include_str!("../../src/sender/polling.rs"),
        include_str!("../../src/sender/queries.rs"),
        include_str!("../../src/sender/subscriptions.rs"),
        include_str!("../../src/sender/live.rs"),
    ];
    // What names no id of anything: new things, and the operator's and the sender's own calls that stand in these files.
    const OTHERS: [&str; 9] = [
        "subscribe",
        "subscribe_in",
        "grant",
        "erase_owner",
        "reseal",
        "redeem",
        "granted",
        "offered",
        // Held by webhooks-api's `what_happens_is_shown_to_its_owner_and_goes_on_where_it_was_interrupted`.
        "live",
    ];
    // As it is without the breaks of lines.
    let matrix: String = MATRIX.split_whitespace().collect();
    let mut calls = 0;
    for source in SOURCES {
        for text in source.split("pub async fn ").skip(1) {
            let name = text
                .split(['(', '<'])
                .next()
                .expect("a split has a first part");
            let is_there = matrix.contains(&format!("b.{name}("));
            assert!(
                is_there || OTHERS.contains(&name),
                "{name} is not in the matrix"
            );
            calls += usize::from(is_there);
        }
    }
    assert!(calls > 30, "{calls}");
}
