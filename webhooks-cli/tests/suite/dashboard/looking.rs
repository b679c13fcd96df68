//! Every page opens, next to an application that works, and nothing is written.

use std::fs::{self, File};
use std::time::{Duration, Instant};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Postgres, Sqlite};
use webhooks_tests::database::Kind;

use super::Dashboard;
use crate::shop::{Shop, Working, fill};

/// Every page that reads, with a text that it must show.
fn pages(shop: &Shop) -> Vec<(String, String)> {
    let good = "good.example.com".to_owned();
    vec![
        ("/overview".to_owned(), "bad.example.com".to_owned()),
        ("/subscriptions".to_owned(), good.clone()),
        (format!("/subscriptions/{}", shop.good), good.clone()),
        (format!("/subscriptions/{}", shop.bad), "500".to_owned()),
        ("/deliveries".to_owned(), "payment.created".to_owned()),
        ("/deliveries?state=failed".to_owned(), shop.failed.clone()),
        (format!("/deliveries/{}", shop.delivered), good),
        (format!("/deliveries/{}", shop.failed), "500".to_owned()),
        ("/activity".to_owned(), "acct_1".to_owned()),
        ("/events".to_owned(), "does not know its events".to_owned()),
    ]
}

fn look_at_every_page(dashboard: &mut Dashboard, shop: &Shop) {
    for (path, text) in pages(shop) {
        let page = dashboard.page(&path);
        assert!(page.contains(&text), "{path} shows no {text}: {page}");
        assert!(!page.contains("whsec_"), "{path} shows a secret");
        assert!(
            !page.contains("method=\"post\""),
            "{path} has a form that changes something"
        );
    }
}

/// Where an event's name leads, which the dashboard cannot know to be one.
fn search(dashboard: &mut Dashboard) {
    for (text, to) in [
        ("payment.created", "event=payment.created"),
        ("acct_1", "owner=acct_1"),
    ] {
        let found = dashboard.browser.get(&format!("/find?q={text}"));
        assert!(found.header("location").contains(to), "{text}: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_opens_and_nothing_is_written_on_sqlite() {
    let place = Sqlite::place().await;
    let shop = fill::<Sqlite>(&place.address).await;
    // The last connection of the application removes it, and that is when the file is what it is. Two that end in the same
    // moment take one another for the last but one: then it is left to whichever comes next.
    let log = format!("{}-wal", place.address);
    let began = Instant::now();
    while fs::exists(&log).expect("a folder") {
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "the application is still there"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
        let next = SqliteConnectOptions::new().filename(&place.address);
        let mut next = next.connect().await.expect("a connection");
        let read = sqlx::query("SELECT 1 FROM sqlite_schema");
        read.execute(&mut next).await.expect("read");
        next.close().await.expect("closed");
    }
    let before = fs::read(&place.address).expect("the file");
    let mut dashboard = Dashboard::opened(&place.address, &[]);
    look_at_every_page(&mut dashboard, &shop);
    search(&mut dashboard);
    dashboard.stop();
    assert!(
        fs::read(&place.address).expect("the file") == before,
        "the file has changed"
    );
    assert!(
        fs::metadata(&log).is_ok_and(|log| log.len() == 0),
        "something was written into the log"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_application_goes_on_next_to_it_on_sqlite() {
    next_to_it::<Sqlite>(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn the_application_goes_on_next_to_it_on_postgres() {
    next_to_it::<Postgres>(&["--behind-pooler"]).await;
    next_to_it::<Postgres>(&[]).await;
}

async fn next_to_it<K: Kind>(arguments: &[&str]) {
    let place = K::place().await;
    let shop = fill::<K>(&place.address).await;
    let mut dashboard = Dashboard::opened(&place.address, arguments);
    let working = Working::<K>::start(&place.address).await;
    let message = working.send().await;
    look_at_every_page(&mut dashboard, &shop);
    let page = dashboard.page("/deliveries?owner=acct_2");
    assert!(page.contains("</svg>Delivered<"), "{message}: {page}");
    dashboard.stop();
    working.send().await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_starts_next_to_it_knows_that_it_is_alone() {
    let place = Sqlite::place().await;
    fill::<Sqlite>(&place.address).await;
    let working = Working::<Sqlite>::start(&place.address).await;
    working.send().await;
    working.stop().await;
    for arguments in [&[][..], &["--write"]] {
        let mut dashboard = Dashboard::opened(&place.address, arguments);
        dashboard.page("/overview");
        let lock =
            File::open(format!("{}-webhooks_workers", place.address)).expect("the lock of workers");
        lock.try_lock().expect("the dashboard does not hold it");
        dashboard.stop();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn every_page_opens_and_nothing_is_written_on_postgres() {
    let place = Postgres::place().await;
    let shop = fill::<Postgres>(&place.address).await;
    let pool = Postgres::open(&place.address).await.expect("a pool");
    let before = written(&pool).await;
    assert!(
        before > 0,
        "the statistics tell of what the application wrote"
    );
    let mut dashboard = Dashboard::opened(&place.address, &[]);
    look_at_every_page(&mut dashboard, &shop);
    search(&mut dashboard);
    dashboard.stop();
    assert_eq!(written(&pool).await, before);
}

/// How many rows were ever written in the schema. A process reports its own when it ends.
async fn written(pool: &sqlx::PgPool) -> i64 {
    let mut connection = pool.acquire().await.expect("a connection");
    let own = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'webhooks dashboard'";
    let rows = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM pg_stat_all_tables \
                WHERE schemaname = current_schema()";
    let (mut last, mut same) = (-1, 0);
    // What the application wrote is reported within a second or two.
    while same < 5 {
        let open = Postgres::number(&mut connection, own)
            .await
            .expect("a number");
        let number = Postgres::number(&mut connection, rows)
            .await
            .expect("a number");
        same = if number == last && open == 0 {
            same + 1
        } else {
            0
        };
        last = number;
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    last
}
