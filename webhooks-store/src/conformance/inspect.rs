//! What can be seen, and what is forgotten.

use std::time::{Duration, UNIX_EPOCH};

use super::{MINUTE, QUEUE, due, id, job, jobs, lane, number, outcomes};
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, Id, JobRecord, NewJob, State};
use crate::lane::Lane;
use crate::outcome::Verdict;
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
    let counts = store.counts(QUEUE).await?;
    assert_eq!((counts.ready, counts.scheduled), (8, 1));
    store.clock().advance(MINUTE);
    let counts = store.counts(QUEUE).await?;
    assert_eq!((counts.ready, counts.scheduled), (9, 0));
    let oldest = counts.oldest_ready.expect("nine are ready");
    assert!(
        (2 * MINUTE..2 * MINUTE + A_LITTLE).contains(&oldest),
        "{oldest:?}"
    );
    let waiting = due(&store, "a", 3).await?;
    store.record(&outcomes(&waiting, Verdict::Done)).await?;
    assert_eq!(store.counts(QUEUE).await?.ready, 6);
    assert_eq!(store.counts("other").await?.ready, 0);
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
    assert!(store.next_due(QUEUE).await?.expect("one is scheduled") > 18 * MINUTE);
    let second = store.look(QUEUE, &[id(2)]).await?.entries;
    let held = outcomes(&second, Verdict::Hold(Due::After(MINUTE)));
    store.record(&held).await?;
    let next = store.next_due(QUEUE).await?.expect("one is held");
    assert!(next <= MINUTE, "{next:?}");
    let stopped = store.look(QUEUE, &[id(2)]).await?.entries;
    store.record(&outcomes(&stopped, Verdict::Stop)).await?;
    let next = store.next_due(QUEUE).await?.expect("one is scheduled");
    assert!(next > 18 * MINUTE, "{next:?}");
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
    let waiting = due(&store, "a", 2).await?;
    store
        .record(&outcomes(&waiting[..1], Verdict::Done))
        .await?;
    let others = about(4..6, "b").map(|job| job.owner(7));
    store.enqueue(others.collect()).await?;
    store
        .enqueue(vec![job(6, "b").reference(id(8)), job(7, "b")])
        .await?;
    let found = store.jobs_about(id(9), None, None, 10).await?;
    assert_eq!(record_numbers(&found), [1, 2, 3, 4, 5]);
    let states: Vec<_> = found.iter().map(|record| record.state).collect();
    let expected = [
        State::Done,
        State::Pending,
        State::Pending,
        State::Pending,
        State::Pending,
    ];
    assert_eq!(states, expected);
    assert_eq!(
        record_numbers(&store.jobs_about(id(9), None, Some(id(2)), 2).await?),
        [3, 4]
    );
    let of = async |owner| store.jobs_about(id(9), Some(owner), None, 10).await;
    assert_eq!(record_numbers(&of(7).await?), [4, 5]);
    assert_eq!(record_numbers(&of(8).await?), [0; 0]);
    jobs_about_several_are_found(&store).await
}

/// Of things 8, 9 and 5, which have none, where those above are.
async fn jobs_about_several_are_found<D: Database>(store: &Store<D>) -> Result<(), Error> {
    let each = async |things: &[Id], owner, most| {
        let found = store.jobs_about_each(things, owner, most).await?;
        Ok::<_, Error>(found.map(|mut records| {
            records.sort_unstable_by_key(|record| record.id);
            record_numbers(&records)
        }))
    };
    let both = [id(9), id(8), id(5)];
    assert_eq!(each(&both, None, 6).await?, Some(vec![1, 2, 3, 4, 5, 6]));
    assert_eq!(each(&both, None, 5).await?, None);
    assert_eq!(each(&both, Some(7), 5).await?, Some(vec![4, 5]));
    assert_eq!(each(&[id(8)], None, 1).await?, Some(vec![6]));
    assert_eq!(each(&[], None, 1).await?, Some(Vec::new()));
    let mut connection = store.connection().await?;
    let mut waiting = async |things: &[Id], owner, most| {
        let found = store.unfinished_about_each_in(&mut connection, things, owner, most);
        let mut numbers = found.await?.map(|records| record_numbers(&records));
        if let Some(numbers) = &mut numbers {
            numbers.sort_unstable();
        }
        Ok::<_, Error>(numbers)
    };
    assert_eq!(waiting(&both, None, 5).await?, Some(vec![2, 3, 4, 5, 6]));
    assert_eq!(waiting(&both, None, 4).await?, None);
    assert_eq!(waiting(&both, Some(7), 5).await?, Some(vec![4, 5]));
    assert_eq!(waiting(&[], None, 1).await?, Some(Vec::new()));
    Ok(())
}

pub async fn the_past_is_listed_newest_first_however_old_it_is<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let (queue, lane) = (QUEUE, Lane::from("a"));
    let now = store.clock().now();
    let mut ids = vec![id(1), id(2), Id::at(now + 1440 * MINUTE, [3; 10])];
    for days in [0, 1, 2, 3, 9, 10, 11, 40] {
        ids.push(Id::at(now - days * 1440 * MINUTE, [1; 10]));
        ids.push(Id::at(now - days * 1440 * MINUTE, [2; 10]));
    }
    ids.sort_unstable();
    let owner = |number: usize| i64::from(number.is_multiple_of(2)) + 7;
    let all = ids.iter().enumerate();
    let jobs = all.map(|(number, id)| NewJob::new(queue, *id, "a").owner(owner(number)));
    store.enqueue(jobs.collect()).await?;
    let waiting = due(&store, "a", 100).await?;
    store.record(&outcomes(&waiting, Verdict::Failed)).await?;
    ids.reverse();
    let first = ids.len() - 1;
    for of in [None, Some(7), Some(8)] {
        let own = ids.iter().enumerate();
        let own = own.filter(|(number, _)| of.is_none_or(|of| of == owner(first - number)));
        let own: Vec<Id> = own.map(|(_, id)| *id).collect();
        for limit in [1, 3, 100] {
            let (mut finished, mut failed) = (Vec::new(), Vec::new());
            loop {
                let before = finished.last().copied();
                let page = store.finished(queue, &lane, of, before, limit).await?;
                assert!(page.len() <= limit as usize);
                let failures = store.failures(of, before, limit).await?;
                failed.extend(failures.iter().map(|job| job.id));
                finished.extend(page.iter().map(|job| job.id));
                if page.len() < limit as usize {
                    break;
                }
            }
            assert_eq!((&finished, &failed), (&own, &own), "{limit} of {of:?}");
        }
    }
    assert!(store.failures(Some(9), None, 10).await?.is_empty());
    Ok(())
}

pub async fn a_lane_shows_its_past_and_its_future<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(1..8, "a")).await?;
    store
        .enqueue(vec![job(20, "a").due(Due::After(MINUTE)), job(30, "b")])
        .await?;
    let waiting = due(&store, "a", 4).await?;
    store
        .record(&outcomes(&waiting[..2], Verdict::Failed))
        .await?;
    store
        .record(&outcomes(&waiting[2..], Verdict::Done))
        .await?;
    let (lane, name) = (Lane::from("a"), lane("a"));
    assert_eq!(
        record_numbers(&store.unfinished(QUEUE, &name, 10).await?),
        [5, 6, 7, 20]
    );
    assert_eq!(
        record_numbers(&store.unfinished(QUEUE, &name, 2).await?),
        [5, 6]
    );
    assert_eq!(
        record_numbers(&store.finished(QUEUE, &lane, None, None, 10).await?),
        [4, 3, 2, 1]
    );
    assert_eq!(
        record_numbers(&store.finished(QUEUE, &lane, None, Some(id(3)), 1).await?),
        [2]
    );
    let others = store.finished(QUEUE, &lane, Some(7), None, 10).await?;
    assert_eq!(record_numbers(&others), [0; 0]);
    let own = store.finished(QUEUE, &lane, Some(0), None, 10).await?;
    assert_eq!(record_numbers(&own), [4, 3, 2, 1]);
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

pub async fn a_job_is_found_by_what_it_is_about_and_nothing_else_is<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let thing = |first: u8| Id::from_bytes([first; 16]);
    // Made in the same millisecond, and alike in two further bytes.
    let mut alike = *thing(5).as_bytes();
    alike[15] = 6;
    let alike = Id::from_bytes(alike);
    let about =
        |thing: Id, own| NewJob::new(QUEUE, Id::about(thing, [own; 8]), "a").reference(thing);
    store
        .enqueue(vec![
            about(thing(4), 255),
            about(thing(5), 0),
            about(thing(5), 255),
            about(alike, 7),
            about(thing(6), 0),
        ])
        .await?;
    let found = store.jobs_about(thing(5), None, None, 10).await?;
    let own: Vec<_> = found.iter().map(|job| job.id.as_bytes()[15]).collect();
    assert_eq!(own, [0, 255]);
    let next = store
        .jobs_about(thing(5), None, Some(found[0].id), 10)
        .await?;
    assert_eq!(next.len(), 1);
    assert_eq!(
        store
            .jobs_about(thing(5), None, Some(found[1].id), 10)
            .await?,
        []
    );
    assert_eq!(store.jobs_about(alike, None, None, 10).await?.len(), 1);
    Ok(())
}

pub async fn known_jobs_are_told_from_others<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(jobs(1..4, "a")).await?;
    let waiting = due(&store, "a", 1).await?;
    store.record(&outcomes(&waiting, Verdict::Done)).await?;
    let mut connection = store.connection().await?;
    let mut known: Vec<_> = store
        .known_in(&mut connection, (0..300).map(id))
        .await?
        .into_iter()
        .map(number)
        .collect();
    known.sort_unstable();
    assert_eq!(known, [1, 2, 3]);
    assert_eq!(store.known_in(&mut connection, []).await?.len(), 0);
    Ok(())
}

fn record_numbers(records: &[JobRecord]) -> Vec<u64> {
    records.iter().map(|record| number(record.id)).collect()
}
