//! Fetches for ever: what it was given is in the log before it is acknowledged, as a customer handles a message first.

use std::fs::OpenOptions;
use std::io::Write;
use std::time::Duration;

use sqlx::Pool;
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::query::Poll;
use webhooks_tests::database::Kind;
use webhooks_tests::fixture_event::{Happening, OWNER, sender};

use crate::Result;

const AFTER_AN_ERROR: Duration = Duration::from_millis(50);

pub(crate) async fn poll<K: Kind>(pool: Pool<K>, log: &str, subscription: &str) -> Result<()> {
    let sender = sender(pool).without_engine().start().await?;
    let (account, id) = (sender.of(OWNER), subscription.parse::<SubscriptionId>()?);
    let mut log = OpenOptions::new().create(true).append(true).open(log)?;
    let mut receipts = Vec::new();
    println!("polling");
    loop {
        let request = Poll::new().limit(7).wait(Duration::from_secs(1));
        let request = request.acknowledge(receipts.drain(..));
        match account.poll(&id, request).await {
            Ok(polled) => {
                for message in polled.messages {
                    let happening: Happening = serde_json::from_slice(&message.body)?;
                    // One write for a line: a kill cuts none in two.
                    let line = format!("{} {}\n", message.id, happening.number);
                    log.write_all(line.as_bytes())?;
                    receipts.push(message.receipt);
                }
            }
            Err(error) => {
                eprintln!("not fetched: {error}");
                tokio::time::sleep(AFTER_AN_ERROR).await;
            }
        }
    }
}
