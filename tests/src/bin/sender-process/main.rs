//! A process of the tests, in one of its roles and to be killed at any moment: `accept` sends messages, `work` delivers
//! them, `work-newer` also in a dialect of its own, `work-fragile` also dies of some, `poll`
//! fetches them, `sink` receives, `lock` is in the way.
//!
//! It ends with the process that started it, whatever becomes of that: its standard input is closed then.

mod accept;
mod fragile;
mod lock;
mod poll;
mod sink;
mod work;

use std::error::Error;
use std::io::Read;

use sink::Manner;
use sqlx::{Postgres, Sqlite};
use webhooks_tests::database::Kind;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "say `accept|accept-in-order sqlite|postgres DATABASE LOG COUNT`, \
                     `work|work-newer|work-fragile sqlite|postgres DATABASE NAME LEASE_MS`, \
                     `poll sqlite|postgres DATABASE LOG SUBSCRIPTION`, `sink|unreliable-sink LOG`, or `lock DATABASE`";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(1);
    });
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["sink", log] => sink::sink(log, Manner::Reliable).await,
        ["unreliable-sink", log] => sink::sink(log, Manner::Unreliable).await,
        ["lock", database] => lock::lock(database).await,
        [role, Sqlite::KIND, database, rest @ ..] => run::<Sqlite>(role, database, rest).await,
        [role, Postgres::KIND, database, rest @ ..] => run::<Postgres>(role, database, rest).await,
        _ => Err(USAGE.into()),
    }
}

async fn run<K: Kind>(role: &str, database: &str, rest: &[&str]) -> Result<()> {
    let pool = K::open(database).await?;
    match (role, rest) {
        ("accept", [log, count]) => accept::accept(pool, log, count.parse()?, false).await,
        ("accept-in-order", [log, count]) => accept::accept(pool, log, count.parse()?, true).await,
        ("poll", [log, subscription]) => poll::poll(pool, log, subscription).await,
        ("work", [name, lease]) => work::work(pool, name, lease.parse()?).await,
        ("work-newer", [name, lease]) => work::newer(pool, name, lease.parse()?).await,
        ("work-fragile", [name, lease]) => fragile::work(pool, name, lease.parse()?).await,
        _ => Err(USAGE.into()),
    }
}
