//! The whole story in one program: `cargo run -p payments-delivered`.
//!
//! An application takes payments and tells of them. A receiver, here in the same program, gets each message signed. It
//! fails for a while: a retry brings what it missed, and a replay what was given up. Then the application stays up:
//! open `/portal` as a customer, `/operator` as yourself, or `/docs`; or pay again.

mod app;
mod demo;
mod receiver;
mod routes;

use std::error::Error;
use std::path::Path;
use std::time::{Duration, SystemTime};

use sqlx::sqlite::{
    Sqlite, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous,
};
use webhooks_core::DocsRouter;
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::job::Replay;
use webhooks_sender::query::DeliveryFilter;
use webhooks_sender::settings::{CircuitBreaker, RetrySchedule};
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::{Sender, Subscription};
use webhooks_swagger_ui::SwaggerUi;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let pool = database(folder.path()).await?;

    // A real application leaves these out: the public internet, the schedule of three days, a pause for
    // targets that fail.
    let sender = Sender::new(pool.clone())
        .webhooks(app::catalogue()?)
        .targets(TargetPolicy::development())
        .retries(RetrySchedule::new([Duration::from_millis(300); 2]).jitter(0.0))
        .circuit_breaker(CircuitBreaker {
            threshold: u32::MAX,
            ..CircuitBreaker::default()
        })
        .start()
        .await?;
    // The documentation says what this sender does, because it is made from its settings.
    let docs = app::docs(sender.delivery_terms())?;
    if std::env::args().nth(1).as_deref() == Some("openapi") {
        println!("{}", docs.to_json());
        sender.shut_down().await;
        return Ok(());
    }

    let listener = example_server::listen().await?;
    let address = listener.local_addr()?;
    let subscription =
        Subscription::new("acct_1", format!("http://{address}/hooks")).event("payment.*");
    let subscribed = sender.operator().subscribe(subscription).await?;
    println!("acct_1 subscribed to payment.* and was shown its secret once");

    let books = receiver::Books::default();
    let secret = subscribed.secret.ok_or("Standard Webhooks signs")?;
    let routes = routes::routes(pool.clone(), sender.clone())
        .merge(receiver::route(&secret, books.clone())?)
        .merge(demo::targets())
        .merge(
            DocsRouter::new(&docs)
                .link("Swagger UI", "/swagger")
                .into_router(),
        )
        .merge(SwaggerUi::new().into_router());
    let server = axum::serve(listener, routes)
        .with_graceful_shutdown(example_server::told_to_stop())
        .into_future();
    let story = async {
        tell(&pool, &sender, &subscribed.id, &books).await?;
        println!("\nlistening on http://{address}");
        println!(
            "the documentation is at http://{address}/docs, and in Swagger UI at http://{address}/swagger"
        );
        println!(
            "what a customer sees is at http://{address}/portal, what you see at http://{address}/operator"
        );
        println!(
            "pay again: curl -H content-type:application/json -d '{{\"amount\":50}}' http://{address}/payments"
        );
        println!(
            "as the customer, see what was delivered: \
             curl -H 'authorization: Bearer acct_1' http://{address}/webhooks/deliveries"
        );
        demo::keep_alive(&sender, address).await
    };
    tokio::select! {
        stopped = server => stopped?,
        failed = story => failed?,
    }
    sender.shut_down().await;
    println!("\nstopped; what was under way has been recorded");
    Ok(())
}

/// The application's own database.
async fn database(folder: &Path) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("payments.db"))
        .create_if_missing(true);
    let options = options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10));
    let pool = SqlitePool::connect_with(options).await?;
    sqlx::raw_sql("CREATE TABLE payment (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL)")
        .execute(&pool)
        .await?;
    Ok(pool)
}

/// The story, step by step.
async fn tell(
    pool: &SqlitePool,
    sender: &Sender<Sqlite>,
    subscription: &SubscriptionId,
    books: &receiver::Books,
) -> Result<()> {
    println!("\npaying 10: the payment and its message are written in one transaction");
    app::pay(pool, sender, 10).await?;
    books.wait_for(1).await;

    println!("\nthe receiver breaks for a moment; paying 20");
    books.fail(1);
    app::pay(pool, sender, 20).await?;
    books.wait_for(2).await;

    println!("\nthe receiver stays broken until the sender gives up; paying 30");
    let before = SystemTime::now();
    books.fail(3);
    app::pay(pool, sender, 30).await?;
    let ended = DeliveryFilter::new()
        .subscription(subscription.clone())
        .ended();
    let operator = sender.operator();
    while operator.deliveries(&ended, 10).await?.items.len() < 3 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!("given up after three attempts; replaying what has failed since");
    operator
        .replay(subscription, Replay::failed().since(before))
        .await?;
    books.wait_for(3).await;

    println!("\na payment that is rolled back is never told");
    app::pay_and_roll_back(pool, sender, 40).await?;
    println!(
        "{} messages arrived, one for each payment that was committed",
        books.accepted()
    );
    Ok(())
}
