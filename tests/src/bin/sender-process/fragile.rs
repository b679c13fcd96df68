//! Delivers, and ends without a word as soon as it sends a message that says `deadly`: as a fault in an application's
//! transport does, or a want of memory.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use sqlx::Pool;
use webhooks_core::Webhooks;
use webhooks_sender::notices::operational_webhooks;
use webhooks_sender::transport::{AnswerFuture, HttpClient, Transport};
use webhooks_tests::database::Kind;
use webhooks_tests::fixture_event::{happened, loopback, sender};

use crate::Result;
use crate::work::deliver;

struct Fragile(HttpClient);

impl Transport for Fragile {
    fn send(&self, request: Request<Bytes>) -> AnswerFuture<'_> {
        if request.body().windows(6).any(|word| word == b"deadly") {
            std::process::abort();
        }
        self.0.send(request)
    }

    fn timeout(&self) -> Duration {
        self.0.timeout()
    }
}

pub(crate) async fn work<K: Kind>(pool: Pool<K>, name: &str, lease_ms: u64) -> Result<()> {
    let client = HttpClient::builder(loopback()).timeout(Duration::from_secs(1));
    let catalogue = Webhooks::new().with(happened).with(operational_webhooks());
    let sender = sender(pool)
        .webhooks(catalogue.build()?)
        .operational_events_to("operator")
        .transport(Fragile(client.build()?));
    deliver(sender, name, lease_ms).await
}
