//! A delivery that ends each process that makes its request is given up, and nothing else is.

use std::time::{Duration, Instant};

use sqlx::{Pool, Postgres, Sqlite};
use webhooks_sender::query::{DeliveryFilter, DeliveryState, MessageFilter, StoredDelivery};
use webhooks_sender::{Outbound, Owner, Sender};
use webhooks_tests::database::Kind;
use webhooks_tests::fixture_event::{Happening, How, happened, sender};

use crate::arrivals::arrivals;
use crate::process::{Sink, start, subscribe_as};

const PATHS: [&str; 3] = ["/a", "/b", "/c"];
/// Messages for each path, besides the deadly one.
const MESSAGES: usize = 40;
const LEASE_MS: &str = "2000";
/// Two deaths say that something is wrong with the slots, and four starts which delivery it is.
const MOST_DEATHS: u32 = 2 + 4;
const PATIENCE: Duration = Duration::from_mins(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_that_kills_its_process_is_given_up_and_no_other_is_on_sqlite() {
    let place = Sqlite::place().await;
    kill::<Sqlite>(&place.address).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_delivery_that_kills_its_process_is_given_up_and_no_other_is_on_postgres() {
    let place = Postgres::place().await;
    kill::<Postgres>(&place.address).await;
}

async fn kill<K: Kind>(address: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let sink = Sink::start(folder.path());
    let paths = [PATHS.as_slice(), &["/operator"]].concat();
    subscribe_as::<K>(address, &sink.url, &paths, |path, wanted| match path {
        "/operator" => wanted.owner("operator").event("*"),
        _ => wanted,
    })
    .await;
    let pool = K::open(address).await.expect("the database");
    let sending = sending(&pool).await;
    for number in 0..MESSAGES {
        if number == MESSAGES / 2 {
            tell(&sending, Owner::of("owner of /b"), "deadly").await;
        }
        tell(&sending, Owner::everyone(), &number.to_string()).await;
    }
    let began = Instant::now();
    let mut deaths = 0;
    let mut worker = start(&["work-fragile", K::KIND, address, "worker", LEASE_MS]);
    while found(&sending, DeliveryState::Failed).await.is_empty() {
        if worker.has_ended() {
            deaths += 1;
            assert!(deaths <= MOST_DEATHS, "the delivery is not given up");
            worker = start(&["work-fragile", K::KIND, address, "worker", LEASE_MS]);
        }
        assert!(began.elapsed() < PATIENCE, "after {deaths} deaths");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    println!("given up after {deaths} deaths, {:.1?}", began.elapsed());
    // It goes on with what comes.
    tell(&sending, Owner::everyone(), "last").await;
    let all = PATHS.len() * (MESSAGES + 1);
    while found(&sending, DeliveryState::Delivered).await.len() < all {
        assert!(began.elapsed() < PATIENCE, "the others are not delivered");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!worker.has_ended(), "nothing kills it any more");
    let failed = found(&sending, DeliveryState::Failed).await;
    let [deadly] = failed.as_slice() else {
        panic!("{failed:?}")
    };
    let last = deadly
        .last_attempt
        .as_ref()
        .expect("an attempt that says why");
    assert_eq!((last.error.as_deref(), deadly.attempts), (Some("crash"), 1));
    assert_eq!(deadly.owner.as_deref(), Some("owner of /b"));
    let told = DeliveryFilter::of(MessageFilter::new().event("webhooks.delivery.exhausted"));
    let told = sending.operator().deliveries(&told, 10).await;
    assert_eq!(
        told.expect("a page").items.len(),
        1,
        "the operator hears of it"
    );
    assert!(arrivals(&sink.log).iter().all(|it| it.number != "deadly"));
    assert!(worker.terminate().success());
    sending.shut_down().await;
    pool.close().await;
}

async fn sending<K: Kind>(pool: &Pool<K>) -> Sender<K> {
    let sending = sender(pool.clone()).without_engine().start().await;
    sending.expect("a sender")
}

async fn tell<K: Kind>(sender: &Sender<K>, owner: Owner, number: &str) {
    let (number, how) = (number.to_owned(), How::Sent);
    let message = Outbound::new(happened(Happening { number, how }));
    sender.send(owner, message).await.expect("it is accepted");
}

/// Deliveries to customers in a state.
async fn found<K: Kind>(sender: &Sender<K>, state: DeliveryState) -> Vec<StoredDelivery> {
    let filter = DeliveryFilter::new().state(state);
    let page = sender.operator().deliveries(&filter, 500).await;
    let mut items = page.expect("a page").items;
    items.retain(|delivery| delivery.owner.as_deref() != Some("operator"));
    items
}
