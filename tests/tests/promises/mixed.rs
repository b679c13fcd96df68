//! Two versions of a program run side by side: what the older one does not know reaches the newer one within seconds. And
//! what one process calls off, another does not send.

use std::time::{Duration, Instant};

use sqlx::{Postgres, Sqlite};
use webhooks_sender::query::{DeliveryFilter, DeliveryState};
use webhooks_sender::{Outbound, Sender, Subscription};
use webhooks_tests::database::Kind;
use webhooks_tests::fixture_event::{
    Happening, How, NEWER_DIALECT, happened, in_newer_dialect, sender,
};

use crate::arrivals::{Arrival, arrivals};
use crate::process::{Sink, start, subscribe};
use crate::workers::shared_out;

const LEASE_MS: &str = "12000";
/// Owners, so that both processes have some of them.
const OWNERS: usize = 12;
/// A beat of the newer process, and what it takes to make the requests.
const WITHIN: Duration = Duration::from_secs(12);
/// How long what was called off may still be sent by the process that has it in hand.
const CALLED_OFF: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_older_process_does_not_know_reaches_a_newer_one_within_seconds_on_sqlite() {
    let place = Sqlite::place().await;
    hand_on::<Sqlite>(&place.address).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn what_an_older_process_does_not_know_reaches_a_newer_one_within_seconds_on_postgres() {
    let place = Postgres::place().await;
    hand_on::<Postgres>(&place.address).await;
}

async fn hand_on<K: Kind>(address: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let sink = Sink::start(folder.path());
    subscribe::<K>(address, &sink.url, &["/plain"]).await;
    let pool = K::open(address).await.expect("the database");
    let sending = sender(pool.clone()).dialect(in_newer_dialect("nothing"));
    let sending = sending.without_engine().start().await.expect("a sender");
    for number in 0..OWNERS {
        let wanted = Subscription::new(owner(number), format!("{}/{number}", sink.url));
        let wanted = wanted.event("*").dialect(NEWER_DIALECT);
        let subscribed = sending.operator().subscribe(wanted).await;
        subscribed.expect("a subscription");
    }
    let mut older = start(&["work", K::KIND, address, "older", LEASE_MS]);
    let mut newer = start(&["work-newer", K::KIND, address, "newer", LEASE_MS]);
    older.line_with("working");
    newer.line_with("working");
    shared_out(&pool, 2).await;
    let began = Instant::now();
    for number in 0..OWNERS {
        tell(&sending, &owner(number)).await;
    }
    tell(&sending, "owner of /plain").await;
    while delivered(&sink).len() <= OWNERS {
        assert!(began.elapsed() < WITHIN, "{:?}", delivered(&sink));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    println!("{}: all had come after {:.1?}", K::KIND, began.elapsed());
    let odd = delivered(&sink);
    let odd = odd.iter().filter(|arrival| arrival.path != "/plain");
    assert!(odd.clone().all(|arrival| arrival.worker == "newer"));
    assert_eq!(odd.count(), OWNERS, "each once");
    assert!(older.terminate().success());
    assert!(newer.terminate().success());
    sending.shut_down().await;
    pool.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_process_calls_off_another_does_not_send_on_sqlite() {
    let place = Sqlite::place().await;
    call_off::<Sqlite>(&place.address).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn what_one_process_calls_off_another_does_not_send_on_postgres() {
    let place = Postgres::place().await;
    call_off::<Postgres>(&place.address).await;
}

/// Deliveries that wait in the hands of a worker for the rate limit of their subscription.
async fn call_off<K: Kind>(address: &str) {
    const MESSAGES: usize = 30;
    let folder = tempfile::tempdir().expect("a folder");
    let sink = Sink::start(folder.path());
    crate::process::subscribe_as::<K>(address, &sink.url, &["/slow"], |_, wanted| {
        wanted.rate_limit(1)
    })
    .await;
    let mut worker = start(&["work", K::KIND, address, "worker", LEASE_MS]);
    worker.line_with("working");
    let pool = K::open(address).await.expect("the database");
    let sending = sender(pool.clone()).without_engine().start().await;
    let sending = sending.expect("a sender");
    for _ in 0..MESSAGES {
        tell(&sending, "owner of /slow").await;
    }
    while delivered(&sink).is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let waiting = DeliveryFilter::new().state(DeliveryState::Pending);
    let page = sending.operator().deliveries(&waiting, 100).await;
    for delivery in page.expect("a page").items {
        // One that has been sent meanwhile cannot be called off.
        let _ = sending.operator().cancel(&delivery.id).await;
    }
    let called_off = Instant::now();
    tokio::time::sleep(CALLED_OFF).await;
    let by_then = delivered(&sink).len();
    // At one a second, all that were called off would come within this.
    tokio::time::sleep(Duration::from_secs(4)).await;
    let later = delivered(&sink).len();
    println!("{}: {by_then} had come, then {later}", K::KIND);
    assert_eq!(
        later,
        by_then,
        "{:.1?} after they were called off",
        called_off.elapsed()
    );
    let cancelled = DeliveryFilter::new().state(DeliveryState::Cancelled);
    let page = sending.operator().deliveries(&cancelled, 100).await;
    let cancelled = page.expect("a page").items.len();
    assert!(cancelled > MESSAGES / 2, "{cancelled}");
    assert!(worker.terminate().success());
    sending.shut_down().await;
    pool.close().await;
}

fn owner(number: usize) -> String {
    format!("owner {number}")
}

async fn tell<K: Kind>(sender: &Sender<K>, owner: &str) {
    let number = format!("{owner} {:?}", Instant::now()).replace(' ', "-");
    let how = How::Sent;
    let message = Outbound::new(happened(Happening { number, how }));
    sender.send(owner, message).await.expect("it is accepted");
}

fn delivered(sink: &Sink) -> Vec<Arrival> {
    let mut arrivals = arrivals(&sink.log);
    arrivals.retain(Arrival::is_delivery);
    arrivals
}
