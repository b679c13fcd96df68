//! What waits is called off, or done again.

use super::{MINUTE, QUEUE, due, id, is_again, job, jobs, lane, numbers, outcomes};
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, Id, State};
use crate::lanes::{Recorded, Version};
use crate::outcome::Verdict;
use crate::store::Store;

pub async fn a_cancelled_job_is_never_found<D: Database>(store: Store<D>) -> Result<(), Error> {
    store
        .enqueue(vec![
            job(1, "a"),
            job(2, "a").due(Due::After(MINUTE)),
            job(3, "a"),
        ])
        .await?;
    assert_eq!(cancel(&store, &[1, 2, 2, 77]).await?, [id(1), id(2)]);
    assert_eq!(cancel(&store, &[1, 2]).await?, [], "once is enough");
    store.clock().advance(2 * MINUTE);
    assert_eq!(numbers(&due(&store, "a", 10).await?), [3]);
    let record = store.job(id(1)).await?.expect("it is kept");
    assert_eq!(record.state, State::Cancelled);
    Ok(())
}

pub async fn what_is_said_of_a_cancelled_job_changes_nothing<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a")]).await?;
    let waiting = due(&store, "a", 1).await?;
    assert_eq!(cancel(&store, &[1]).await?, [id(1)]);
    for verdict in [Verdict::Done, Verdict::Failed, Verdict::Retry(Due::Now)] {
        let recorded = store.record(&outcomes(&waiting, verdict)).await?;
        assert_eq!(recorded, [Recorded::Missed], "{verdict:?}");
    }
    let record = store.job(id(1)).await?.expect("it is kept");
    assert_eq!(record.state, State::Cancelled);
    Ok(())
}

pub async fn a_lane_is_cancelled_piece_by_piece<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(jobs(0..5, "a")).await?;
    store
        .enqueue(vec![job(10, "a").due(Due::After(MINUTE)), job(20, "b")])
        .await?;
    let lane = lane("a");
    assert_eq!(store.cancel_lane(QUEUE, &lane, 4).await?.len(), 4);
    assert_eq!(store.cancel_lane(QUEUE, &lane, 4).await?.len(), 2);
    assert_eq!(store.cancel_lane(QUEUE, &lane, 4).await?.len(), 0);
    assert_eq!(store.unfinished(QUEUE, &lane, 10).await?, []);
    assert_eq!(numbers(&due(&store, "b", 10).await?), [20]);
    Ok(())
}

pub async fn a_finished_job_is_done_again<D: Database>(store: Store<D>) -> Result<(), Error> {
    let first = job(1, "a")
        .reference(id(9))
        .data("d")
        .owner(5)
        .order_key("k");
    store.enqueue(vec![first, job(2, "a")]).await?;
    let waiting = due(&store, "a", 10).await?;
    store.record(&outcomes(&waiting, Verdict::Failed)).await?;
    assert!(due(&store, "a", 10).await?.is_empty());
    assert_eq!(restart(&store, &[1, 2, 3], None).await?, [id(1), id(2)]);
    let again = store.look(QUEUE, &[id(1)]).await?.entries.remove(0);
    let (generation, change) = (1, 0);
    assert_eq!(again.version, Version { generation, change });
    assert_eq!(
        (again.attempts, again.owner, &again.lane),
        (1, 5, &lane("a"))
    );
    let content = &again.content;
    assert_eq!(content.order_key.as_deref(), Some("k"));
    assert_eq!(
        (content.reference, content.data.as_slice()),
        (Some(id(9)), &b"d"[..])
    );
    assert_eq!(content.created_at, waiting[0].content.created_at);
    let done = store.record(&[again.outcome(Verdict::Done)]).await?;
    assert_eq!(done, [Recorded::Ended]);
    restart(&store, &[1], Some(0)).await?;
    let record = store.job(id(1)).await?.expect("it waits");
    assert_eq!(
        (record.state, record.attempts, record.generation),
        (State::Pending, 0, 2)
    );
    Ok(())
}

pub async fn a_waiting_job_is_hastened<D: Database>(store: Store<D>) -> Result<(), Error> {
    store
        .enqueue(vec![job(1, "a").due(Due::After(60 * MINUTE)), job(2, "a")])
        .await?;
    let place = due(&store, "a", 10).await?[0].place;
    store.clock().advance(MINUTE);
    assert_eq!(restart(&store, &[1, 2], None).await?, [id(1), id(2)]);
    let waiting = due(&store, "a", 10).await?;
    assert_eq!(numbers(&waiting), [1, 2]);
    assert_eq!(waiting[0].place, place, "what was due keeps its place");
    assert!(waiting.iter().all(|entry| entry.version.change == 1));
    assert_eq!(store.counts(QUEUE).await?.scheduled, 0);
    Ok(())
}

pub async fn a_held_job_is_freed_by_hand<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a").order_key("k")]).await?;
    let waiting = due(&store, "a", 10).await?;
    store.record(&outcomes(&waiting, Verdict::Stop)).await?;
    assert_eq!(restart(&store, &[1], Some(0)).await?, [id(1)]);
    let free = due(&store, "a", 10).await?;
    assert_eq!((free[0].held_ms, free[0].attempts), (None, 0));
    assert_eq!(free[0].place, waiting[0].place);
    Ok(())
}

pub async fn of_a_job_that_is_restarted_in_hand_a_success_counts_and_a_failure_does_not<
    D: Database,
>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(1..3, "a")).await?;
    let in_hand = due(&store, "a", 10).await?;
    restart(&store, &[1, 2], None).await?;
    let both = vec![
        in_hand[0].outcome(Verdict::Done),
        in_hand[1].outcome(Verdict::Failed),
    ];
    let recorded = store.record(&both).await?;
    assert_eq!(recorded, [Recorded::Ended, Recorded::Missed]);
    let left = due(&store, "a", 10).await?;
    assert_eq!(numbers(&left), [2]);
    let retry = Verdict::Retry(Due::After(MINUTE));
    assert!(is_again(store.record(&outcomes(&left, retry)).await?[0]));
    Ok(())
}

async fn cancel<D: Database>(store: &Store<D>, numbers: &[u64]) -> Result<Vec<Id>, Error> {
    let ids: Vec<_> = numbers.iter().copied().map(id).collect();
    let mut transaction = store.begin().await?;
    let mut cancelled = store.cancel_in(&mut transaction, &ids).await?;
    transaction.commit().await?;
    cancelled.sort_unstable();
    Ok(cancelled)
}

async fn restart<D: Database>(
    store: &Store<D>,
    numbers: &[u64],
    attempts: Option<u32>,
) -> Result<Vec<Id>, Error> {
    let ids: Vec<_> = numbers.iter().copied().map(id).collect();
    let mut transaction = store.begin().await?;
    let mut restarted = store.restart_in(&mut transaction, &ids, attempts).await?;
    transaction.commit().await?;
    restarted.sort_unstable();
    Ok(restarted)
}
