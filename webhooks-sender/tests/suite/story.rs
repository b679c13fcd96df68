//! One story on both databases: subscribe, commit, roll back, fail, retry, broadcast, pause, rotate, replay, look, forget.

use std::sync::Arc;
use std::time::Duration;

use sqlx::Pool;
use webhooks_sender::database::{Clock, Database};
use webhooks_sender::job::Replay;
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::testing::{TestAnswer, TestTransport};
use webhooks_sender::{Outbound, Owner, Sender, Subscription};

use crate::webhooks::{bare, card_declined, payment, payment_created};

/// Plays the story; panics where it goes otherwise.
#[expect(clippy::too_many_lines, reason = "it is one story")]
pub(crate) async fn play<D: Database>(pool: Pool<D>)
where
    for<'c> &'c mut D::Connection: sqlx::Executor<'c, Database = D>,
{
    let (transport, clock) = (
        Arc::new(TestTransport::default()),
        Clock::fixed_at(Duration::from_hours(500_000)),
    );
    let sender = Sender::new(pool.clone())
        .webhooks(bare())
        .transport(transport.clone())
        .without_engine();
    let sender = sender
        .clock(clock.clone())
        .fan_out_inline(4)
        .retries(RetrySchedule::new([Duration::from_mins(1)]));
    let sender = sender.start().await.expect("a sender");
    let operator = sender.operator();
    let id = operator
        .subscribe(Subscription::new("acct_1", "https://one.example.com/").event("payment.*"));
    let id = id.await.expect("a subscription").id;

    let mut tx = pool.begin().await.expect("a transaction");
    sender
        .send_in(&mut tx, "acct_1", payment_created(payment(1)))
        .await
        .expect("sent");
    tx.rollback().await.expect("rolled back");
    let mut tx = pool.begin().await.expect("a transaction");
    let sent = sender
        .send_in(&mut tx, "acct_1", payment_created(payment(2)))
        .await
        .expect("sent");
    tx.commit().await.expect("committed");

    transport.answer(TestAnswer::status(500).body("no"));
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
    assert_eq!(sender.deliver().await.expect("nothing is due"), 0);
    clock.advance(Duration::from_secs(70));
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
    assert_eq!(
        transport.take_requests()[1].header("webhook-id"),
        Some(sent.id.as_str())
    );
    let delivery = sender
        .operator()
        .deliveries(&DeliveryFilter::new().message(sent.id.clone()), 10)
        .await
        .expect("deliveries")
        .items
        .remove(0);
    assert_eq!(
        (delivery.state, delivery.attempts),
        (DeliveryState::Delivered, 2)
    );
    let attempts = sender
        .operator()
        .attempts(&delivery.id)
        .await
        .expect("attempts");
    assert_eq!(
        attempts.iter().map(|one| one.status).collect::<Vec<_>>(),
        [Some(500), Some(204)]
    );
    assert_eq!(attempts[0].response.as_deref(), Some(&b"no"[..]));
    assert_eq!(
        sender
            .operator()
            .message(&sent.id)
            .await
            .expect("kept")
            .event,
        "payment.created"
    );

    broadcast(&sender, &transport).await;

    let keyed = || Outbound::new(payment_created(payment(3))).idempotency_key("k");
    let first = sender.send("acct_1", keyed()).await.expect("sent");
    let again = sender.send("acct_1", keyed()).await.expect("answered");
    assert_eq!((first.id, true), (again.id, again.repeated));
    sender.operator().pause(&id).await.expect("paused");
    assert_eq!(sender.deliver().await.expect("paused"), 0);
    sender.operator().activate(&id).await.expect("activated");
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
    sender
        .operator()
        .rotate(&id, Duration::from_mins(1))
        .await
        .expect("rotated");

    clock.advance(Duration::from_secs(5));
    let failing = sender
        .send("acct_1", payment_created(payment(4)))
        .await
        .expect("sent");
    for _ in 0..2 {
        transport.answer(TestAnswer::status(500));
        assert_eq!(sender.deliver().await.expect("delivered"), 1);
        clock.advance(Duration::from_secs(70));
    }
    let failed = sender
        .operator()
        .deliveries(&DeliveryFilter::new().subscription(id.clone()).ended(), 1)
        .await
        .expect("a page")
        .items
        .remove(0);
    assert_eq!(
        (failed.message.clone(), failed.state),
        (failing.id, DeliveryState::Failed)
    );
    // By the database's clock: on PostgreSQL it is not the one that the test turns.
    sender
        .operator()
        .replay(
            &id,
            Replay::failed().since(failed.finished.expect("it has ended")),
        )
        .await
        .expect("a replay");
    assert_eq!(sender.deliver().await.expect("delivered"), 1);
    assert_eq!(
        sender
            .operator()
            .delivery(&failed.id)
            .await
            .expect("there")
            .state,
        DeliveryState::Delivered
    );

    sender.operator().unsubscribe(&id).await.expect("removed");
    assert_eq!(
        sender
            .operator()
            .messages(None, 100)
            .await
            .expect("a page")
            .items
            .len(),
        4
    );
    assert_eq!(
        sender
            .operator()
            .remove_owner("many")
            .await
            .expect("removed"),
        12
    );
    let stats = sender.operator().queue_stats().await.expect("counts");
    assert_eq!((stats.ready, stats.scheduled, stats.sending), (0, 0, 0));

    assert!(
        !sender
            .operator()
            .attempts(&failed.id)
            .await
            .expect("attempts")
            .is_empty()
    );
    clock.advance(Duration::from_hours(24 * 31));
    sender.operator().prune().await.expect("pruned");
    assert!(
        sender
            .operator()
            .messages(None, 100)
            .await
            .expect("a page")
            .items
            .is_empty()
    );
    assert!(
        sender
            .operator()
            .attempts(&failed.id)
            .await
            .expect("attempts")
            .is_empty()
    );
    sender.shut_down().await;
}

/// More subscriptions than a send reaches by itself.
async fn broadcast<D: Database>(sender: &Sender<D>, transport: &TestTransport) {
    for number in 0..12 {
        let wanted = Subscription::new("many", format!("https://many.example.com/{number}"));
        sender
            .operator()
            .subscribe(wanted.event(["*", "payment.card.*"][number % 2]))
            .await
            .expect("a subscription");
    }
    sender
        .send(Owner::everyone(), card_declined(payment(9)))
        .await
        .expect("sent");
    assert_eq!(sender.deliver().await.expect("delivered"), 13);
    assert_eq!(transport.take_requests().len(), 13);
}

#[tokio::test]
async fn the_story_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    play(crate::outbox::pool(&folder).await).await;
}
