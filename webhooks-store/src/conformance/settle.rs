//! Jobs end as the holder of their lease says, and only so.

use super::{LEASE, MINUTE, QUEUE, claim, id, job, jobs, number, numbers, outcomes};
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, State};
use crate::settle::{Settled, Verdict};
use crate::store::Store;

pub async fn a_finished_job_is_kept_as_it_ended<D: Database>(store: Store<D>) -> Result<(), Error> {
    let new = |number| {
        job(number, "a")
            .reference(id(9))
            .order_key("k")
            .labels("l")
            .data([1, 2, 3])
    };
    store.enqueue(vec![new(1), new(2), new(3)]).await?;
    let claimed = claim(&store, 10).await?;
    store.clock().advance(MINUTE / 2);
    let verdicts = [Verdict::Done, Verdict::Failed, Verdict::Cancelled];
    for (job, verdict) in claimed.iter().zip(verdicts) {
        let settled = store.settle(vec![job.outcome(verdict)]).await?;
        assert_eq!(settled, [Settled::Applied]);
    }
    for (job, (state, attempts)) in
        claimed
            .iter()
            .zip([(State::Done, 1), (State::Failed, 1), (State::Cancelled, 0)])
    {
        let record = store.job(job.id).await?.expect("it is kept");
        assert_eq!(
            (record.state, record.attempts, record.claim),
            (state, attempts, 1)
        );
        assert_eq!(
            (record.queue.as_str(), &record.lane, record.reference),
            (QUEUE, &job.lane, Some(id(9)))
        );
        assert_eq!(
            (record.order_key.as_deref(), record.labels.as_deref()),
            (Some("k"), Some("l"))
        );
        assert_eq!(
            (record.data, record.created_at, record.due_at),
            (vec![1, 2, 3], job.created_at, job.due_at)
        );
        assert!(record.finished_at.expect("it is finished") >= job.created_at + MINUTE / 2);
    }
    store.clock().advance(10 * LEASE);
    assert_eq!(store.rescue(QUEUE, LEASE, 10).await?, []);
    assert!(claim(&store, 10).await?.is_empty());
    Ok(())
}

pub async fn a_forgotten_job_leaves_nothing<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a")]).await?;
    let claimed = claim(&store, 10).await?;
    assert_eq!(
        store.settle(outcomes(&claimed, Verdict::Forget)).await?,
        [Settled::Applied]
    );
    assert_eq!(store.job(id(1)).await?, None);
    store.enqueue(vec![job(1, "a")]).await?;
    Ok(())
}

pub async fn a_retry_counts_and_a_release_does_not<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a")]).await?;
    let steps = [
        (Verdict::Retry(Due::After(MINUTE)), 1),
        (Verdict::Release(Due::After(MINUTE)), 1),
        (Verdict::Retry(Due::Now), 2),
        (Verdict::Release(Due::Now), 2),
    ];
    for (claim_number, (verdict, attempts)) in (1..).zip(steps) {
        let claimed = claim(&store, 1).await?;
        assert_eq!(claimed[0].claim, claim_number);
        store.settle(outcomes(&claimed, verdict)).await?;
        if let Verdict::Retry(Due::After(_)) | Verdict::Release(Due::After(_)) = verdict {
            assert!(claim(&store, 1).await?.is_empty(), "not due yet");
        }
        let record = store.job(id(1)).await?.expect("it waits");
        assert_eq!((record.state, record.attempts), (State::Pending, attempts));
        store.clock().advance(2 * MINUTE);
    }
    assert_eq!(claim(&store, 1).await?[0].attempts, 2);
    Ok(())
}

pub async fn a_late_outcome_changes_nothing<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a")]).await?;
    let late = claim(&store, 1).await?;
    store.clock().advance(2 * LEASE);
    assert_eq!(store.rescue(QUEUE, LEASE, 10).await?, [late[0].lease()]);
    let ends = [
        Verdict::Done,
        Verdict::Failed,
        Verdict::Retry(Due::After(MINUTE)),
        Verdict::Forget,
    ];
    for verdict in ends {
        assert_eq!(
            store.settle(outcomes(&late, verdict)).await?,
            [Settled::LeaseLost],
            "taken back"
        );
    }
    let current = claim(&store, 1).await?;
    for verdict in ends {
        assert_eq!(
            store.settle(outcomes(&late, verdict)).await?,
            [Settled::LeaseLost],
            "taken by another"
        );
    }
    assert_eq!(
        store.extend(&[late[0].lease()], LEASE).await?,
        [Settled::LeaseLost]
    );
    let record = store.job(id(1)).await?.expect("it runs");
    assert_eq!((record.state, record.attempts), (State::Running, 0));
    assert_eq!(
        store.settle(outcomes(&current, Verdict::Done)).await?,
        [Settled::Applied]
    );
    assert_eq!(
        store.settle(outcomes(&late, Verdict::Failed)).await?,
        [Settled::LeaseLost],
        "finished"
    );
    assert_eq!(
        store.job(id(1)).await?.expect("it is kept").state,
        State::Done
    );
    Ok(())
}

pub async fn of_two_outcomes_the_first_counts<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(vec![job(1, "a")]).await?;
    let job = claim(&store, 1).await?.remove(0);
    let verdicts = [Verdict::Done, Verdict::Failed, Verdict::Retry(Due::Now)];
    let both = verdicts.map(|verdict| job.outcome(verdict)).to_vec();
    let expected = [Settled::Applied, Settled::LeaseLost, Settled::LeaseLost];
    assert_eq!(store.settle(both).await?, expected);
    assert_eq!(
        store.job(id(1)).await?.expect("it is kept").state,
        State::Done
    );
    Ok(())
}

pub async fn outcomes_are_answered_in_their_order<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    for lane in 0..3 {
        store
            .enqueue(jobs(lane * 200..lane * 200 + 200, &format!("lane {lane}")))
            .await?;
    }
    let claimed = claim(&store, 600).await?;
    assert_eq!(claimed.len(), 600);
    let lost = |number: u64| number.is_multiple_of(7);
    let verdict = |number: u64| match number % 4 {
        0 => Verdict::Done,
        1 => Verdict::Failed,
        2 => Verdict::Retry(Due::After(MINUTE)),
        _ => Verdict::Forget,
    };
    let mixed = claimed.iter().map(|job| {
        let mut outcome = job.outcome(verdict(number(job.id)));
        outcome.lease.claim -= i64::from(lost(number(job.id)));
        outcome
    });
    let settled = store.settle(mixed.collect()).await?;
    for (job, settled) in claimed.iter().zip(settled) {
        assert_eq!(settled.is_applied(), !lost(number(job.id)), "{:?}", job.id);
        let state = store.job(job.id).await?.map(|record| record.state);
        let expected = match number(job.id) % 4 {
            _ if lost(number(job.id)) => Some(State::Running),
            0 => Some(State::Done),
            1 => Some(State::Failed),
            2 => Some(State::Pending),
            _ => None,
        };
        assert_eq!(state, expected, "{:?}", job.id);
    }
    Ok(())
}

pub async fn a_rolled_back_outcome_never_was<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(jobs(1..3, "a")).await?;
    let claimed = claim(&store, 10).await?;
    let mut transaction = store.begin().await?;
    store
        .settle_in(&mut transaction, &outcomes(&claimed, Verdict::Done))
        .await?;
    transaction.rollback().await?;
    assert_eq!(
        store.job(id(1)).await?.expect("it runs").state,
        State::Running
    );
    let settled = store
        .settle(outcomes(&claimed, Verdict::Retry(Due::Now)))
        .await?;
    assert_eq!(settled, [Settled::Applied; 2]);
    assert_eq!(numbers(&claim(&store, 10).await?), [1, 2]);
    Ok(())
}
