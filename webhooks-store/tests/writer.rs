//! What the group commit survives: a database that undoes a transaction by itself, a write that panics, large writes.
#![cfg(feature = "sqlite")]
#![expect(
    clippy::unwrap_used,
    reason = "what a test needs and does not get is its failure"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use webhooks_store::conformance::Fixture;
use webhooks_store::{Database, Error, Id, NewJob, Sqlite, Store, Write, Writer};

/// Enqueues a job, panics, or only counts how much stood in one batch with it.
enum Entry {
    Job(u8),
    Panic,
    Large {
        bytes: usize,
        largest_batch: Arc<AtomicUsize>,
    },
}

impl<D: Database> Write<D> for Entry {
    type Answer = ();

    fn size(&self) -> usize {
        match self {
            Entry::Large { bytes, .. } => *bytes,
            Entry::Job(_) | Entry::Panic => 100,
        }
    }

    async fn write(
        store: &Store<D>,
        connection: &mut D::Connection,
        batch: &[Self],
    ) -> Result<Vec<()>, Error> {
        let together = batch.iter().map(Write::<D>::size).sum();
        for entry in batch {
            match entry {
                Entry::Job(number) => store.enqueue_in(connection, vec![job(*number)]).await?,
                Entry::Panic => panic!("a rule of the application"),
                Entry::Large { largest_batch, .. } => {
                    largest_batch.fetch_max(together, Ordering::Relaxed);
                }
            }
        }
        Ok(vec![(); batch.len()])
    }
}

fn job(number: u8) -> NewJob {
    NewJob::new("work", Id::from_bytes([number; 16]), "lane")
}

async fn sql(store: &Store<Sqlite>, text: &'static str) {
    sqlx::raw_sql(text).execute(store.pool()).await.unwrap();
}

/// What a full disk does at COMMIT, made to happen each time.
const UNDO: &str =
    "CREATE TRIGGER undo BEFORE INSERT ON webhooks_job BEGIN SELECT RAISE(ROLLBACK, 'full'); END";

async fn survives(fixture: Fixture<Sqlite>) {
    let store = Store::on(fixture.pool().clone()).open().await.unwrap();
    let writer: Writer<Sqlite, Entry> = Writer::start(&store);
    sql(&store, UNDO).await;
    for number in 0..10 {
        writer.write(Entry::Job(number)).await.unwrap_err();
        let mut transaction = store.begin_in_pool().await.unwrap();
        store
            .enqueue_in(&mut transaction, vec![job(number)])
            .await
            .unwrap_err();
        transaction.rollback().await.unwrap_err();
        // Dropped without a word, as `?` does.
        let mut transaction = store.begin_bookkeeping().await.unwrap();
        store
            .enqueue_in(&mut transaction, vec![job(number)])
            .await
            .unwrap_err();
    }
    sql(&store, "DROP TRIGGER undo").await;
    for number in 0..10 {
        writer.write(Entry::Job(number)).await.unwrap();
        let mut transaction = store.begin_in_pool().await.unwrap();
        store
            .enqueue_in(&mut transaction, vec![job(100 + number)])
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }
    assert_eq!(store.counts("work").await.unwrap().ready, 20);
    store.pool().close().await;
    fixture.remove().await;
}

#[tokio::test]
async fn a_transaction_that_sqlite_has_undone_by_itself_poisons_no_connection() {
    survives(Fixture::file().await).await;
}

#[tokio::test]
async fn a_transaction_undone_in_memory_poisons_no_connection_and_the_database_lives_on() {
    survives(Fixture::memory().await).await;
}

#[tokio::test]
async fn a_write_that_panics_fails_alone_and_the_writer_goes_on() {
    let store = Store::memory().open().await.unwrap();
    let writer: Writer<Sqlite, Entry> = Writer::start(&store);
    let callers: Vec<_> = (0..20)
        .map(|number| {
            let writer = writer.clone();
            let entry = if number == 7 {
                Entry::Panic
            } else {
                Entry::Job(number)
            };
            tokio::spawn(async move { writer.write(entry).await })
        })
        .collect();
    for (number, caller) in callers.into_iter().enumerate() {
        let answer = caller.await.unwrap();
        match number {
            7 => assert!(matches!(answer.unwrap_err().root(), Error::Panic)),
            _ => answer.unwrap(),
        }
    }
    writer.write(Entry::Job(50)).await.unwrap();
    assert_eq!(store.counts("work").await.unwrap().ready, 20);
    writer.close().await;
}

#[tokio::test]
async fn large_writes_are_not_bound_together() {
    let store = Store::memory().open().await.unwrap();
    let writer: Writer<Sqlite, Entry> = Writer::start(&store);
    let (largest_batch, bytes) = (Arc::new(AtomicUsize::new(0)), 3 << 20);
    let callers: Vec<_> = (0..20)
        .map(|_| {
            let (writer, largest_batch) = (writer.clone(), Arc::clone(&largest_batch));
            tokio::spawn(async move {
                writer
                    .write(Entry::Large {
                        bytes,
                        largest_batch,
                    })
                    .await
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    assert!(largest_batch.load(Ordering::Relaxed) <= 2 * bytes);
}
