//! An application and a loaded engine on one SQLite file: its transactions wait for their turn and none is refused,
//! as long as they begin the way the README begins them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sqlx::{Sqlite, SqlitePool, Transaction};
use tokio::task::JoinHandle;
use webhooks_sender::testing::TestTransport;
use webhooks_sender::{Error, Sender, Subscription};
use webhooks_tests::database::{Kind, sqlite};
use webhooks_tests::fixture_event::{Happening, How, OWNER, catalogue, happened, loopback};
use webhooks_tests::mode::is_long;

/// Tasks of the application, each of which does 50 transactions a second.
const TASKS: u32 = 4;
const A_SECOND: u32 = 50;

/// The settings of the documentation.
async fn application(address: &str) -> SqlitePool {
    let options = sqlite(address).busy_timeout(Duration::from_secs(10));
    let pool = SqlitePool::connect_with(options)
        .await
        .expect("the database");
    let table = "CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);
                 INSERT INTO account VALUES (1, 0)";
    Sqlite::run(&mut pool.acquire().await.expect("a connection"), table)
        .await
        .expect("a table");
    pool
}

async fn sender(pool: &SqlitePool) -> (Sender<Sqlite>, Arc<TestTransport>) {
    let transport = Arc::<TestTransport>::default();
    let sender = Sender::new(pool.clone())
        .webhooks(catalogue().expect("a catalogue"))
        .targets(loopback());
    let sender = sender
        .transport(Arc::clone(&transport))
        .start()
        .await
        .expect("a sender");
    for path in ["a", "b"] {
        let wanted = Subscription::new(OWNER, format!("http://127.0.0.1:8080/{path}")).event("*");
        sender
            .operator()
            .subscribe(wanted)
            .await
            .expect("a subscription");
    }
    (sender, transport)
}

fn happening(number: u32) -> Happening {
    Happening {
        number: number.to_string(),
        how: How::Sent,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_transactions_a_second_beside_a_loaded_engine_are_never_refused() {
    let place = Sqlite::place().await;
    let pool = application(&place.address).await;
    let (sender, transport) = sender(&pool).await;
    let done = Arc::new(AtomicBool::new(false));
    let load = load(sender.clone(), Arc::clone(&done));
    let seconds = if is_long() { 60 } else { 5 };
    let start = Instant::now();
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            tokio::spawn(use_accounts(
                pool.clone(),
                sender.clone(),
                seconds * A_SECOND,
            ))
        })
        .collect();
    let mut longest = Duration::ZERO;
    for task in tasks {
        longest = longest.max(task.await.expect("every transaction succeeds"));
    }
    let took = start.elapsed();
    done.store(true, Ordering::Relaxed);
    let loaded = load.await.expect("every send succeeds");
    let delivered = transport.requests().len();
    sender.shut_down().await;
    let count = seconds * A_SECOND * TASKS;
    println!(
        "{count} transactions in {took:.1?}, the longest took {longest:.1?}; meanwhile {loaded} messages were sent and \
         {delivered} deliveries made"
    );
    let mut connection = pool.acquire().await.expect("a connection");
    let balance = Sqlite::number(&mut connection, "SELECT balance FROM account")
        .await
        .expect("a number");
    assert_eq!(
        balance,
        i64::from(count),
        "each read what the one before had written"
    );
    assert!(
        delivered > 100,
        "the engine was not loaded: {delivered} deliveries"
    );
}

/// Reads, writes what follows from it, and sends now and then; returns the longest that a transaction took.
async fn use_accounts(pool: SqlitePool, sender: Sender<Sqlite>, count: u32) -> Duration {
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / A_SECOND);
    let mut longest = Duration::ZERO;
    for number in 0..count {
        ticks.tick().await;
        let start = Instant::now();
        let mut transaction = Sqlite::begin_to_write(&pool).await.expect("it begins");
        increase(&mut transaction)
            .await
            .expect("it reads and writes");
        if number % 4 == 0 {
            sender
                .send_in(&mut transaction, OWNER, happened(happening(number)))
                .await
                .expect("it sends");
        }
        transaction.commit().await.expect("it commits");
        longest = longest.max(start.elapsed());
    }
    longest
}

async fn increase(transaction: &mut Transaction<'_, Sqlite>) -> Result<(), sqlx::Error> {
    let balance = Sqlite::number(
        &mut *transaction,
        "SELECT balance FROM account WHERE id = 1",
    )
    .await?;
    let update = format!("UPDATE account SET balance = {} WHERE id = 1", balance + 1);
    Sqlite::run(&mut *transaction, &update).await?;
    Ok(())
}

/// Sends as fast as it can until it receives the signal to stop; returns how many messages.
fn load(sender: Sender<Sqlite>, done: Arc<AtomicBool>) -> JoinHandle<u32> {
    tokio::spawn(async move {
        let mut number = 0;
        while !done.load(Ordering::Relaxed) {
            let messages = (number..number + 20).map(|number| happened(happening(number)));
            sender.send_many(OWNER, messages).await.expect("sent");
            number += 20;
        }
        number
    })
}

/// What the documentation warns of. SQLite does not let a transaction write on the ground of what it read before
/// another connection wrote, and waiting does not help: it is refused immediately, however patient the connection is.
#[tokio::test]
async fn a_plain_begin_that_read_before_another_wrote_is_refused_at_once_and_works_when_repeated() {
    let place = Sqlite::place().await;
    let pool = application(&place.address).await;
    let (sender, transport) = sender(&pool).await;
    let mut plain = pool.begin().await.expect("a transaction");
    Sqlite::number(&mut plain, "SELECT balance FROM account")
        .await
        .expect("a number");
    sender
        .send(OWNER, happened(happening(1)))
        .await
        .expect("another connection writes");

    let start = Instant::now();
    let error = sender
        .send_in(&mut plain, OWNER, happened(happening(2)))
        .await
        .expect_err("it read too early");
    assert!(start.elapsed() < Duration::from_secs(4), "immediately");
    assert!(
        matches!(&error, Error::Store(error) if error.is_busy()),
        "{error:?}"
    );
    plain.rollback().await.expect("rolled back");

    let mut again = Sqlite::begin_to_write(&pool).await.expect("a transaction");
    increase(&mut again).await.expect("it reads and writes");
    let sent = sender
        .send_in(&mut again, OWNER, happened(happening(3)))
        .await
        .expect("sent");
    again.commit().await.expect("committed");
    let arrived = async {
        while !transport
            .requests()
            .iter()
            .any(|request| request.header("webhook-id") == Some(sent.id.as_str()))
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), arrived)
        .await
        .expect("it arrives");
    sender.shut_down().await;
    let ids = transport.requests().len();
    assert_eq!(
        ids, 4,
        "two messages to two subscriptions, and nothing of the one that was refused"
    );
}
