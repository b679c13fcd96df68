//! What can be seen, and what is forgotten.

use std::time::{Duration, UNIX_EPOCH};

use super::{MINUTE, QUEUE, claim, claimer, id, job, jobs, number, outcomes};
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, Id, JobRecord, Lane, State};
use crate::settle::Verdict;
use crate::store::Store;

/// PostgreSQL's own time flows between two calls, a little.
const A_LITTLE: Duration = Duration::from_secs(20);

pub async fn counts_follow_the_jobs<D: Database>(store: Store<D>) -> Result<(), Error> {
    assert_eq!(
        store.counts(QUEUE).await?,
        crate::inspect::Counts::default()
    );
    store.enqueue(jobs(0..5, "a")).await?;
    store.clock().advance(MINUTE);
    store.enqueue(jobs(10..13, "b")).await?;
    store
        .enqueue(vec![job(20, "b").due(Due::After(MINUTE))])
        .await?;
    store.clock().advance(MINUTE);
    let counts = store.counts(QUEUE).await?;
    assert_eq!((counts.ready, counts.scheduled, counts.running), (8, 1, 0));
    let oldest = counts.oldest_ready.expect("eight are ready");
    assert!(
        (2 * MINUTE..2 * MINUTE + A_LITTLE).contains(&oldest),
        "{oldest:?}"
    );
    claim(&store, 3).await?;
    let counts = store.counts(QUEUE).await?;
    assert_eq!(counts.ready + counts.scheduled + counts.running, 9);
    assert_eq!(counts.running, 3);
    Ok(())
}

pub async fn the_next_due_time_is_known<D: Database>(store: Store<D>) -> Result<(), Error> {
    assert_eq!(store.next_due(QUEUE).await?, None);
    let due = |number, minutes| job(number, "a").due(Due::After(minutes * MINUTE));
    store.enqueue(vec![due(1, 30), due(2, 10)]).await?;
    let next = store.next_due(QUEUE).await?.expect("two are scheduled");
    assert!(
        next <= 10 * MINUTE && next + A_LITTLE > 10 * MINUTE,
        "{next:?}"
    );
    store.clock().advance(11 * MINUTE);
    assert_eq!(store.next_due(QUEUE).await?, Some(Duration::ZERO));
    claim(&store, 10).await?;
    assert!(store.next_due(QUEUE).await?.expect("one is scheduled") > 18 * MINUTE);
    Ok(())
}

pub async fn jobs_about_a_thing_are_found_wherever_they_are<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let about = |numbers: std::ops::Range<u64>, lane| {
        jobs(numbers, lane)
            .into_iter()
            .map(|job| job.reference(id(9)))
    };
    store.enqueue(about(1..4, "a").collect()).await?;
    let claimed = claim(&store, 2).await?;
    store.settle(outcomes(&claimed[..1], Verdict::Done)).await?;
    store.enqueue(about(4..6, "b").collect()).await?;
    store
        .enqueue(vec![job(6, "b").reference(id(8)), job(7, "b")])
        .await?;
    let found = store.jobs_about(id(9), None, 10).await?;
    assert_eq!(record_numbers(&found), [1, 2, 3, 4, 5]);
    let states: Vec<_> = found.iter().map(|record| record.state).collect();
    let expected = [
        State::Done,
        State::Running,
        State::Pending,
        State::Pending,
        State::Pending,
    ];
    assert_eq!(states, expected);
    assert_eq!(
        record_numbers(&store.jobs_about(id(9), Some(id(2)), 2).await?),
        [3, 4]
    );
    Ok(())
}

pub async fn a_lane_shows_its_past_and_its_future<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(1..8, "a")).await?;
    store
        .enqueue(vec![job(20, "a").due(Due::After(MINUTE)), job(30, "b")])
        .await?;
    let mut worker = claimer(&store);
    let claimed = worker
        .claim_where(5, |lane, _| if *lane == Lane::from("a") { 5 } else { 0 })
        .await?
        .jobs;
    store
        .settle(outcomes(&claimed[..2], Verdict::Failed))
        .await?;
    store
        .settle(outcomes(&claimed[2..4], Verdict::Done))
        .await?;
    let lane = Lane::from("a");
    assert_eq!(
        record_numbers(&store.unfinished(QUEUE, &lane, 10).await?),
        [5, 6, 7, 20]
    );
    assert_eq!(
        record_numbers(&store.unfinished(QUEUE, &lane, 2).await?),
        [5, 6]
    );
    assert_eq!(
        record_numbers(&store.finished(QUEUE, &lane, None, 10).await?),
        [4, 3, 2, 1]
    );
    assert_eq!(
        record_numbers(&store.finished(QUEUE, &lane, Some(id(3)), 1).await?),
        [2]
    );
    assert_eq!(
        record_numbers(&store.failed(QUEUE, &lane, UNIX_EPOCH, None, 10).await?),
        [1, 2]
    );
    let ended = store
        .job(id(1))
        .await?
        .and_then(|job| job.finished_at)
        .expect("it has ended");
    assert_eq!(
        record_numbers(&store.failed(QUEUE, &lane, ended, Some(id(1)), 10).await?),
        [2]
    );
    assert_eq!(
        record_numbers(&store.failed(QUEUE, &lane, ended, None, 1).await?),
        [1]
    );
    let later = store.failed(QUEUE, &lane, ended + MINUTE, None, 10);
    assert!(later.await?.is_empty());
    Ok(())
}

pub async fn old_finished_jobs_are_pruned_and_no_others<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(1..6, "a")).await?;
    for verdict in [Verdict::Done, Verdict::Failed, Verdict::Cancelled] {
        let claimed = claim(&store, 1).await?;
        store.settle(outcomes(&claimed, verdict)).await?;
        store.clock().advance(10 * MINUTE);
    }
    assert_eq!(prune(&store, "other", Duration::ZERO, 10).await?, []);
    assert_eq!(prune(&store, QUEUE, 15 * MINUTE, 1).await?, [id(1)]);
    assert_eq!(prune(&store, QUEUE, 15 * MINUTE, 10).await?, [id(2)]);
    assert_eq!(prune(&store, QUEUE, 15 * MINUTE, 10).await?, []);
    assert_eq!(prune(&store, QUEUE, Duration::MAX, 10).await?, []);
    assert!(store.job(id(3)).await?.is_some() && store.job(id(4)).await?.is_some());
    Ok(())
}

async fn prune<D: Database>(
    store: &Store<D>,
    queue: &str,
    age: Duration,
    limit: u32,
) -> Result<Vec<Id>, Error> {
    let mut transaction = store.begin().await?;
    let pruned = store.prune_in(&mut transaction, queue, age, limit).await?;
    transaction.commit().await?;
    Ok(pruned)
}

fn record_numbers(records: &[JobRecord]) -> Vec<u64> {
    records.iter().map(|record| number(record.id)).collect()
}
