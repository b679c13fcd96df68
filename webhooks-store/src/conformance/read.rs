//! What waits is read: which lanes there are, what is due in them, what was scheduled.

use super::{MINUTE, QUEUE, due, id, job, jobs, lane, number, numbers, worker, worker_with};
use crate::clock::to_ms;
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, NewJob};
use crate::lane::{LaneName, Slot};
use crate::lanes::{Answer, DueCursor, Entry, Place, Refill};
use crate::outcome::Verdict;
use crate::store::Store;
use crate::worker::Worker;

fn refill(key: &str, from: Place, room: u32) -> Refill {
    let lane = lane(key);
    Refill { lane, from, room }
}

async fn read<D: Database>(store: &Store<D>, refills: &[Refill]) -> Result<Vec<Entry>, Error> {
    match worker(store).refill(refills).await? {
        Answer::Rows(rows) => {
            assert!(rows.now_ms > 0);
            Ok(rows.entries)
        }
        other => panic!("{other:?}"),
    }
}

pub async fn a_lane_is_read_in_order_from_a_place_on<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let after = |number, minutes| job(number, "a").due(Due::After(minutes * MINUTE));
    store
        .enqueue(vec![after(1, 30), after(2, 10), after(3, 20), after(4, 90)])
        .await?;
    store.enqueue(jobs(5..7, "a")).await?;
    store.clock().advance(60 * MINUTE);
    let order =
        |entries: &[Entry]| -> Vec<_> { entries.iter().map(|entry| number(entry.id())).collect() };
    let all = due(&store, "a", 10).await?;
    assert_eq!(
        order(&all),
        [5, 6, 2, 3, 1],
        "what is due, the longest first"
    );
    assert_eq!(order(&due(&store, "a", 3).await?), [5, 6, 2]);
    let behind = read(&store, &[refill("a", all[1].place.next(), 10)]).await?;
    assert_eq!(numbers(&behind), [1, 2, 3]);
    let from = read(&store, &[refill("a", all[1].place, 2)]).await?;
    assert_eq!(numbers(&from), [2, 6]);
    Ok(())
}

pub async fn each_lane_gives_what_it_has_room_for<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let mut refills = Vec::new();
    for number in 0..40_u64 {
        let key = format!("lane {number}");
        store
            .enqueue(jobs(number * 100..number * 100 + 30, &key))
            .await?;
        let room = u32::try_from(1 + number % 40).expect("small");
        refills.push(refill(&key, Place::FIRST, room));
    }
    refills.push(refill("empty", Place::FIRST, 5));
    let found = read(&store, &refills).await?;
    for number in 0..40_u64 {
        let name = lane(&format!("lane {number}"));
        let of_lane: Vec<_> = found
            .iter()
            .filter(|entry| entry.lane == name)
            .cloned()
            .collect();
        let room = (1 + number).min(30);
        let expected: Vec<_> = (number * 100..number * 100 + room).collect();
        assert_eq!(numbers(&of_lane), expected, "the first of lane {number}");
    }
    Ok(())
}

pub async fn a_job_comes_back_as_it_was_inserted<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let data: Vec<u8> = (0..=255).collect();
    let full = job(1, "a\0b")
        .slot(Slot(200))
        .owner(-5)
        .reference(id(9))
        .order_key("k\u{1f600}")
        .labels("{\"a\":1}")
        .data(data.clone());
    store
        .enqueue(vec![full, job(2, "b").order_key("k\u{1f600}")])
        .await?;
    let found = store.look(QUEUE, &[id(1), id(2), id(77)]).await?;
    assert!(found.now_ms > 0);
    let mut entries = found.entries;
    entries.sort_unstable_by_key(Entry::id);
    let full = &entries[0];
    assert_eq!(full.lane, LaneName::new(Slot(200), *b"a\0b"));
    assert_eq!((full.owner, full.attempts, full.held_ms), (-5, 0, None));
    let content = &full.content;
    assert_eq!(content.reference, Some(id(9)));
    assert_eq!(content.order_key.as_deref(), Some("k\u{1f600}"));
    assert_eq!(content.labels.as_deref(), Some("{\"a\":1}"));
    assert_eq!(content.data, data);
    assert_eq!(to_ms(content.created_at), full.place.due_ms);
    assert!(full.order_key.is_some() && full.order_key == entries[1].order_key);
    assert_eq!(entries[1].lane, lane("b"));
    assert!(entries[1].content.data.is_empty());
    assert_eq!(entries.len(), 2);
    assert_eq!(store.look("other", &[id(1)]).await?.entries, []);
    Ok(())
}

async fn sweep<D: Database>(
    worker: &Worker<D>,
    slots: &[Slot],
    after: Option<&LaneName>,
) -> Result<(Vec<(LaneName, i64)>, Option<LaneName>), Error> {
    match worker.sweep(slots, after).await? {
        Answer::Sweep { lanes, up_to } => Ok((lanes, up_to)),
        other => panic!("{other:?}"),
    }
}

pub async fn a_sweep_finds_each_lane_that_has_any_row<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let keys: [&[u8]; 7] = [b"", b"\0", b"\0\0", b"a", b"a\0", b"\xff", b"\xff\xff"];
    let mut all = Vec::new();
    for (number, slot) in (0..).zip([0_u8, 3, 4, 255]) {
        for (own, key) in (0..).zip(keys) {
            let new = NewJob::new(QUEUE, id(number * 100 + own), key).slot(Slot(slot));
            let again = NewJob::new(QUEUE, id(number * 100 + own + 50), key).slot(Slot(slot));
            let later = Due::After(MINUTE);
            store
                .enqueue(vec![new.owner(7).due(later), again.owner(7)])
                .await?;
            all.push((LaneName::new(Slot(slot), key), 7));
        }
    }
    store
        .enqueue(vec![NewJob::new("other", id(900), "o").slot(Slot(3))])
        .await?;
    let every: Vec<_> = Slot::all().collect();
    assert_eq!(
        sweep(&worker(&store), &every, None).await?,
        (all.clone(), None)
    );
    let asked = [Slot(3), Slot(255)];
    let wanted = |(lane, _): &&(LaneName, i64)| asked.contains(&lane.slot);
    let wanted: Vec<_> = all.iter().filter(wanted).cloned().collect();
    // Page by page.
    let small = worker_with(&store, 3);
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let (page, up_to) = sweep(&small, &asked, after.as_ref()).await?;
        assert!(page.len() <= 3);
        found.extend(page);
        if up_to.is_none() {
            break;
        }
        after = up_to;
    }
    assert_eq!(found, wanted);
    Ok(())
}

/// The numbers of what is due, how far it was read, whether there is more, and in how many milliseconds the next is.
async fn scheduled<D: Database>(
    worker: &Worker<D>,
    cursor: DueCursor,
) -> Result<(Vec<u64>, DueCursor, bool, Option<i64>), Error> {
    match worker.due(cursor).await? {
        Answer::Due {
            rows,
            cursor,
            more,
            next_ms,
        } => {
            let order = rows.entries.iter().map(|entry| number(entry.id()));
            let next = next_ms.map(|ms| ms - rows.now_ms);
            Ok((order.collect(), cursor, more, next))
        }
        other => panic!("{other:?}"),
    }
}

pub async fn what_is_scheduled_is_read_when_its_time_comes<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let after = |number, minutes: u32| job(number, "a").due(Due::After(minutes * MINUTE));
    store
        .enqueue(vec![after(1, 1), after(2, 2), after(3, 3), after(4, 30)])
        .await?;
    store.enqueue(jobs(10..12, "a")).await?;
    let waiting = due(&store, "a", 1).await?.remove(0);
    let retry = waiting.outcome(Verdict::Retry(Due::After(2 * MINUTE)));
    store.record(&[retry]).await?;
    let worker = worker_with(&store, 2);
    let (found, cursor, more, next) = scheduled(&worker, DueCursor::default()).await?;
    assert_eq!((found, more), (vec![], false));
    assert!(
        next.is_some_and(|next| (1..=60_000).contains(&next)),
        "{next:?}"
    );
    store.clock().advance(10 * MINUTE);
    let (first, cursor, more, _) = scheduled(&worker, cursor).await?;
    assert_eq!((first, more), (vec![1, 2], true));
    let (second, cursor, ..) = scheduled(&worker, cursor).await?;
    assert_eq!(second, [10, 3], "a retry is scheduled as well");
    let (third, cursor, more, next) = scheduled(&worker, cursor).await?;
    assert_eq!((third, more), (vec![], false));
    assert!(next.is_some_and(|next| next <= 20 * 60_000), "{next:?}");
    let (again, ..) = scheduled(&worker, cursor).await?;
    assert_eq!(again, [0_u64; 0]);
    Ok(())
}
