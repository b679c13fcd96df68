//! What is forgotten, and what is not.

use std::time::{Duration, UNIX_EPOCH};

use super::{MINUTE, QUEUE, due, lane, outcomes};
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, Id, NewJob};
use crate::lane::Lane;
use crate::outcome::Verdict;
use crate::prune::{PruneMark, Retention};
use crate::store::Store;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

pub(super) fn keep(history: Duration) -> Retention {
    Retention {
        history,
        attempts: history,
        answers: history,
    }
}

/// A job whose id is of this time.
fn job_now<D: Database>(store: &Store<D>, own: u8) -> NewJob {
    NewJob::new(QUEUE, Id::at(store.clock().now(), [own; 10]), "a")
}

pub(super) async fn prune_all<D: Database>(
    store: &Store<D>,
    retention: &Retention,
) -> Result<(), Error> {
    let mut mark = PruneMark::default();
    while store.prune(retention, &mut mark, 2).await? {}
    Ok(())
}

async fn kept<D: Database>(store: &Store<D>) -> Result<Vec<u8>, Error> {
    let finished = store
        .finished(QUEUE, &Lane::from("a"), None, None, 100)
        .await?;
    Ok(finished.iter().map(|job| job.id.as_bytes()[15]).collect())
}

pub async fn old_finished_jobs_are_pruned_and_no_others<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    for own in 0..7 {
        store.enqueue(vec![job_now(&store, own)]).await?;
        let waiting = due(&store, "a", 1).await?;
        let verdict = [Verdict::Done, Verdict::Failed, Verdict::Cancelled][usize::from(own % 3)];
        store.record(&outcomes(&waiting, verdict)).await?;
        store.clock().advance(HOUR);
    }
    prune_all(&store, &keep(Duration::MAX)).await?;
    prune_all(&store, &keep(30 * DAY)).await?;
    assert_eq!(kept(&store).await?, [6, 5, 4, 3, 2, 1, 0]);
    prune_all(&store, &keep(HOUR * 3 + MINUTE)).await?;
    assert_eq!(kept(&store).await?, [6, 5, 4]);
    prune_all(&store, &keep(Duration::ZERO)).await?;
    assert_eq!(kept(&store).await?, []);
    Ok(())
}

pub async fn what_ended_late_is_kept_as_long<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(vec![job_now(&store, 1)]).await?;
    store.clock().advance(40 * DAY);
    // The partition of its day is gone by now, if there was one.
    prune_all(&store, &keep(30 * DAY)).await?;
    let waiting = due(&store, "a", 1).await?;
    store.record(&outcomes(&waiting, Verdict::Done)).await?;
    store.clock().advance(29 * DAY);
    prune_all(&store, &keep(30 * DAY)).await?;
    assert_eq!(kept(&store).await?, [1]);
    store.clock().advance(2 * DAY);
    prune_all(&store, &keep(30 * DAY)).await?;
    assert_eq!(kept(&store).await?, []);
    Ok(())
}

pub async fn what_waits_is_never_pruned<D: Database>(store: Store<D>) -> Result<(), Error> {
    store
        .enqueue(vec![
            NewJob::new(QUEUE, Id::at(UNIX_EPOCH, [1; 10]), "a"),
            job_now(&store, 2),
            job_now(&store, 3).due(Due::After(100 * DAY)),
        ])
        .await?;
    store.clock().advance(90 * DAY);
    prune_all(&store, &keep(Duration::ZERO)).await?;
    let waiting = store.unfinished(QUEUE, &lane("a"), 10).await?;
    assert_eq!(waiting.len(), 3);
    Ok(())
}
