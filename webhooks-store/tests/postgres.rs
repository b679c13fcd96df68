//! PostgreSQL: the suite, and what only a server can do: lose connections, lock out, wake other processes.

#![expect(
    clippy::unwrap_used,
    reason = "what a test needs and does not get is its failure"
)]

use std::time::Duration;

use sqlx::postgres::{PgPool, PgPoolOptions};
use webhooks_store::conformance::Fixture;
use webhooks_store::{
    Database, Error, Id, NewJob, Postgres, SlotSet, Statement, Store, Write, Writer,
};

webhooks_store::conformance_tests!(
    #[ignore = "needs PostgreSQL: cargo xtask test"]
    conformance,
    Fixture::postgres()
);

webhooks_store::conformance_tests!(
    #[ignore = "needs PgBouncer: cargo xtask test"]
    pooled,
    Fixture::pgbouncer()
);

fn job(number: u64) -> NewJob {
    let id = Id::from_bytes(u128::from(number).to_be_bytes());
    NewJob::new("work", id, format!("lane {}", number % 10).as_str())
}

/// Another process: a pool and a store of its own.
async fn process(fixture: &Fixture<Postgres>) -> Store<Postgres> {
    Store::on(pool(fixture, "60s").await).open().await.unwrap()
}

async fn pool(fixture: &Fixture<Postgres>, lock_timeout: &str) -> PgPool {
    let options = (*fixture.pool().connect_options())
        .clone()
        .options([("lock_timeout", lock_timeout)]);
    PgPoolOptions::new()
        .max_connections(4)
        .connect_with(options)
        .await
        .unwrap()
}

/// Loses its connection in the middle when told to.
struct Write1 {
    job: NewJob,
    dies: bool,
}

static DIE: Statement = Statement::new("", "SELECT pg_terminate_backend(pg_backend_pid())");

impl<D: Database> Write<D> for Write1 {
    type Answer = ();

    async fn write(
        store: &Store<D>,
        connection: &mut D::Connection,
        batch: &[Self],
    ) -> Result<Vec<()>, Error> {
        store
            .enqueue_in(
                connection,
                batch.iter().map(|write| write.job.clone()).collect(),
            )
            .await?;
        if batch.iter().any(|write| write.dies) {
            store
                .load(&DIE)
                .execute(connection, webhooks_store::Parameters::new())
                .await?;
        }
        Ok(vec![(); batch.len()])
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_connection_lost_in_the_middle_of_a_batch_loses_the_batch_and_nothing_else() {
    let fixture = Fixture::postgres().await;
    let store = process(&fixture).await;
    let writer: Writer<Postgres, Write1> = Writer::start(&store);
    writer
        .write(Write1 {
            job: job(1),
            dies: false,
        })
        .await
        .unwrap();
    let error = writer
        .write(Write1 {
            job: job(2),
            dies: true,
        })
        .await
        .unwrap_err();
    assert!(error.is_disconnected(), "{error:?}");
    writer
        .write(Write1 {
            job: job(3),
            dies: false,
        })
        .await
        .unwrap();
    assert_eq!(
        store.counts("work").await.unwrap().ready,
        2,
        "the first and the third"
    );
    store.pool().close().await;
    fixture.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_locked_table_is_an_error_that_is_busy() {
    let fixture = Fixture::postgres().await;
    let store = Store::on(pool(&fixture, "20ms").await)
        .open()
        .await
        .unwrap();
    let mut lock = fixture.pool().begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE webhooks_job")
        .execute(&mut *lock)
        .await
        .unwrap();
    let error = store.enqueue(vec![job(1)]).await.unwrap_err();
    assert!(error.is_busy(), "{error:?}");
    lock.rollback().await.unwrap();
    store.enqueue(vec![job(1)]).await.unwrap();
    store.pool().close().await;
    fixture.remove().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_wake_up_reaches_other_processes() {
    let fixture = Fixture::postgres().await;
    let (one, other) = (process(&fixture).await, process(&fixture).await);
    assert!(
        hears(&other, &one).await,
        "nothing was heard for 20 seconds"
    );
    for store in [one, other] {
        store.pool().close().await;
    }
    fixture.remove().await;
}

/// As when the server was restarted: polling goes on meanwhile, which needs no test, and then listening does.
#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn wake_ups_come_again_after_the_connection_was_lost() {
    let fixture = Fixture::postgres().await;
    // The server has the connections of other tests too: these are known by their name.
    let named = || async {
        let options = (*fixture.pool().connect_options())
            .clone()
            .application_name("losing its connection");
        Store::on(PgPool::connect_with(options).await.unwrap())
            .open()
            .await
            .unwrap()
    };
    let (one, other) = (named().await, named().await);
    assert!(
        hears(&other, &one).await,
        "nothing was heard for 20 seconds"
    );
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE application_name = 'losing its connection'";
    sqlx::raw_sql(end).execute(fixture.pool()).await.unwrap();
    assert!(
        hears(&other, &one).await,
        "nothing was heard for 20 seconds after the connection was lost"
    );
    for store in [one, other] {
        store.pool().close().await;
    }
    fixture.remove().await;
}

/// Whether one process hears the other within a time. It may not be listening yet, so the wake-up is repeated.
async fn hears(listening: &Store<Postgres>, telling: &Store<Postgres>) -> bool {
    let mut wakeups = listening.wake().wakeups("letters");
    let tell = async {
        let mut again = tokio::time::interval(Duration::from_millis(20));
        loop {
            again.tick().await;
            telling.wake().now("letters", &SlotSet::all());
        }
    };
    let an_hour = Duration::from_hours(1);
    let heard = async {
        // The first may be its own, that it listens from now on, or from before the connection was lost.
        for _ in 0..10 {
            wakeups.wait(an_hour).await;
        }
    };
    tokio::select! {
        heard = tokio::time::timeout(Duration::from_secs(20), heard) => heard.is_ok(),
        () = tell => unreachable!("it goes on for ever"),
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn statements_of_the_store_are_not_compiled_first() {
    let fixture = Fixture::postgres().await;
    let store = process(&fixture).await;
    let mut transaction = store.begin().await.unwrap();
    let jit: String = sqlx::query_scalar("SELECT current_setting('jit')")
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
    assert_eq!(jit, "off");
}
