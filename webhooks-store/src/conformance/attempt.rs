//! What came of each try is kept, and read by job and by lane.

use std::time::{Duration, SystemTime};

use super::prune::{keep, prune_all};
use super::{MINUTE, due, id, job, jobs, number, outcomes};
use crate::attempt::{Attempt, AttemptKey, AttemptRecord};
use crate::database::Database;
use crate::error::Error;
use crate::job::Due;
use crate::lane::Lane;
use crate::lanes::{Entry, Recorded};
use crate::outcome::Verdict;
use crate::prune::Retention;
use crate::store::Store;

const AGAIN: Verdict = Verdict::Retry(Due::Now);

fn attempt(at: SystemTime) -> Attempt {
    Attempt::new(at, Duration::from_millis(12))
}

/// Tries the first job of a lane.
async fn tried<D: Database>(
    store: &Store<D>,
    verdict: Verdict,
    status: u16,
) -> Result<Entry, Error> {
    let entry = due(store, "a", 1).await?.remove(0);
    let attempt = attempt(store.clock().now()).status(status).answer("body");
    let recorded = store.record(&[entry.tried(verdict, attempt)]).await?;
    assert_ne!(recorded, [Recorded::Missed]);
    Ok(entry)
}

fn statuses(attempts: &[AttemptRecord]) -> Vec<(i64, u32, Option<u16>)> {
    attempts
        .iter()
        .map(|record| {
            (
                record.key.generation,
                record.key.number,
                record.attempt.status,
            )
        })
        .collect()
}

pub async fn a_finished_job_holds_its_last_attempt<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(1..4, "a")).await?;
    let waiting = due(&store, "a", 3).await?;
    let now = store.clock().now();
    let made = [
        attempt(now).status(204).answer(vec![0, 255]),
        attempt(now).error("timeout"),
    ];
    let outcomes = vec![
        waiting[0].tried(Verdict::Done, made[0].clone()),
        waiting[1].tried(Verdict::Failed, made[1].clone()),
        waiting[2].outcome(Verdict::Cancelled),
    ];
    store.record(&outcomes).await?;
    for (job, made) in waiting.iter().zip(made) {
        let kept = store.attempts(job.id()).await?;
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].attempt, made);
        let record = store.job(job.id()).await?.expect("it is kept");
        let last = record.last_attempt.expect("one was made");
        assert_eq!((last.at, last.duration), (made.at, made.duration));
        assert_eq!(last.status, made.status);
        assert_eq!(last.error.as_deref(), made.error.as_deref());
        let (job, generation, number) = (job.id(), 0, 1);
        assert_eq!(
            kept[0].key,
            AttemptKey {
                job,
                generation,
                number
            }
        );
    }
    assert_eq!(store.attempts(waiting[2].id()).await?, []);
    let cancelled = store.job(waiting[2].id()).await?.expect("it is kept");
    assert_eq!(cancelled.last_attempt, None);
    assert_eq!(store.attempts(id(77)).await?, []);
    Ok(())
}

pub async fn earlier_attempts_are_listed_before_the_last<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(1..2, "a")).await?;
    tried(&store, AGAIN, 500).await?;
    tried(&store, AGAIN, 502).await?;
    let waiting = store.attempts(id(1)).await?;
    assert_eq!(statuses(&waiting), [(0, 1, Some(500)), (0, 2, Some(502))]);
    tried(&store, Verdict::Done, 200).await?;
    let all = store.attempts(id(1)).await?;
    assert_eq!(statuses(&all)[2], (0, 3, Some(200)));
    assert!(
        all.iter()
            .all(|record| record.attempt.answer.as_deref() == Some(b"body"))
    );
    assert_eq!(store.job(id(1)).await?.expect("it is kept").attempts, 3);
    Ok(())
}

pub async fn an_attempt_whose_outcome_misses_is_recorded<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(1..2, "a")).await?;
    let late = due(&store, "a", 1).await?;
    store
        .record(&outcomes(&late, Verdict::Postpone(Due::Now)))
        .await?;
    let made = attempt(store.clock().now()).status(500);
    let recorded = store.record(&[late[0].tried(AGAIN, made)]).await?;
    assert_eq!(recorded, [Recorded::Missed]);
    assert_eq!(
        statuses(&store.attempts(id(1)).await?),
        [(0, 1, Some(500))],
        "it was made"
    );
    assert_eq!(store.job(id(1)).await?.expect("it waits").attempts, 0);
    Ok(())
}

pub async fn a_job_done_again_keeps_its_attempts<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(1..2, "a")).await?;
    tried(&store, AGAIN, 500).await?;
    tried(&store, Verdict::Failed, 501).await?;
    let mut transaction = store.begin().await?;
    store
        .restart_in(&mut transaction, &[id(1)], Some(0))
        .await?;
    transaction.commit().await?;
    assert_eq!(store.attempts(id(1)).await?.len(), 2);
    let job = tried(&store, Verdict::Done, 200).await?;
    assert_eq!((job.version.generation, job.attempts), (1, 0));
    assert_eq!(
        statuses(&store.attempts(id(1)).await?),
        [(0, 1, Some(500)), (0, 2, Some(501)), (1, 1, Some(200))]
    );
    Ok(())
}

pub async fn a_lane_lists_its_attempts_page_by_page<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(1..6, "a")).await?;
    store.enqueue(vec![job(9, "b")]).await?;
    let other = due(&store, "b", 1).await?.remove(0);
    let made = attempt(store.clock().now()).status(200);
    store.record(&[other.tried(Verdict::Done, made)]).await?;
    for _ in 0..6 {
        tried(&store, AGAIN, 500).await?;
    }
    for _ in 0..4 {
        tried(&store, Verdict::Done, 200).await?;
    }
    let (lane, mut before, mut all) = (Lane::from("a"), None, Vec::new());
    loop {
        let page = store.lane_attempts(&lane, before, 2).await?;
        assert!(page.len() <= 2);
        before = page.last().map(|record| record.key);
        if before.is_none() {
            break;
        }
        all.extend(
            page.iter()
                .map(|record| (number(record.key.job), record.key.number)),
        );
    }
    let mut expected = all.clone();
    expected.sort_unstable_by(|one, other| other.cmp(one));
    expected.dedup();
    assert_eq!(all, expected);
    let others = store.attempts(id(9)).await?.len();
    assert_eq!(
        all.len() + others,
        11,
        "each once, and none of the other lane"
    );
    Ok(())
}

pub async fn an_answer_is_forgotten_before_its_attempt<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(1..2, "a")).await?;
    tried(&store, AGAIN, 500).await?;
    tried(&store, Verdict::Done, 200).await?;
    store.clock().advance(MINUTE);
    // The ids of these jobs are of 1970, so all but their answers is older than anything.
    let retention = Retention {
        answers: Duration::ZERO,
        ..keep(Duration::MAX)
    };
    prune_all(&store, &retention).await?;
    let left = store.attempts(id(1)).await?;
    assert_eq!(statuses(&left), [(0, 1, Some(500)), (0, 2, Some(200))]);
    assert!(left.iter().all(|record| record.attempt.answer.is_none()));
    let retention = Retention {
        attempts: Duration::ZERO,
        ..keep(Duration::MAX)
    };
    prune_all(&store, &retention).await?;
    assert_eq!(
        statuses(&store.attempts(id(1)).await?),
        [(0, 2, Some(200))],
        "the last one is part of the job"
    );
    Ok(())
}
