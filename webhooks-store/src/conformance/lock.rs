//! Short work under a lock: a job is its worker's until the transaction ends.

use super::{MINUTE, QUEUE, id, job, jobs, number};
use crate::database::Database;
use crate::error::Error;
use crate::job::Due;
use crate::lanes::{Entry, Recorded};
use crate::outcome::Verdict;
use crate::store::Store;

fn order(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| number(entry.id())).collect()
}

pub async fn the_first_due_job_of_each_lane_is_locked<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    for lane in 0..6_u64 {
        store
            .enqueue(jobs(lane * 10..lane * 10 + 3, &format!("lane {lane}")))
            .await?;
    }
    store
        .enqueue(vec![job(90, "later").due(Due::After(MINUTE))])
        .await?;
    let mut transaction = store.begin().await?;
    let all = store.lock_due_in(&mut transaction, QUEUE, None, 20).await?;
    let mut numbers = order(&all);
    numbers.sort_unstable();
    assert_eq!(numbers, [0, 10, 20, 30, 40, 50]);
    // Lanes take turns: it goes on behind the last one.
    let (mut after, mut turns) = (None, Vec::new());
    for _ in 0..all.len() {
        let one = store
            .lock_due_in(&mut transaction, QUEUE, after.as_ref(), 1)
            .await?;
        turns.extend(order(&one));
        after = one.last().map(|entry| entry.lane.clone());
    }
    assert_eq!(turns, order(&all));
    let recorded = store
        .record_in(&mut transaction, &[all[0].outcome(Verdict::Forget)])
        .await?;
    assert_eq!(recorded, [Recorded::Ended]);
    let next = store.lock_due_in(&mut transaction, QUEUE, None, 1).await?;
    assert_eq!(order(&next), [order(&all)[0] + 1], "the next of its lane");
    transaction.rollback().await?;
    let mut transaction = store.begin().await?;
    let again = store.lock_due_in(&mut transaction, QUEUE, None, 20).await?;
    assert_eq!(order(&again), order(&all), "nothing has to be taken back");
    transaction.rollback().await?;
    Ok(())
}

pub async fn no_job_is_locked_twice<D: Database>(store: Store<D>) -> Result<(), Error> {
    for lane in 0..10_u64 {
        store
            .enqueue(jobs(lane * 100..lane * 100 + 20, &format!("lane {lane}")))
            .await?;
    }
    let workers: Vec<_> = (0..6).map(|_| tokio::spawn(work(store.clone()))).collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.expect("no worker panics")?);
    }
    all.sort_unstable();
    let expected: Vec<_> = (0..10)
        .flat_map(|lane| lane * 100..lane * 100 + 20)
        .collect();
    assert_eq!(all, expected);
    assert_eq!(store.job(id(0)).await?, None);
    Ok(())
}

async fn work<D: Database>(store: Store<D>) -> Result<Vec<u64>, Error> {
    let mut done = Vec::new();
    let mut idle = 0;
    while idle < 3 {
        let mut transaction = store.begin().await?;
        let locked = store.lock_due_in(&mut transaction, QUEUE, None, 4).await?;
        let outcomes: Vec<_> = locked
            .iter()
            .map(|entry| entry.outcome(Verdict::Forget))
            .collect();
        let recorded = store.record_in(&mut transaction, &outcomes).await?;
        assert!(recorded.iter().all(|recorded| *recorded == Recorded::Ended));
        transaction.commit().await?;
        idle = if locked.is_empty() { idle + 1 } else { 0 };
        done.extend(order(&locked));
    }
    Ok(done)
}
