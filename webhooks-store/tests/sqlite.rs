//! SQLite: the suite, in memory and in a file, and what can go wrong with a file.

#![expect(
    clippy::unwrap_used,
    reason = "what a test needs and does not get is its failure"
)]

use std::path::PathBuf;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use webhooks_store::conformance::Fixture;
use webhooks_store::{Database, Error, Id, NewJob, Sqlite, Store, Verdict, Write, Writer};

webhooks_store::conformance_tests!(memory, Fixture::memory());
webhooks_store::conformance_tests!(file, Fixture::file());

struct Enqueue(NewJob);

impl<D: Database> Write<D> for Enqueue {
    type Answer = ();

    async fn write(
        store: &Store<D>,
        connection: &mut D::Connection,
        batch: &[Self],
    ) -> Result<Vec<()>, Error> {
        store
            .enqueue_in(
                connection,
                batch.iter().map(|Enqueue(job)| job.clone()).collect(),
            )
            .await?;
        Ok(vec![(); batch.len()])
    }
}

fn job(number: u64) -> NewJob {
    let id = Id::from_bytes(u128::from(number).to_be_bytes());
    NewJob::new("work", id, format!("lane {}", number % 10).as_str()).data(vec![7; 1000])
}

async fn sql(pool: &SqlitePool, text: &'static str) {
    sqlx::raw_sql(text).execute(pool).await.unwrap();
}

async fn count(store: &Store<Sqlite>) -> u32 {
    store.counts("work").await.unwrap().ready
}

/// With other settings, on all connections.
async fn with(
    fixture: &Fixture<Sqlite>,
    setting: impl FnOnce(SqliteConnectOptions) -> SqliteConnectOptions,
) -> Store<Sqlite> {
    let options = setting((*fixture.pool().connect_options()).clone());
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .unwrap();
    Store::on(pool).open().await.unwrap()
}

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_is_lost() {
    let fixture = Fixture::file().await;
    let store = with(&fixture, |options| options.pragma("max_page_count", "100")).await;
    let mut accepted = 0;
    let error = loop {
        match store.enqueue(vec![job(accepted)]).await {
            Ok(()) => accepted += 1,
            Err(error) => break error,
        }
        assert!(accepted < 1000, "a hundred pages never hold that");
    };
    assert!(error.is_full(), "{error:?}");
    assert_eq!(u64::from(count(&store).await), accepted);

    let writer: Writer<Sqlite, Enqueue> = Writer::start(&store);
    let callers: Vec<_> = (1000..1020)
        .map(|number| {
            let writer = writer.clone();
            tokio::spawn(async move { writer.write(Enqueue(job(number))).await })
        })
        .collect();
    for caller in callers {
        let error = caller.await.unwrap().unwrap_err();
        assert!(error.is_full(), "every caller sees it: {error:?}");
    }

    // Room is made, and the same writer goes on.
    sql(fixture.pool(), "DELETE FROM webhooks_job").await;
    writer.write(Enqueue(job(2000))).await.unwrap();
    assert_eq!(count(&store).await, 1);
    store.pool().close().await;
    fixture.remove().await;
}

#[tokio::test]
async fn a_locked_database_is_told_and_used_again() {
    let fixture = Fixture::file().await;
    // The least that a store accepts.
    let store = with(&fixture, |options| {
        options.busy_timeout(Duration::from_secs(1))
    })
    .await;
    store.enqueue(vec![job(1)]).await.unwrap();

    let lock = fixture.pool().begin_with("BEGIN IMMEDIATE").await.unwrap();
    for error in [
        store.enqueue(vec![job(2)]).await.unwrap_err(),
        store.begin_bookkeeping().await.unwrap_err(),
    ] {
        assert!(error.is_busy(), "{error:?}");
    }
    assert_eq!(count(&store).await, 1, "who only reads does not wait");
    lock.rollback().await.unwrap();

    store.enqueue(vec![job(2)]).await.unwrap();
    assert_eq!(count(&store).await, 2);
    store.pool().close().await;
    fixture.remove().await;
}

#[tokio::test]
async fn the_log_is_cut_when_the_reader_that_held_it_is_gone() {
    const LIMIT: u64 = 64 * 1024 * 1024;
    let fixture = Fixture::file().await;
    let store = Store::on(fixture.pool().clone()).open().await.unwrap();
    let options = fixture.pool().connect_options();
    let log = format!("{}-wal", options.get_filename().display());
    let size = || std::fs::metadata(&log).unwrap().len();
    let mut reader = fixture.pool().begin().await.unwrap();
    sqlx::query("SELECT count(*) FROM webhooks_job")
        .execute(&mut *reader)
        .await
        .unwrap();
    for number in 0..70 {
        let large = job(number).data(vec![7; 1024 * 1024]);
        store.enqueue(vec![large]).await.unwrap();
    }
    assert!(size() > LIMIT, "{} bytes", size());
    reader.rollback().await.unwrap();
    let cut = async {
        for number in 1000.. {
            store.enqueue(vec![job(number)]).await.unwrap();
            if size() <= LIMIT {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), cut).await;
    waited.expect("the log is cut");
    store.pool().close().await;
    fixture.remove().await;
}

#[tokio::test]
async fn a_pool_that_could_lose_work_is_refused_with_what_to_write() {
    let fixture = Fixture::file().await;
    let good = (*fixture.pool().connect_options()).clone();
    fixture.pool().close().await;
    let cases: [(SqliteConnectOptions, &str); 3] = [
        (
            good.clone().journal_mode(SqliteJournalMode::Delete),
            "SqliteJournalMode::Wal",
        ),
        (
            good.clone().synchronous(SqliteSynchronous::Normal),
            "SqliteSynchronous::Full",
        ),
        (good.busy_timeout(Duration::ZERO), "busy_timeout"),
    ];
    for (options, hint) in cases {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await
            .unwrap();
        let error = Store::on(pool.clone()).open().await.unwrap_err();
        assert!(matches!(error, Error::Setting { .. }), "{error:?}");
        assert!(error.to_string().contains(hint), "{error}");
        pool.close().await;
    }
    fixture.remove().await;
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() {
    let path: PathBuf =
        std::env::temp_dir().join(format!("webhooks-store-text-{}", std::process::id()));
    let text = "not a database, but a letter\n".repeat(100);
    std::fs::write(&path, &text).unwrap();
    let error = Store::file(&path).open().await.unwrap_err();
    let found = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(error, Error::Database(_)), "{error:?}");
    assert_eq!(found, text);
}

#[tokio::test]
async fn a_directory_that_is_not_there_is_an_error() {
    let path = std::env::temp_dir()
        .join("webhooks-store-missing")
        .join("a.db");
    let error = Store::file(path).open().await.unwrap_err();
    assert!(!error.is_busy() && !error.is_full(), "{error:?}");
}

/// What the application writes in between. SQLite has one writer at a time; writers wait for their turn.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_beside_a_busy_engine_never_sees_busy() {
    let fixture = Fixture::file().await;
    let store = Store::on(fixture.pool().clone()).open().await.unwrap();
    sql(
        store.pool(),
        "CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)",
    )
    .await;
    sql(store.pool(), "INSERT INTO account VALUES (1, 0)").await;
    let application: Vec<_> = (0..2)
        .map(|_| tokio::spawn(pay(store.pool().clone(), 200)))
        .collect();
    let engine = tokio::spawn(engine(store.clone()));
    for paying in application {
        paying.await.unwrap().unwrap();
    }
    engine.abort();
    let ended = engine.await;
    assert!(
        ended.is_err_and(|error| error.is_cancelled()),
        "the engine never fails"
    );
    let balance: i64 = sqlx::query_scalar("SELECT balance FROM account")
        .fetch_one(store.pool())
        .await
        .unwrap();
    assert_eq!(balance, 400);
    fixture.remove().await;
}

/// Reads, then writes what follows from it.
async fn pay(pool: SqlitePool, times: u32) -> Result<(), sqlx::Error> {
    for _ in 0..times {
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        let balance: i64 = sqlx::query_scalar("SELECT balance FROM account WHERE id = 1")
            .fetch_one(&mut *transaction)
            .await?;
        sqlx::query("UPDATE account SET balance = ? WHERE id = 1")
            .bind(balance + 1)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Enqueues, reads and records until it is stopped.
async fn engine(store: Store<Sqlite>) {
    let writer: Writer<Sqlite, Enqueue> = Writer::start(&store);
    for round in 0_u64.. {
        let callers: Vec<_> = (0..20)
            .map(|number| {
                let writer = writer.clone();
                tokio::spawn(async move { writer.write(Enqueue(job(round * 20 + number))).await })
            })
            .collect();
        for caller in callers {
            caller.await.unwrap().unwrap();
        }
        let mut transaction = store.begin_bookkeeping().await.unwrap();
        let jobs = store.lock_due_in(&mut transaction, "work", None, 100);
        let outcomes: Vec<_> = jobs
            .await
            .unwrap()
            .iter()
            .map(|job| job.outcome(Verdict::Done))
            .collect();
        store.record_in(&mut transaction, &outcomes).await.unwrap();
        transaction.commit().await.unwrap();
    }
}
