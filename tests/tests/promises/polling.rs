//! A customer that only fetches has each message, in its order, and acknowledges it once, whichever process is killed: the
//! one that accepts, or the one that fetches.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use sqlx::{Postgres, Sqlite};
use webhooks_sender::SubscriptionRequest;
use webhooks_sender::query::{DeliveryFilter, DeliveryState, Poll};
use webhooks_tests::database::Kind;
use webhooks_tests::fixture_event::{OWNER, sender};
use webhooks_tests::rng::Rng;

use crate::process::start;

/// How often a process is killed.
const KILLS: u64 = 12;
/// How long is waited for what must come.
const PATIENCE: Duration = Duration::from_mins(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_fetched_is_acknowledged_once_in_its_order_whatever_is_killed_on_sqlite() {
    play::<Sqlite>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn what_is_fetched_is_acknowledged_once_in_its_order_whatever_is_killed_on_postgres() {
    play::<Postgres>().await;
}

async fn play<K: Kind>() {
    let mut rng = Rng::from_environment();
    let place = K::place().await;
    let folder = tempfile::tempdir().expect("a folder");
    let (accepted, fetched) = (
        folder.path().join("accepted"),
        folder.path().join("fetched"),
    );
    let pool = K::open(&place.address).await.expect("a database");
    let mut connection = pool.acquire().await.expect("a connection");
    let made = K::run(&mut connection, "CREATE TABLE ledger (id text NOT NULL)").await;
    made.expect("a table");
    drop(connection);
    let sender = sender(pool)
        .without_engine()
        .start()
        .await
        .expect("a sender");
    let account = sender.of(OWNER);
    let request = SubscriptionRequest::poll().event("*");
    let id = account.subscribe(request).await.expect("subscribed").id;
    let (accepted, log) = (accepted.to_string_lossy(), fetched.to_string_lossy());
    let arguments = [
        vec!["accept", K::KIND, &place.address, &accepted, "0"],
        vec!["poll", K::KIND, &place.address, &log, id.as_str()],
    ];
    let mut processes: Vec<_> = arguments.iter().map(|one| start(one)).collect();
    processes[1].line_with("polling");
    let lines = || {
        let text = std::fs::read_to_string(&fetched).unwrap_or_default();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let began = Instant::now();
    for kill in 0..KILLS {
        // Between two kills something is fetched, or most processes would be killed before they have begun.
        let before = lines().len();
        while lines().len() <= before {
            assert!(began.elapsed() < PATIENCE, "nothing is fetched any more");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(rng.below(200))).await;
        let victim = usize::from(kill % 3 != 0);
        processes[victim].kill();
        processes[victim] = start(&arguments[victim]);
    }
    processes[0].kill();
    // What is left is fetched, and its last receipts come with the next question.
    let pending = DeliveryFilter::new().subscription(id.clone());
    let pending = pending.state(DeliveryState::Pending);
    while !account
        .deliveries(&pending, 1)
        .await
        .expect("a page")
        .items
        .is_empty()
    {
        assert!(
            began.elapsed() < PATIENCE * 2,
            "messages wait that are not fetched"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    processes[1].kill();

    let of = DeliveryFilter::new().subscription(id.clone()).ended();
    let (mut ended, mut page) = (Vec::new(), account.deliveries(&of, 500).await);
    loop {
        let found = page.expect("a page");
        ended.extend(found.items);
        let Some(next) = found.next else { break };
        page = account
            .deliveries(
                &of,
                webhooks_sender::query::PageRequest::first(500).after(next),
            )
            .await;
    }
    let fetched = lines();
    let seen = in_order(&fetched);
    println!(
        "{}: {} messages, fetched {} times",
        K::KIND,
        ended.len(),
        fetched.len()
    );
    assert!(ended.len() > 20, "only {} messages", ended.len());
    assert_eq!(seen.len(), ended.len(), "each was fetched");
    for one in &ended {
        assert_eq!(one.state, DeliveryState::Delivered);
        assert!(
            seen.contains(one.message.as_str()),
            "{} was not fetched",
            one.message
        );
        let attempts = account.attempts(&one.id).await.expect("attempts");
        assert_eq!(attempts.len(), 1, "acknowledged once: {attempts:?}");
    }
    let left = account.poll(&id, Poll::new()).await.expect("none");
    assert!(left.messages.is_empty());
}

/// The messages that were fetched; each caller's came for the first time in the order in which it had sent them.
fn in_order(fetched: &[String]) -> HashSet<&str> {
    let mut seen = HashSet::new();
    // The callers that send, each with the number of its last message that came for the first time.
    let mut callers: HashMap<&str, u64> = HashMap::new();
    for line in fetched {
        let (message, number) = line.split_once(' ').expect("an id and a number");
        if !seen.insert(message) {
            continue;
        }
        let (caller, number) = number.rsplit_once('-').expect("a caller and a number");
        let number = number.parse::<u64>().expect("a number");
        if let Some(before) = callers.insert(caller, number) {
            assert!(before < number, "{caller}: {number} came behind {before}");
        }
    }
    seen
}
