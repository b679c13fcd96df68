//! The webhook that processes of the tests send, and how their senders are set up.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::Pool;
use webhooks_core::{BuildError, Catalogue, Webhooks, whpost};
use webhooks_sender::database::Database;
use webhooks_sender::dialect::Dialect;
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::transport::HttpClient;
use webhooks_sender::{Sender, SenderBuilder};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Happening {
    /// No other happening has it.
    pub number: String,
    /// How it was sent.
    pub how: How,
}

/// How a message is sent, which decides about whether it may, must or must not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// By `send`: it must arrive when that returned.
    Sent,
    /// By `send_in`: it must arrive when the transaction is found committed, and must not otherwise.
    InTransaction,
    /// By `send_in` in a transaction that is rolled back: it must never arrive.
    RolledBack,
}

/// Sent when something happened.
#[whpost("something.happened")]
pub async fn happened(data: Happening);

/// The owner of every subscription.
pub const OWNER: &str = "acct_1";

/// The webhook, listed.
///
/// # Errors
///
/// None: there is one webhook.
pub fn catalogue() -> Result<Catalogue, BuildError> {
    Webhooks::new().with(happened).build()
}

/// Loopback targets, without TLS.
///
/// # Panics
///
/// Never: the network is one.
pub fn loopback() -> TargetPolicy {
    TargetPolicy::default()
        .allow_http()
        .allow_net("127.0.0.0/8".parse().expect("a network"))
}

/// A sender of happenings to loopback targets, which gives nothing up as long as a test runs.
///
/// # Panics
///
/// Never: the settings can work.
pub fn sender<D: Database>(pool: Pool<D>) -> SenderBuilder<D> {
    let client = HttpClient::builder(loopback())
        .timeout(Duration::from_secs(5))
        .build();
    Sender::new(pool)
        .webhooks(catalogue().expect("a catalogue"))
        .targets(loopback())
        .transport(client.expect("a client"))
        .retries(RetrySchedule::new([Duration::from_millis(100); 1000]))
}

/// A dialect that only some of the processes know.
pub const NEWER_DIALECT: &str = "newer";

/// That dialect, for requests of a worker with this name.
pub fn in_newer_dialect(worker: &str) -> Dialect {
    Dialect::unsigned(NEWER_DIALECT)
        .event_header("webhook-event")
        .id_header("webhook-id")
        .user_agent(worker)
}
