//! What a person does who looks after subscriptions: the audit trail, statistics, what was missed, on both databases.

use std::sync::Arc;
use std::time::Duration;

use webhooks_sender::database::{Clock, Database};
use webhooks_sender::query::{
    AttemptFilter, AuditFilter, DeliveryFilter, DeliveryState, Period, StatusFilter,
};
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::testing::{TestAnswer, TestTransport};
use webhooks_sender::{Error, Sender, SenderBuilder, SubscriptionRequest};

use crate::webhooks::{bare, payment, payment_created};

#[tokio::test]
async fn a_trail_and_numbers_are_kept_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    manage(Sender::open(folder.path().join("w.db"))).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_trail_and_numbers_are_kept_on_postgres() {
    crate::postgres::with_schema("managing", |pool| async move {
        manage(Sender::new(pool)).await;
    })
    .await;
}

async fn manage<D: Database>(builder: SenderBuilder<D>) {
    let (transport, clock) = (
        Arc::new(TestTransport::default()),
        Clock::fixed_at(Duration::from_hours(500_000)),
    );
    let builder = builder.webhooks(bare()).transport(transport.clone());
    let builder = builder.clock(clock.clone()).retries(RetrySchedule::new([]));
    let sender = builder.without_engine().start().await.expect("a sender");
    let account = sender.of("acct_1").by("anna");
    let begin = clock.now();
    let request = || SubscriptionRequest::new("https://example.com/hook").event("*");
    let id = account.subscribe(request()).await.expect("made").id;
    for status in [204, 500, 204] {
        sender
            .send("acct_1", payment_created(payment(1)))
            .await
            .expect("sent");
        transport.answer(TestAnswer::status(status));
        sender.deliver().await.expect("delivered");
        clock.advance(Duration::from_mins(1));
    }
    let period = Period::new(
        begin,
        begin + Duration::from_mins(3),
        Duration::from_mins(1),
    );
    let numbers = account.statistics(&id, period.expect("three steps")).await;
    let steps = numbers.expect("numbers").steps;
    let ended: Vec<_> = steps
        .iter()
        .map(|step| (step.delivered, step.failed))
        .collect();
    assert_eq!(ended, [(1, 0), (0, 1), (1, 0)]);

    let missed = account.missed(&id, begin, 10).await.expect("a page").items;
    assert_eq!(missed.len(), 1);
    assert_eq!(missed[0].state, Some(DeliveryState::Failed));
    let late = account.subscribe(request()).await.expect("made").id;
    assert_eq!(
        account
            .missed(&late, begin, 10)
            .await
            .expect("a page")
            .items
            .len(),
        3
    );
    let to = [id.clone(), late.clone()];
    let again = account.resend(&missed[0].message, &to).await.expect("sent");
    assert_eq!(again.len(), 2);
    let foreign = sender.of("acct_2").resend(&missed[0].message, &to).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    sender.deliver().await.expect("delivered");
    assert!(
        account
            .missed(&id, begin, 10)
            .await
            .expect("a page")
            .items
            .is_empty()
    );

    let failed = AttemptFilter::of(DeliveryFilter::new().subscription(id.clone()))
        .status(StatusFilter::range(500..=599));
    let failed = account.find_attempts(&failed, 10).await.expect("a page");
    assert_eq!(failed.items.len(), 1);
    let one = account.attempt(&failed.items[0].id).await.expect("found");
    assert_eq!(one.status, Some(500));
    assert!(sender.of("acct_2").attempt(&one.id).await.is_err());

    let made = AuditFilter::new()
        .action("subscription.created")
        .actor("anna");
    let made = account.audit(&made, 10).await.expect("a page").items;
    assert_eq!(made.len(), 2);
    let about = AuditFilter::new().subject(id.as_str());
    assert_eq!(
        account.audit(&about, 10).await.expect("a page").items.len(),
        2
    );
    let other = sender.of("acct_2").audit(&about, 10).await.expect("a page");
    assert!(other.items.is_empty());

    clock.advance(Duration::from_hours(366 * 24));
    sender.operator().prune().await.expect("pruned");
    let all = sender.operator().audit(&AuditFilter::new(), 10).await;
    assert!(
        all.expect("a page").items.is_empty(),
        "the retention counts"
    );
}

#[tokio::test]
async fn what_goes_with_its_owner_is_in_the_trail_too() {
    let sender = Sender::testing().start().await.expect("a sender");
    let request = || SubscriptionRequest::new("https://example.com/hook").event("*");
    for _ in 0..3 {
        let made = sender.of("acct_1").subscribe(request()).await;
        made.expect("made");
    }
    let operator = sender.operator().by("bert");
    operator.remove_owner("acct_1").await.expect("removed");
    let removed = AuditFilter::new()
        .action("subscription.removed")
        .actor("bert");
    let trail = sender.of("acct_1").audit(&removed, 10).await;
    assert_eq!(trail.expect("a page").items.len(), 3);
}
