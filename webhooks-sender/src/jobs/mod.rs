//! Jobs: work over many rows, done in the background page by page.
//!
//! A page is one transaction: what it changes and how far the job has come are committed together. So a crash repeats
//! nothing and skips nothing, and a process that was too slow commits nothing. Which process does a page is decided by the
//! job's row alone.

mod erase;
mod page;
mod replay;
mod replay_message;
mod reseal;
mod retry;
mod start;
mod verify;

use std::time::Duration;

use webhooks_store::Database;

pub(crate) use page::Throttle;
use page::advance;
pub(crate) use start::{
    start_message_erasure, start_message_replay, start_owner_erasure, start_replay, start_reseal,
    start_retry,
};

use crate::context::Context;
use crate::error::Error;
use crate::model::{JobKind, JobState};
pub(crate) use crate::tables::Turns;
use crate::tables::{Advance, BulkJobRow};

/// How long a process has for a page before another one begins it too.
const LEASE: Duration = Duration::from_mins(1);
/// How often a page is begun before the job is given up: one that ends its process would go on for ever.
const MAX_STARTS: i64 = 10;
const NEVER_ENDED: &str = "the processes that began a page of it all ended before the page did";

/// How a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageResult {
    /// There was none to do.
    Idle,
    /// There was none to do; the next one's turn comes after this time.
    Waits(Duration),
    /// It was done.
    Done,
}

/// Does the next page of the job whose turn it is.
pub(crate) async fn do_page<D: Database>(
    context: &Context<D>,
    turns: Turns,
    throttle: Throttle,
) -> Result<PageResult, Error> {
    let tables = &context.tables;
    // Looked for all the time: not on a connection of the pool, which would keep several open in an idle process.
    let mut connection = tables.store.worker_connection().await?;
    let wait = tables.on(&mut connection).next_job(turns).await?;
    connection.end();
    match wait {
        None => return Ok(PageResult::Idle),
        Some(wait) if !wait.is_zero() => return Ok(PageResult::Waits(wait)),
        Some(_) => {}
    }
    let mut transaction = tables.begin().await?;
    // A verification waits for an answer.
    let lease = LEASE.max(context.delivering.transport.timeout() * 2);
    let row = tables.on(&mut transaction).pick_job(turns, lease).await;
    // Also one that this process cannot read is left alone for the time of the lease.
    transaction.commit().await?;
    let Some(row) = row? else {
        return Ok(PageResult::Idle);
    };
    if row.starts > MAX_STARTS {
        give_up(context, &row, &Error::Corrupt(NEVER_ENDED.to_owned())).await?;
        return Ok(PageResult::Done);
    }
    match next_page(context, &row, throttle).await {
        Ok(()) => Ok(PageResult::Done),
        Err(error) if is_final(&error) || row.starts == MAX_STARTS => {
            give_up(context, &row, &error).await?;
            Ok(PageResult::Done)
        }
        Err(error) => Err(error),
    }
}

async fn next_page<D: Database>(
    context: &Context<D>,
    row: &BulkJobRow,
    throttle: Throttle,
) -> Result<(), Error> {
    match row.job.kind {
        JobKind::Replay => replay::page(context, row, throttle).await,
        JobKind::Retry => retry::page(context, row, throttle).await,
        JobKind::MessageReplay => replay_message::page(context, row).await,
        JobKind::MessageErasure => erase::message_page(context, row).await,
        JobKind::OwnerErasure => erase::owner_page(context, row).await,
        JobKind::Reseal => reseal::page(context, row).await,
        JobKind::Verification => verify::page(context, row).await,
    }
}

/// Whether the page would fail again.
fn is_final(error: &Error) -> bool {
    !matches!(error, Error::Store(_) | Error::Entropy(_) | Error::ShutDown)
}

async fn give_up<D: Database>(
    context: &Context<D>,
    row: &BulkJobRow,
    error: &Error,
) -> Result<(), Error> {
    let reason = match error {
        // What a page looks for first is its subscription.
        Error::NotFound => "the subscription has been removed".to_owned(),
        // What the database said is for the log alone.
        error => error.to_string(),
    };
    let id = row.job.id.as_str();
    tracing::warn!(job = id, error = error.reason(), "a job was given up");
    let advance = Advance {
        state: JobState::Failed,
        reason: Some(reason),
        ..advance(&row.progress, 0)
    };
    let mut transaction = context.tables.begin().await?;
    let mut tx = context.tables.on(&mut transaction);
    tx.advance_job(row, &advance).await?;
    transaction.commit().await?;
    Ok(())
}

#[cfg(test)]
#[cfg(feature = "sqlite")]
mod tests {
    use webhooks_core::{Descriptor, Message, Webhooks};
    use webhooks_store::Sqlite;

    use super::*;
    use crate::model::Replay;
    use crate::testing::{TestAnswer, TestSender};
    use crate::{Sender, SubscriptionRequest};

    static PING: Descriptor = Descriptor::post("ping").payload::<u32>();

    /// 250 failed deliveries, and a replay of them.
    async fn replay() -> (TestSender<Sqlite>, crate::id::JobId) {
        let webhooks = Webhooks::new().with(&PING).build().expect("a catalogue");
        let sender = Sender::testing().webhooks(webhooks);
        let schedule = crate::settings::RetrySchedule::new([]);
        let sender = sender
            .set(|builder| builder.retries(schedule))
            .start()
            .await;
        let sender = sender.expect("a sender");
        let request = SubscriptionRequest::new("https://example.com/").event("*");
        let id = sender
            .of("a")
            .subscribe(request)
            .await
            .expect("subscribed")
            .id;
        sender.answer_at("https://example.com/", TestAnswer::status(500));
        let messages = (0..250).map(|number| Message::untyped(&PING, &number));
        sender.send_many("a", messages).await.expect("sent");
        sender.deliver().await.expect("tried");
        sender.take_requests();
        let job = sender.of("a").replay(&id, Replay::failed()).await;
        (sender, job.expect("a job").id)
    }

    #[tokio::test]
    async fn what_a_crash_interrupts_goes_on_where_the_last_page_ended() {
        let (sender, id) = replay().await;
        let context = &sender.context;
        assert_eq!(
            do_page(context, Turns::OfOthers, Throttle::On)
                .await
                .expect("a page"),
            PageResult::Done
        );
        assert_eq!(sender.of("a").job(&id).await.expect("a job").done, 200);
        // A process takes the job and dies.
        let mut transaction = context.tables.begin().await.expect("a transaction");
        let mut tx = context.tables.on(&mut transaction);
        tx.pick_job(Turns::OfOthers, LEASE)
            .await
            .expect("picked")
            .expect("a job");
        transaction.commit().await.expect("committed");
        let next = do_page(context, Turns::OfOthers, Throttle::On).await;
        let waits = |next| matches!(next, PageResult::Waits(wait) if wait <= LEASE);
        assert!(next.is_ok_and(waits), "until its lease is over");
        sender.turn(LEASE);
        sender.deliver().await.expect("delivered");
        let job = sender.of("a").job(&id).await.expect("a job");
        assert_eq!((job.state, job.done), (JobState::Finished, 250));
        assert_eq!(sender.requests().len(), 250, "each once");
    }

    #[tokio::test]
    async fn a_process_that_was_too_slow_commits_nothing_of_its_page() {
        let (sender, id) = replay().await;
        let context = &sender.context;
        let mut transaction = context.tables.begin().await.expect("a transaction");
        let mut tx = context.tables.on(&mut transaction);
        let slow = tx
            .pick_job(Turns::OfOthers, LEASE)
            .await
            .expect("picked")
            .expect("a job");
        transaction.commit().await.expect("committed");
        sender.turn(LEASE);
        do_page(context, Turns::OfOthers, Throttle::On)
            .await
            .expect("another process's page");
        next_page(context, &slow, Throttle::On)
            .await
            .expect("dropped");
        assert_eq!(sender.of("a").job(&id).await.expect("a job").done, 200);
        sender.deliver().await.expect("delivered");
        assert_eq!(sender.requests().len(), 250, "each once");
        let job = sender.of("a").job(&id).await.expect("a job");
        assert_eq!((job.state, job.done), (JobState::Finished, 250));
    }

    #[tokio::test]
    async fn a_job_that_always_ends_its_process_is_given_up() {
        let (sender, id) = replay().await;
        let context = &sender.context;
        for _ in 0..MAX_STARTS {
            let mut transaction = context.tables.begin().await.expect("a transaction");
            let mut tx = context.tables.on(&mut transaction);
            let row = tx
                .pick_job(Turns::OfOthers, LEASE)
                .await
                .expect("picked")
                .expect("a job");
            assert!(row.starts <= MAX_STARTS);
            transaction.commit().await.expect("committed");
            sender.turn(LEASE);
        }
        let ended = do_page(context, Turns::OfOthers, Throttle::On)
            .await
            .expect("given up");
        assert_eq!(ended, PageResult::Done);
        let job = sender.of("a").job(&id).await.expect("a job");
        assert_eq!((job.state, job.done), (JobState::Failed, 0));
        assert!(job.reason.is_some());
    }

    #[tokio::test]
    async fn a_replay_waits_while_the_subscription_has_much_to_send() {
        let (sender, id) = replay().await;
        let subscriptions = sender.of("a").subscriptions(None, 1).await.expect("a page");
        let messages = (0..1000).map(|number| Message::untyped(&PING, &number));
        sender.send_many("a", messages).await.expect("sent");
        let context = &sender.context;
        do_page(context, Turns::OfOthers, Throttle::On)
            .await
            .expect("put off");
        assert_eq!(sender.of("a").job(&id).await.expect("a job").done, 0);
        let next = do_page(context, Turns::OfOthers, Throttle::On)
            .await
            .expect("not yet");
        assert!(matches!(next, PageResult::Waits(_)));
        let id_of = &subscriptions.items[0].id;
        sender.of("a").unsubscribe(id_of).await.expect("called off");
    }
}
