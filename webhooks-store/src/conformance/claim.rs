//! Jobs come out: each to one worker, in turn over the lanes.

use std::collections::HashMap;

use super::{MINUTE, QUEUE, claim, claimer, id, job, jobs, numbers};
use crate::claim::Claimer;
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, Job, Lane, NewJob};
use crate::store::Store;

pub async fn a_claimed_job_is_not_claimed_again<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(jobs(0..10, "a")).await?;
    assert_eq!(numbers(&claim(&store, 4).await?), [0, 1, 2, 3]);
    assert_eq!(numbers(&claim(&store, 4).await?), [4, 5, 6, 7]);
    assert_eq!(numbers(&claim(&store, 4).await?), [8, 9]);
    assert!(claim(&store, 4).await?.is_empty());
    Ok(())
}

pub async fn the_longest_due_job_of_a_lane_comes_first<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let due = |number, minutes| job(number, "a").due(Due::After(minutes * MINUTE));
    store
        .enqueue(vec![due(1, 30), due(2, 10), due(3, 20), due(4, 40)])
        .await?;
    store.clock().advance(60 * MINUTE);
    let order: Vec<_> = claim(&store, 3).await?.iter().map(|job| job.id).collect();
    assert_eq!(order, [id(2), id(3), id(1)]);
    Ok(())
}

pub async fn a_long_lane_does_not_delay_the_others<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(0..2000, "long")).await?;
    for lane in 0..5 {
        store
            .enqueue(jobs(
                10_000 + lane * 10..10_000 + lane * 10 + 3,
                &format!("short {lane}"),
            ))
            .await?;
    }
    let claimed = claim(&store, 60).await?;
    assert_eq!(
        by_lane(&claimed)
            .values()
            .filter(|count| **count == 3)
            .count(),
        5,
        "all of the short ones"
    );
    assert!(
        by_lane(&claimed)[&Lane::from("long")] >= 10,
        "and a share of the long one"
    );
    Ok(())
}

pub async fn the_turn_goes_on_where_the_last_claim_stopped<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    for lane in 0..50_u64 {
        store
            .enqueue(jobs(lane * 10..lane * 10 + 4, &format!("lane {lane}")))
            .await?;
    }
    let mut worker = claimer(&store);
    for round in 0..4 {
        let mut seen = HashMap::new();
        for _ in 0..5 {
            for (lane, count) in by_lane(&worker.claim(10).await?.jobs) {
                *seen.entry(lane).or_insert(0) += count;
            }
        }
        assert_eq!(seen.len(), 50, "round {round}: each lane once");
    }
    assert!(worker.claim(10).await?.jobs.is_empty());
    Ok(())
}

pub async fn a_lane_that_may_not_be_taken_from_is_left_alone<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(0..600, "blocked")).await?;
    store.enqueue(jobs(1000..1010, "a")).await?;
    store.enqueue(jobs(2000..2010, "z")).await?;
    let mut worker = claimer(&store);
    let blocked = Lane::from("blocked");
    let allow = |lane: &Lane| if *lane == blocked { 0 } else { 3 };
    let claimed = worker.claim_where(100, allow).await?.jobs;
    assert_eq!(
        by_lane(&claimed),
        HashMap::from([(Lane::from("a"), 3), (Lane::from("z"), 3)])
    );
    assert_eq!(worker.claim_where(100, |_| 0).await?.jobs, []);
    Ok(())
}

pub async fn queues_never_meet<D: Database>(store: Store<D>) -> Result<(), Error> {
    store
        .enqueue(vec![NewJob::new("other", id(1), "a"), job(2, "a")])
        .await?;
    store
        .enqueue(vec![
            NewJob::new("other", id(3), "a").due(Due::After(MINUTE)),
        ])
        .await?;
    assert_eq!(numbers(&claim(&store, 10).await?), [2]);
    assert_eq!(store.next_due(QUEUE).await?, None);
    assert_eq!(
        numbers(&Claimer::new(&store, "other").claim(10).await?.jobs),
        [1]
    );
    Ok(())
}

pub async fn a_lane_is_any_bytes<D: Database>(store: Store<D>) -> Result<(), Error> {
    let lanes: [&[u8]; 7] = [b"", b"\0", b"\0\0", b"a", b"a\0", b"\xff", b"\xff\xff"];
    let new = (0..)
        .zip(lanes)
        .map(|(number, lane)| NewJob::new(QUEUE, id(number), lane));
    store.enqueue(new.collect()).await?;
    let mut worker = claimer(&store);
    for _ in 0..lanes.len() {
        assert_eq!(worker.claim(1).await?.jobs.len(), 1);
    }
    assert!(worker.claim(1).await?.jobs.is_empty());
    Ok(())
}

pub async fn a_claim_says_whether_more_could_be_had<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(0..10, "a")).await?;
    store.enqueue(jobs(100..101, "b")).await?;
    let mut worker = claimer(&store);
    let first = worker.claim(6).await?;
    assert!(first.more && first.lease_until.is_some());
    let second = worker.claim_where(100, |_| 2).await?;
    assert!(!second.more, "the lanes have more, but may not give it");
    let third = worker.claim(100).await?;
    assert!(!third.more);
    assert_eq!(first.jobs.len() + second.jobs.len() + third.jobs.len(), 11);
    let fourth = worker.claim(100).await?;
    assert!(fourth.jobs.is_empty() && !fourth.more && fourth.lease_until.is_none());
    Ok(())
}

pub async fn nothing_is_claimed_twice_by_many_at_once<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    for lane in 0..10_u64 {
        store
            .enqueue(jobs(lane * 100..lane * 100 + 50, &format!("lane {lane}")))
            .await?;
    }
    let workers: Vec<_> = (0..8)
        .map(|_| tokio::spawn(claim_all(store.clone())))
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.expect("no worker panics")?);
    }
    assert_eq!(all.len(), 500);
    assert!(all.iter().all(|job| job.claim == 1));
    let distinct: std::collections::HashSet<_> = all.iter().map(|job| job.id).collect();
    assert_eq!(distinct.len(), 500);
    Ok(())
}

async fn claim_all<D: Database>(store: Store<D>) -> Result<Vec<Job>, Error> {
    let mut worker = claimer(&store);
    let mut all = Vec::new();
    // Another worker may be holding what is left for a moment, and then it is that worker's.
    loop {
        let claimed = worker.claim(7).await?;
        if claimed.jobs.is_empty() {
            return Ok(all);
        }
        all.extend(claimed.jobs);
    }
}

fn by_lane(jobs: &[Job]) -> HashMap<Lane, usize> {
    let mut lanes = HashMap::new();
    for job in jobs {
        *lanes.entry(job.lane.clone()).or_default() += 1;
    }
    lanes
}
