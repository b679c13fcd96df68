//! Processes are killed at random moments; every message that was accepted reaches every subscriber all the same.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use sqlx::{Executor, Pool, Row};
use webhooks_sender::{Database, Prefix, Sender, Subscription, TargetPolicy};
use webhooks_tests::crash::{catalogue, postgres, sqlite};

type Received = Arc<Mutex<HashMap<(String, String), u32>>>;

const TARGETS: [&str; 3] = ["/a", "/b", "/c"];

fn duration() -> Duration {
    Duration::from_secs(if std::env::var_os("WEBHOOKS_LONG").is_some() { 60 } else { 10 })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_accepted_arrives_whatever_is_killed_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("crash.db").to_string_lossy().into_owned();
    let pool = sqlite(&path).await.expect("a database");
    play(pool, ["sqlite", &path], folder.path(), "webhooks_").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn what_was_accepted_arrives_whatever_is_killed_on_postgres() {
    let url = std::env::var("WEBHOOKS_POSTGRES_URL").expect("WEBHOOKS_POSTGRES_URL names the database");
    let schema = format!("crash_{}", std::process::id());
    let admin = postgres(&url).await.expect("a database");
    let run =
        async |sql: String| sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&admin).await.expect("executed");
    run(format!("CREATE SCHEMA {schema}")).await;
    let sign = if url.contains('?') { '&' } else { '?' };
    let inside = format!("{url}{sign}options=-c%20search_path%3D{schema}");
    let folder = tempfile::tempdir().expect("a folder");
    let pool = postgres(&inside).await.expect("a database");
    play(pool.clone(), ["postgres", &inside], folder.path(), "webhooks_").await;
    pool.close().await;
    run(format!("DROP SCHEMA {schema} CASCADE")).await;
}

async fn play<D: Database>(pool: Pool<D>, database: [&str; 2], folder: &Path, prefix: &str)
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    for<'c> &'c Pool<D>: Executor<'c, Database = D>,
    for<'r> String: sqlx::Decode<'r, D> + sqlx::Type<D>,
    usize: sqlx::ColumnIndex<D::Row>,
    D::Arguments: sqlx::IntoArguments<D>,
{
    let mut dice = Dice::new();
    let (received, base) = sink().await;
    sqlx::query("CREATE TABLE ledger (id text NOT NULL)").execute(&pool).await.expect("a table");
    subscribe(&pool, &base, prefix).await;
    let log = folder.join("accepted.log");
    let process = |role: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crash-process"));
        command.arg(role).args(database).arg(&log).arg(prefix).spawn().expect("a process")
    };
    let roles = ["accept", "work", "work"];
    let mut children: Vec<Child> = roles.iter().map(|role| process(role)).collect();
    let end = Instant::now() + duration();
    let mut kills = 0;
    while Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(100 + dice.below(700))).await;
        let victim = usize::try_from(dice.below(3)).expect("three children");
        kill(&mut children[victim]);
        children[victim] = process(roles[victim]);
        kills += 1;
    }
    kill(&mut children[0]);
    let accepted = accepted(&pool, &log).await;
    let missing = wait_for_all(&received, &accepted).await;
    children.iter_mut().skip(1).for_each(kill);
    let received = received.lock().expect("not poisoned");
    let duplicates: u32 = received.values().map(|count| count - 1).sum();
    println!("{} accepted, {kills} kills, {duplicates} of {} arrived again", accepted.len(), received.len());
    assert!(accepted.len() > 20, "only {} messages were accepted", accepted.len());
    assert!(missing.is_empty(), "{} deliveries never arrived: {missing:?}", missing.len());
}

async fn subscribe<D: Database>(pool: &Pool<D>, base: &str, prefix: &str) {
    let policy = TargetPolicy::default().allow_http().allow_net("127.0.0.0/8".parse().expect("a net"));
    let sender = Sender::new(pool.clone()).webhooks(catalogue().expect("a catalogue")).targets(policy);
    let sender = sender
        .prefix(Prefix::new(prefix).expect("a prefix"))
        .without_engine()
        .start()
        .await
        .expect("a sender");
    for target in TARGETS {
        let wanted = Subscription::new("acct_1", format!("{base}{target}")).event("something.*");
        sender.subscribe(wanted).await.expect("a subscription");
    }
    sender.shut_down().await;
}

/// The ids whose `send` returned, and those whose transaction was committed.
async fn accepted<D: Database>(pool: &Pool<D>, log: &Path) -> HashSet<String>
where
    for<'c> &'c Pool<D>: Executor<'c, Database = D>,
    for<'r> String: sqlx::Decode<'r, D> + sqlx::Type<D>,
    usize: sqlx::ColumnIndex<D::Row>,
    D::Arguments: sqlx::IntoArguments<D>,
{
    let logged = std::fs::read_to_string(log).expect("the log");
    // A kill in the middle of a line leaves one that is cut; its message counts as not told.
    let whole = logged.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let rows = sqlx::query("SELECT id FROM ledger").fetch_all(pool).await.expect("the ledger");
    let committed = rows.iter().map(|row| row.get::<String, usize>(0));
    whole.lines().map(str::to_owned).chain(committed).filter(|id| !id.is_empty()).collect()
}

/// What has not arrived everywhere after a while without any progress.
async fn wait_for_all(received: &Received, accepted: &HashSet<String>) -> Vec<(String, String)> {
    let (mut last, mut since) = (usize::MAX, Instant::now());
    loop {
        let missing: Vec<_> = {
            let received = received.lock().expect("not poisoned");
            let all = accepted.iter().flat_map(|id| TARGETS.map(|target| (target.to_owned(), id.clone())));
            all.filter(|delivery| !received.contains_key(delivery)).collect()
        };
        if missing.len() < last {
            (last, since) = (missing.len(), Instant::now());
        }
        if missing.is_empty() || since.elapsed() > Duration::from_secs(30) {
            return missing;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn sink() -> (Received, String) {
    let received = Received::default();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let app = Router::new().fallback(receive).with_state(Arc::clone(&received));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (received, base)
}

async fn receive(State(received): State<Received>, uri: Uri, headers: HeaderMap) -> StatusCode {
    let Some(id) = headers.get("webhook-id").and_then(|id| id.to_str().ok()) else {
        return StatusCode::BAD_REQUEST;
    };
    let mut received = received.lock().expect("not poisoned");
    *received.entry((uri.path().to_owned(), id.to_owned())).or_default() += 1;
    StatusCode::NO_CONTENT
}

fn kill(child: &mut Child) {
    // SIGKILL on Unix: the process has no chance to tidy up.
    child.kill().expect("killed");
    child.wait().expect("ended");
}

/// Random numbers from a seed that is printed.
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        let clock = || {
            SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| u64::from(since.subsec_nanos()))
        };
        let given = std::env::var("WEBHOOKS_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(clock);
        println!("WEBHOOKS_SEED={seed}");
        Self(seed | 1)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}
