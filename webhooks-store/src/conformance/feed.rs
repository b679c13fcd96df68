//! What comes is read once: whenever it is committed, however many it is, by the process that owns its lane.

use super::{MINUTE, QUEUE, due, id, job, jobs, lane, number, outcomes, worker, worker_with};
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, NewJob};
use crate::lane::Slot;
use crate::lanes::{Answer, FeedCursor, Rows};
use crate::outcome::Verdict;
use crate::store::Store;
use crate::worker::Worker;

/// A feed that is read like a machine reads it.
struct Reader<D: Database> {
    worker: Worker<D>,
    cursor: FeedCursor,
    slots: Vec<Slot>,
    next_ms: Option<i64>,
}

impl<D: Database> Reader<D> {
    async fn open(worker: Worker<D>) -> Result<Self, Error> {
        let mut reader = Self {
            worker,
            cursor: FeedCursor::default(),
            slots: Slot::all().collect(),
            next_ms: None,
        };
        assert_eq!(
            reader.page().await?.0.entries,
            [],
            "where it stands, no more"
        );
        assert!(reader.cursor.next > 0);
        Ok(reader)
    }

    async fn page(&mut self) -> Result<(Rows, bool), Error> {
        match self.worker.feed(&self.cursor, &self.slots).await? {
            Answer::Feed {
                rows,
                cursor,
                more,
                next_ms,
            } => {
                (self.cursor, self.next_ms) = (cursor, next_ms);
                Ok((rows, more))
            }
            other => panic!("{other:?}"),
        }
    }

    /// The numbers of what came, in order.
    async fn news(&mut self) -> Result<Vec<u64>, Error> {
        let mut news = Vec::new();
        loop {
            let (rows, more) = self.page().await?;
            assert!(rows.now_ms > 0);
            news.extend(rows.entries.iter().map(|entry| number(entry.id())));
            if !more {
                news.sort_unstable();
                return Ok(news);
            }
        }
    }
}

pub async fn what_comes_is_fed_once<D: Database>(store: Store<D>) -> Result<(), Error> {
    store.enqueue(jobs(1..3, "a")).await?;
    let mut feed = Reader::open(worker(&store)).await?;
    assert_eq!(feed.news().await?, [], "what was there is for the sweep");
    store.enqueue(jobs(3..5, "a")).await?;
    store
        .enqueue(vec![job(5, "b").due(Due::After(MINUTE))])
        .await?;
    let mut transaction = store.begin().await?;
    store
        .enqueue_in(&mut transaction, jobs(90..95, "a"))
        .await?;
    transaction.rollback().await?;
    assert_eq!(feed.news().await?, [3, 4, 5], "also what is not due yet");
    assert!(feed.next_ms.is_some(), "when that one is due");
    assert_eq!(feed.news().await?, []);
    // Its owner knows the outcomes already.
    let waiting = due(&store, "a", 10).await?;
    store
        .record(&outcomes(&waiting[..2], Verdict::Done))
        .await?;
    store
        .record(&outcomes(&waiting[2..], Verdict::Retry(Due::Now)))
        .await?;
    assert_eq!(feed.news().await?, []);
    store.enqueue(jobs(6..7, "a")).await?;
    assert_eq!(feed.news().await?, [6]);
    Ok(())
}

/// Two connections read the clock one after the other, and see each other's rows in the other order.
pub async fn what_became_due_while_the_feed_was_on_its_way_is_due<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let mut feed = Reader::open(worker(&store)).await?;
    store.enqueue(jobs(1..2, "a")).await?;
    store
        .enqueue(vec![job(2, "b").due(Due::After(MINUTE / 6))])
        .await?;
    store.clock().step_back(MINUTE / 12);
    let (rows, _) = feed.page().await?;
    let is_due: Vec<_> = rows
        .entries
        .iter()
        .map(|entry| entry.place.due_ms <= rows.now_ms)
        .collect();
    assert_eq!(is_due, [true, false], "what has a time waits for it");
    Ok(())
}

pub async fn a_feed_is_read_page_by_page<D: Database>(store: Store<D>) -> Result<(), Error> {
    let mut feed = Reader::open(worker_with(&store, 7)).await?;
    store.enqueue(jobs(0..50, "a")).await?;
    let (first, more) = feed.page().await?;
    assert_eq!((first.entries.len(), more), (7, true));
    // What comes meanwhile comes afterwards.
    store.enqueue(jobs(100..103, "b")).await?;
    let all: Vec<_> = (7..50).chain(100..103).collect();
    let mut rest = feed.news().await?;
    rest.extend(feed.news().await?);
    assert_eq!(rest, all);
    assert_eq!(feed.news().await?, []);
    Ok(())
}

pub async fn a_feed_is_that_of_the_slots_that_are_asked<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    let mut feed = Reader::open(worker_with(&store, 3)).await?;
    feed.slots = vec![Slot(7), Slot(255)];
    for number in 0..20 {
        let slot = Slot([7, 8, 255, 0][usize::try_from(number % 4).expect("small")]);
        store.enqueue(vec![job(number, "a").slot(slot)]).await?;
    }
    store
        .enqueue(vec![NewJob::new("other", id(50), "a").slot(Slot(7))])
        .await?;
    assert_eq!(feed.news().await?, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    assert_eq!(feed.news().await?, []);
    Ok(())
}

pub async fn what_is_changed_by_others_is_fed_again<D: Database>(
    store: Store<D>,
) -> Result<(), Error> {
    store.enqueue(jobs(1..4, "a")).await?;
    store
        .enqueue(vec![job(9, "a").due(Due::After(MINUTE))])
        .await?;
    let waiting = due(&store, "a", 10).await?;
    store
        .record(&outcomes(&waiting[..1], Verdict::Failed))
        .await?;
    let mut feed = Reader::open(worker(&store)).await?;
    let mut transaction = store.begin().await?;
    let restarted = store
        .restart_in(&mut transaction, &[id(1), id(9)], Some(0))
        .await?;
    transaction.commit().await?;
    assert_eq!(restarted.len(), 2);
    let (rows, _) = feed.page().await?;
    let mut versions: Vec<_> = rows
        .entries
        .iter()
        .map(|entry| {
            (
                number(entry.id()),
                entry.version.generation,
                entry.version.change,
            )
        })
        .collect();
    versions.sort_unstable();
    assert_eq!(versions, [(1, 1, 0), (9, 0, 1)]);
    assert!(
        rows.entries
            .iter()
            .all(|entry| entry.place.due_ms <= rows.now_ms)
    );

    let mut transaction = store.begin().await?;
    assert!(
        store
            .touch_lane_in(&mut transaction, QUEUE, &lane("a"))
            .await?
    );
    assert!(
        !store
            .touch_lane_in(&mut transaction, QUEUE, &lane("b"))
            .await?
    );
    transaction.commit().await?;
    let (rows, _) = feed.page().await?;
    let first = due(&store, "a", 1).await?;
    assert_eq!(rows.entries, first, "the first of the lane, as it was");
    assert_eq!(store.unfinished(QUEUE, &lane("a"), 10).await?.len(), 4);
    Ok(())
}
