//! A job that ends each process that works on it is found, and nothing else is taken for it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::hand_over::{Process, time};
use super::membership::{beat, join};
use super::{MINUTE, TTL, job, number, worker};
use crate::database::Database;
use crate::error::Error;
use crate::lanes::{Answer, Ask, Entry, OwnSlot};
use crate::outcome::Verdict;
use crate::store::Store;
use crate::worker::Worker;

async fn take<D: Database>(worker: &mut Worker<D>, most: u32) -> Result<Vec<OwnSlot>, Error> {
    match worker.execute(&Ask::Take { most, back: false }).await? {
        Answer::Taken(taken) => Ok(taken),
        other => panic!("{other:?}"),
    }
}

pub async fn a_slot_is_doubtful_when_two_owners_in_a_row_have_died<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let doubtful = |slots: &[OwnSlot]| slots.iter().filter(|own| own.is_doubtful).count();
    for (died, expected) in [(0, 0), (1, 0), (2, 256), (3, 256)] {
        let mut one = worker(&store);
        join(&mut one).await?;
        let taken = take(&mut one, 256).await?;
        assert_eq!((taken.len(), doubtful(&taken)), (256, expected), "{died}");
        store.clock().advance(TTL + Duration::from_secs(1));
    }
    let mut one = worker(&store);
    join(&mut one).await?;
    take(&mut one, 256).await?;
    one.execute(&Ask::Leave).await?;
    // Who ends well says nothing of its slots, for good or bad.
    let mut last = worker(&store);
    join(&mut last).await?;
    assert_eq!(doubtful(&take(&mut last, 256).await?), 256);
    for _ in 0..31 * 6 {
        store.clock().advance(MINUTE / 6);
        assert!(beat(&mut last).await?.is_some());
    }
    let own = beat(&mut last).await?.expect("it lives").own;
    assert_eq!((own.len(), doubtful(&own)), (256, 0), "nothing has died");
    store.clock().advance(TTL + Duration::from_secs(1));
    let mut next = worker(&store);
    join(&mut next).await?;
    let taken = take(&mut next, 256).await?;
    assert_eq!(doubtful(&taken), 0, "the earlier ones are long past");
    Ok(())
}

pub async fn a_job_that_ends_its_process_is_found_and_no_other_is<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    const JOBS: u64 = 300;
    let deadly = BTreeSet::from([40, 41, 250]);
    let jobs = (0..JOBS).map(|number| job(number, &format!("lane {}", number % 7)));
    store.enqueue(jobs.collect()).await?;
    let mut time = time(&store);
    let (mut done, mut found, mut deaths) = (BTreeMap::<u64, u32>::new(), BTreeSet::new(), 0);
    while done.len() + found.len() < usize::try_from(JOBS).expect("a few") {
        let mut process = Process::new(&store);
        let mut idle = 0;
        // Its feed is looked at, and its marks are written, in more than one round.
        while idle < 3 {
            let now = time.now();
            process.look(now).await?;
            let begun = process.begin(now);
            idle = if begun.is_empty() { idle + 1 } else { 0 };
            let (given_up, tried): (Vec<_>, Vec<_>) = begun.into_iter().partition(Entry::is_deadly);
            found.extend(given_up.iter().map(|entry| number(entry.id())));
            process.end(given_up, Verdict::Failed, now).await?;
            if tried
                .iter()
                .any(|entry| deadly.contains(&number(entry.id())))
            {
                deaths += 1;
                break;
            }
            for entry in &tried {
                *done.entry(number(entry.id())).or_default() += 1;
            }
            process.end(tried, Verdict::Done, now).await?;
        }
        drop(process);
        time.pass(TTL + Duration::from_secs(1));
        assert!(deaths <= 2 + 4 * deadly.len(), "{found:?} of {deadly:?}");
    }
    assert_eq!(found, deadly);
    assert!(done.values().all(|count| *count == 1));
    Ok(())
}

pub async fn a_request_that_was_not_made_does_not_count_as_begun<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(vec![job(1, "lane")]).await?;
    let id = super::id(1);
    let starts = async || store.look(super::QUEUE, &[id]).await;
    let mut one = worker(&store);
    let mark = |begun, not_made| Ask::Mark { begun, not_made };
    for ask in [mark(vec![id], vec![]), mark(vec![id], vec![])] {
        one.execute(&ask).await?;
    }
    assert_eq!(starts().await?.entries[0].starts, 2);
    for expected in [1, 0, 0] {
        one.execute(&mark(vec![], vec![id, super::id(9)])).await?;
        assert_eq!(starts().await?.entries[0].starts, expected);
    }
    one.execute(&mark(vec![id], vec![])).await?;
    let entry = starts().await?.entries.remove(0);
    let again = entry.outcome(Verdict::Retry(crate::job::Due::Now));
    store.record(&[again]).await?;
    let entry = starts().await?.entries.remove(0);
    assert_eq!(entry.starts, 0, "an outcome");
    Ok(())
}
