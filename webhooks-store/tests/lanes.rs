//! Lanes on PostgreSQL, with what only a server has: transactions that stay open, commit late or not at all, and many
//! that change the same rows.

#![cfg(feature = "postgres")]
#![expect(
    clippy::unwrap_used,
    reason = "what a test needs and does not get is its failure"
)]

use std::collections::BTreeMap;
use std::time::Duration;

use webhooks_store::conformance::Fixture;
use webhooks_store::lanes::{Answer, Ask, FeedCursor, LaneSettings, Ownership, Places, Polling};
use webhooks_store::{Due, Id, LaneName, NewJob, Postgres, Slot, Store, Verdict, Worker};

fn id(number: u64) -> Id {
    Id::from_bytes(u128::from(number).to_be_bytes())
}

fn number(id: Id) -> u64 {
    u64::try_from(u128::from_be_bytes(*id.as_bytes())).unwrap()
}

fn job(number: u64) -> NewJob {
    NewJob::new("work", id(number), format!("lane {}", number % 10).as_str())
}

/// Another process: a pool and a store of its own.
async fn process(fixture: &Fixture<Postgres>) -> Store<Postgres> {
    let options = (*fixture.pool().connect_options()).clone();
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(8);
    let pool = pool.connect_with(options).await.unwrap();
    Store::on(pool).open().await.unwrap()
}

/// The feed, as a machine reads it.
struct Feed {
    worker: Worker<Postgres>,
    cursor: FeedCursor,
    seen: BTreeMap<u64, u32>,
}

impl Feed {
    async fn open(store: &Store<Postgres>, page: u32) -> Self {
        let none = Duration::ZERO;
        let settings = LaneSettings {
            ownership: Ownership::Sole,
            polling: Polling {
                shortest: none,
                longest: none,
                between: none,
            },
            places: Places {
                all: 10,
                per_owner: 10,
                reserve: 0,
            },
            widest: 10,
            in_hand: 10,
            unrecorded: 10,
            page,
        };
        let mut feed = Self {
            worker: Worker::new(store, "work", &settings),
            cursor: FeedCursor::default(),
            seen: BTreeMap::new(),
        };
        assert_eq!(feed.page().await, (0, false));
        feed
    }

    /// How many rows came, and whether there are more.
    async fn page(&mut self) -> (usize, bool) {
        let (cursor, slots) = (self.cursor.clone(), Slot::all().collect());
        match self.worker.execute(&Ask::Feed { cursor, slots }).await {
            Ok(Answer::Feed {
                rows, cursor, more, ..
            }) => {
                self.cursor = cursor;
                for entry in &rows.entries {
                    *self.seen.entry(number(entry.id())).or_default() += 1;
                }
                (rows.entries.len(), more)
            }
            other => panic!("{other:?}"),
        }
    }

    async fn all(&mut self) -> usize {
        let mut count = 0;
        loop {
            let (rows, more) = self.page().await;
            count += rows;
            if !more {
                return count;
            }
        }
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_row_is_fed_once_however_late_it_is_committed() {
    let fixture = Fixture::postgres().await;
    let store = process(&fixture).await;
    let mut feed = Feed::open(&store, 5).await;
    let mut late = store.begin().await.unwrap();
    store
        .enqueue_in(&mut late, (0..12).map(job).collect())
        .await
        .unwrap();
    // The application's own, which is undone.
    let mut undone = store.begin_in_pool().await.unwrap();
    store
        .enqueue_in(&mut undone, (500..510).map(job).collect())
        .await
        .unwrap();
    for number in 100..120 {
        store.enqueue(vec![job(number)]).await.unwrap();
        feed.all().await;
    }
    assert_eq!(feed.seen.len(), 20);
    assert!(feed.cursor.open.len() >= 2, "both are waited for");
    // It commits between two pages of a reading that began before.
    store.enqueue((200..212).map(job).collect()).await.unwrap();
    assert_eq!(feed.page().await, (5, true));
    late.commit().await.unwrap();
    assert_eq!(feed.all().await, 7, "the reading keeps to its snapshot");
    assert_eq!(feed.all().await, 12);
    undone.rollback().await.unwrap();
    assert_eq!(feed.all().await, 0);
    let expected: Vec<_> = (0..12).chain(100..120).chain(200..212).collect();
    assert_eq!(feed.seen.keys().copied().collect::<Vec<_>>(), expected);
    assert!(feed.seen.values().all(|count| *count == 1));
    store.pool().close().await;
    fixture.remove().await;
}

/// The reading is of the first page's snapshot also where it goes back to what was open before.
#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn what_commits_between_two_pages_is_no_part_of_either() {
    let fixture = Fixture::postgres().await;
    let store = process(&fixture).await;
    let mut feed = Feed::open(&store, 5).await;
    let mut open = Vec::new();
    for first in [0, 100] {
        let mut transaction = store.begin().await.unwrap();
        let jobs = (first..first + 12).map(job).collect();
        store.enqueue_in(&mut transaction, jobs).await.unwrap();
        open.push(transaction);
    }
    assert_eq!(feed.all().await, 0);
    let (later, earlier) = (open.pop().unwrap(), open.pop().unwrap());
    earlier.commit().await.unwrap();
    assert_eq!(feed.page().await, (5, true));
    later.commit().await.unwrap();
    assert_eq!(feed.all().await, 7);
    assert_eq!(feed.all().await, 12);
    assert_eq!(feed.seen.len(), 24);
    assert!(feed.seen.values().all(|count| *count == 1), "none twice");
    store.pool().close().await;
    fixture.remove().await;
}

/// Writers that commit in any order, undo, and use savepoints, while a reader goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn the_feed_is_exact_whatever_many_writers_do() {
    let fixture = Fixture::postgres().await;
    let store = process(&fixture).await;
    let mut feed = Feed::open(&store, 7).await;
    let writers: Vec<_> = (0..6_u64)
        .map(|writer| tokio::spawn(write(store.clone(), writer)))
        .collect();
    let mut committed = Vec::new();
    for writer in writers {
        while !writer.is_finished() {
            feed.page().await;
        }
        committed.extend(writer.await.unwrap());
    }
    feed.all().await;
    feed.all().await;
    committed.sort_unstable();
    assert_eq!(feed.seen.keys().copied().collect::<Vec<_>>(), committed);
    assert!(feed.seen.values().all(|count| *count == 1), "none twice");
    store.pool().close().await;
    fixture.remove().await;
}

/// Returns what it has committed.
async fn write(store: Store<Postgres>, writer: u64) -> Vec<u64> {
    let mut committed = Vec::new();
    for round in 0..60_u64 {
        let first = (writer * 60 + round) * 10;
        let mut transaction = store.begin().await.unwrap();
        let rows = |range: std::ops::Range<u64>| range.map(|own| job(first + own)).collect();
        store
            .enqueue_in(&mut transaction, rows(0..2))
            .await
            .unwrap();
        sqlx::raw_sql("SAVEPOINT inner_part")
            .execute(&mut *transaction)
            .await
            .unwrap();
        store
            .enqueue_in(&mut transaction, rows(2..4))
            .await
            .unwrap();
        let keeps_part = !(writer + round).is_multiple_of(3);
        let end = if keeps_part {
            "RELEASE inner_part"
        } else {
            "ROLLBACK TO inner_part"
        };
        sqlx::raw_sql(end).execute(&mut *transaction).await.unwrap();
        for _ in 0..(writer * 7 + round * 3) % 11 {
            // Others commit in between.
            sqlx::raw_sql("SELECT 1")
                .execute(&mut *transaction)
                .await
                .unwrap();
            tokio::task::yield_now().await;
        }
        if (writer + round).is_multiple_of(5) {
            transaction.rollback().await.unwrap();
            continue;
        }
        transaction.commit().await.unwrap();
        committed.extend(first..first + if keeps_part { 4 } else { 2 });
    }
    committed
}

/// Recorders of former and present owners, and hands that call off and bring back, all on the same rows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn who_changes_the_same_rows_never_waits_in_a_circle() {
    let fixture = Fixture::postgres().await;
    let store = process(&fixture).await;
    store.enqueue((0..200).map(job).collect()).await.unwrap();
    let ids: Vec<_> = (0..200).map(id).collect();
    let workers: Vec<_> = (0..4_u64)
        .map(|worker| {
            let (store, mut ids) = (store.clone(), ids.clone());
            tokio::spawn(async move {
                for round in 0..25_u64 {
                    ids.rotate_left(usize::try_from(17 * (worker + 1)).unwrap());
                    if worker % 2 == 0 {
                        ids.reverse();
                    }
                    let rows = store.look("work", &ids).await.unwrap();
                    let verdict = |id| match (number(id) + round) % 4 {
                        0 => Verdict::Done,
                        1 => Verdict::Failed,
                        2 => Verdict::Hold(Due::Now),
                        _ => Verdict::Retry(Due::Now),
                    };
                    let outcomes = rows.entries.iter();
                    let outcomes = outcomes.map(|entry| entry.outcome(verdict(entry.id())));
                    store.record(&outcomes.collect::<Vec<_>>()).await.unwrap();
                    let mut transaction = store.begin().await.unwrap();
                    store
                        .restart_in(&mut transaction, &ids, Some(0))
                        .await
                        .unwrap();
                    transaction.commit().await.unwrap();
                    let lane = LaneName::new(Slot::of(b"lane 3"), *b"lane 3");
                    store.cancel_lane("work", &lane, 100).await.unwrap();
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.expect("no deadlock");
    }
    let mut transaction = store.begin().await.unwrap();
    store
        .restart_in(&mut transaction, &ids, None)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(
        store.look("work", &ids).await.unwrap().entries.len(),
        200,
        "none is lost"
    );
    store.pool().close().await;
    fixture.remove().await;
}
