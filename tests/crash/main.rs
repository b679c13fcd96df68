//! A process of the crash test, to be killed at any moment: `accept` sends messages, `work` delivers them.
//!
//! `crash-process accept|work sqlite|postgres DATABASE LOG PREFIX`. What was accepted is in two places that survive a kill: the
//! ids whose `send` returned in the log, and those of committed transactions in the table `ledger`.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write;
use std::time::Duration;

use sqlx::{Executor, Pool};
use webhooks_sender::{Database, HttpClient, Prefix, RetrySchedule, Sender, TargetPolicy};
use webhooks_tests::crash::{catalogue, happened};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [role, kind, database, log, prefix] = arguments.as_slice() else {
        return Err("say `accept|work sqlite|postgres DATABASE LOG PREFIX`".into());
    };
    let prefix = Prefix::new(prefix)?;
    if kind == "postgres" {
        let pool = webhooks_tests::crash::postgres(database).await?;
        run(role, pool, log, prefix, ["BEGIN", "INSERT INTO ledger VALUES ($1)"]).await
    } else {
        let pool = webhooks_tests::crash::sqlite(database).await?;
        run(role, pool, log, prefix, ["BEGIN IMMEDIATE", "INSERT INTO ledger VALUES (?1)"]).await
    }
}

async fn run<D: Database>(
    role: &str,
    pool: Pool<D>,
    log: &str,
    prefix: Prefix,
    [begin, insert]: [&'static str; 2],
) -> Result<(), Box<dyn Error>>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
    for<'q> String: sqlx::Encode<'q, D> + sqlx::Type<D>,
    D::Arguments: sqlx::IntoArguments<D>,
{
    let policy = TargetPolicy::default().allow_http().allow_net("127.0.0.0/8".parse()?);
    let client = HttpClient::builder(policy.clone()).timeout(Duration::from_secs(1)).build()?;
    let builder =
        Sender::new(pool.clone()).webhooks(catalogue()?).targets(policy).transport(client).prefix(prefix);
    let builder =
        builder.lease(Duration::from_secs(2)).retries(RetrySchedule::new([Duration::from_millis(100); 1000]));
    if role == "work" {
        let _sender = builder.start().await?;
        return std::future::pending().await;
    }
    let sender = builder.without_engine().start().await?;
    let mut log = OpenOptions::new().create(true).append(true).open(log)?;
    for number in 0.. {
        if number % 2 == 0 {
            let sent = sender.send("acct_1", happened(number)).await?;
            writeln!(log, "{}", sent.id)?;
        } else {
            let mut tx = pool.begin_with(begin).await?;
            let sent = sender.send_in(&mut tx, "acct_1", happened(number)).await?;
            sqlx::query(insert).bind(sent.id.to_string()).execute(&mut *tx).await?;
            tx.commit().await?;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}
