//! What waits is called off, or done again.

use super::{LEASE, MINUTE, QUEUE, claim, id, job, jobs, numbers, outcomes};
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, Id, Lane, State};
use crate::settle::{Settled, Verdict};
use crate::store::Store;

pub async fn a_cancelled_job_is_never_claimed<D: Database>(store: Store<D>) -> Result<(), Error> {
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
    assert_eq!(numbers(&claim(&store, 10).await?), [3]);
    assert_eq!(
        store.job(id(1)).await?.expect("it is kept").state,
        State::Cancelled
    );
    Ok(())
}

pub async fn a_running_job_that_is_cancelled_loses_its_lease<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a")]).await?;
    let claimed = claim(&store, 1).await?;
    assert_eq!(cancel(&store, &[1]).await?, [id(1)]);
    assert_eq!(
        store
            .settle(outcomes(&claimed, Verdict::Retry(Due::Now)))
            .await?,
        [Settled::LeaseLost]
    );
    store.clock().advance(2 * LEASE);
    assert_eq!(store.rescue(QUEUE, LEASE, 10).await?, []);
    assert_eq!(
        store.job(id(1)).await?.expect("it is kept").state,
        State::Cancelled
    );
    Ok(())
}

pub async fn a_lane_is_cancelled_piece_by_piece<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(jobs(0..5, "a")).await?;
    claim(&store, 2).await?;
    store
        .enqueue(vec![job(10, "a").due(Due::After(MINUTE)), job(20, "b")])
        .await?;
    let lane = Lane::from("a");
    assert_eq!(store.cancel_lane(QUEUE, &lane, 4).await?.len(), 4);
    assert_eq!(store.cancel_lane(QUEUE, &lane, 4).await?.len(), 2);
    assert_eq!(store.cancel_lane(QUEUE, &lane, 4).await?.len(), 0);
    assert_eq!(store.unfinished(QUEUE, &lane, 10).await?, []);
    assert_eq!(numbers(&claim(&store, 10).await?), [20]);
    Ok(())
}

pub async fn a_finished_job_is_done_again<D: Database>(store: Store<D>) -> Result<(), Error> {
    store
        .enqueue(vec![job(1, "a").reference(id(9)).data("d"), job(2, "a")])
        .await?;
    let claimed = claim(&store, 10).await?;
    store.settle(outcomes(&claimed, Verdict::Failed)).await?;
    assert_eq!(
        restart(&store, &[1, 2, 3], Due::After(MINUTE), None).await?,
        [id(1), id(2)]
    );
    assert!(claim(&store, 10).await?.is_empty());
    store.clock().advance(2 * MINUTE);
    let again = claim(&store, 1).await?;
    assert_eq!(
        (again[0].id, again[0].attempts, again[0].claim),
        (id(1), 1, 2)
    );
    assert_eq!(
        (again[0].reference, again[0].data.as_slice()),
        (Some(id(9)), b"d".as_slice())
    );
    assert_eq!(
        store.settle(outcomes(&claimed, Verdict::Done)).await?,
        [Settled::LeaseLost; 2]
    );
    assert_eq!(
        store.settle(outcomes(&again, Verdict::Done)).await?,
        [Settled::Applied]
    );
    restart(&store, &[1], Due::Now, Some(0)).await?;
    assert_eq!(
        store.job(id(1)).await?.map(|job| (job.state, job.attempts)),
        Some((State::Pending, 0))
    );
    Ok(())
}

pub async fn a_pending_job_is_hastened<D: Database>(store: Store<D>) -> Result<(), Error> {
    store
        .enqueue(vec![job(1, "a").due(Due::After(60 * MINUTE))])
        .await?;
    assert_eq!(restart(&store, &[1], Due::Now, None).await?, [id(1)]);
    assert_eq!(numbers(&claim(&store, 10).await?), [1]);
    store.enqueue(vec![job(2, "a")]).await?;
    assert_eq!(
        restart(&store, &[2], Due::After(MINUTE), None).await?,
        [id(2)]
    );
    assert!(
        claim(&store, 10).await?.is_empty(),
        "the new time takes the place of the old"
    );
    Ok(())
}

pub async fn a_running_job_is_not_restarted<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a")]).await?;
    let claimed = claim(&store, 10).await?;
    assert_eq!(restart(&store, &[1], Due::Now, Some(0)).await?, []);
    assert_eq!(
        store.settle(outcomes(&claimed, Verdict::Done)).await?,
        [Settled::Applied]
    );
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
    due: Due,
    attempts: Option<u32>,
) -> Result<Vec<Id>, Error> {
    let ids: Vec<_> = numbers.iter().copied().map(id).collect();
    let mut transaction = store.begin().await?;
    let mut restarted = store
        .restart_in(&mut transaction, &ids, due, attempts)
        .await?;
    transaction.commit().await?;
    restarted.sort_unstable();
    Ok(restarted)
}
