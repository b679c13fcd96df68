//! Sends webhooks from the application's own database: written in its transaction, delivered durably, signed.
//!
//! No other server is needed: the engine runs inside the application, or in as many worker processes as you like, on
//! SQLite or PostgreSQL.
//!
//! ```
//! use schemars::JsonSchema;
//! use serde::Serialize;
//! use webhooks_core::{Webhooks, whpost};
//! use webhooks_sender::{Sender, SubscriptionRequest};
//!
//! #[derive(Serialize, JsonSchema)]
//! struct Payment { amount: u32 }
//!
//! /// Sent as soon as the bank has confirmed a payment.
//! #[whpost("payment.created")]
//! async fn payment_created(data: Payment);
//!
//! # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("webhooks.db");
//! // `Sender::new(pool)` in the application's own database, or a file:
//! let sender = Sender::open(path).webhooks(Webhooks::new().with(payment_created).build()?).start().await?;
//!
//! let request = SubscriptionRequest::new("https://example.com/hook").event("payment.*");
//! let secret = sender.of("acct_1").subscribe(request).await?.secret;    // shown only now
//!
//! sender.send("acct_1", payment_created(Payment { amount: 10 })).await?;
//! sender.shut_down().await;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! # In the application's own transaction
//!
//! [`send_in`](Sender::send_in) writes the message in the transaction that makes it true. If it is
//! committed, the message will be delivered; if it is rolled back, nothing is ever sent. A [`Sender`] is typed by its database, so a transaction of another one does
//! not compile.
//!
//! ```no_run
//! # use webhooks_core::{Descriptor, Message};
//! # use webhooks_sender::Sender;
//! # static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
//! # async fn pay(pool: sqlx::Pool<sqlx::Sqlite>, sender: Sender<sqlx::Sqlite>) -> Result<(), Box<dyn std::error::Error>> {
//! let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;      // PostgreSQL: pool.begin()
//! sqlx::query("INSERT INTO payment (amount) VALUES (10)").execute(&mut *tx).await?;
//! sender.send_in(&mut tx, "acct_1", Message::untyped(&PING, &10)).await?;
//! tx.commit().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Sharing a SQLite database with the application
//!
//! SQLite has one writer at a time, for the application and the sender together. Writers wait for one another, and the
//! sender's own transactions are short. The pool needs
//!
//! ```
//! # use std::time::Duration;
//! # use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
//! let options = SqliteConnectOptions::new()
//!     .journal_mode(SqliteJournalMode::Wal)            // readers never wait
//!     .synchronous(SqliteSynchronous::Full)            // what was committed survives a power cut
//!     .busy_timeout(Duration::from_secs(10));          // how long a writer waits; less than one second is refused
//! # let _ = options;
//! ```
//!
//! and transactions that write must begin with `BEGIN IMMEDIATE`, as above. A transaction that begins with a plain
//! `BEGIN`, reads, and then writes is refused immediately if another one has written in between, however long the
//! time-out: SQLite refuses to upgrade a read transaction whose snapshot is stale (`SQLITE_BUSY_SNAPSHOT`). `send_in`
//! then fails with [`Error::Store`], whose `is_busy` is true; nothing of the message was written. Roll back, and repeat
//! the whole transaction.
//!
//! SQLite's waiting is not fair: next to a sender under full load, single transactions of the application took up to two
//! or three seconds. PostgreSQL has no such lock.
//!
//! # Delivery guarantee
//!
//! At least once. A message whose `send` returned, or whose transaction was committed, is tried for each subscription
//! that wanted it until the receiver accepts it or the retry schedule ends, whatever crashes in between. A message
//! arrives twice when a process dies during its request, or within 50 ms after it, because outcomes are recorded together. The
//! same happens on SQLite when a power cut comes before the last outcomes were flushed to the disk, which the next message
//! does. Receivers recognise a repeat by the message id, which stays the same. The subscriptions that count are those at the
//! time of the send.
//!
//! Messages are delivered as they come, many at a time. Those with an [order key](Outbound::order_key) keep their order, and so
//! does a subscription that is [first in, first out](Subscription::first_in_first_out).
//! [Sequence numbers](Subscription::sequence_numbers) show a receiver what it misses.
//!
//! # Several processes
//!
//! One process with an engine is enough to begin with. Start as many as you like, on one PostgreSQL or on one SQLite file;
//! those that only accept start with [`without_engine`](SenderBuilder::without_engine). They need no network between them. Each
//! owner's deliveries are one process's at a time, so that concurrency, rate limit, circuit breaker and order of a subscription
//! hold over all of them. An owner moves from one process to another with a pause as long as its longest request.
//!
//! | what happens | what follows |
//! |---|---|
//! | a process starts | it gets its share from the others within seconds |
//! | it ends with [`shut_down`](Sender::shut_down) | the others have its share within two seconds, and nothing is sent twice |
//! | it is killed, or its machine dies | the others have its share when its [lease](SenderBuilder::lease) ends, after 12 seconds; the requests that were under way are made again |
//! | a delivery kills each process that sends it | when two owners in a row have died, the next ones write down which requests they begin, with fewer and fewer together; what was begun four times without an outcome is [given up](transport::TransportError::Crash), and nothing else is. Half an hour without a death ends that |
//! | it is killed, and no other works on its SQLite file | it goes on as soon as it starts again |
//! | it stands still for longer than its lease | the others take over; when it goes on it gives its requests up. One that it was just about to write still goes out |
//! | the database cannot be reached or written | nothing new is sent; what was answered meanwhile is recorded afterwards |
//! | two versions or settings run side by side | each works by its own settings; what one does not know, it leaves to the others, who have it within seconds. What all of them leave comes back |
//! | none runs | everything waits |
//!
//! On a SQLite file, processes show each other that they live by a lock on a file next to it, named like the database with
//! `-webhooks_workers` behind it (with your [prefix](SenderBuilder::prefix)). It is empty, belongs to the database as `-wal` does,
//! and is made anew when it is missing; do not delete it while a process runs.
//!
//! # Retries
//!
//! 2xx is success, even if the body behind it breaks off. Everything else, and no answer in time, is a failure;
//! redirects are not followed.
//!
//! | try | after the one before |
//! |---|---|
//! | 1 | immediately |
//! | 2, 3, 4 | 5 s, 5 min, 30 min |
//! | 5, 6, 7 | 2 h, 5 h, 10 h |
//! | 8, 9, 10 | 14 h, 20 h, 24 h |
//!
//! Up to 10 % random jitter is added. A `Retry-After` can delay a try by up to a day, never bring it forward. 429, 502
//! and 504, and 503 with a `Retry-After`, slow the whole subscription down. 410 switches it off immediately, and so does the
//! answer header `webhook-delivery: disable`; a long time without any success does too, after two warnings, see
//! [`DeactivationRule`](settings::DeactivationRule).
//!
//! # States of a delivery
//!
//! ```text
//!                its turn                 2xx
//!  ┌─────────┐ ───────────▶ ┌─────────┐ ─────────────▶ ┌───────────┐
//!  │ pending │              │ sending │                │ delivered │
//!  └─────────┘ ◀─────────── └─────────┘ ─────────────▶ ┌───────────┐
//!    │     ▲   failed, tries    │         last try     │  failed   │
//!    │     │   left; or its     │         failed       └───────────┘
//!    │     │   process died     │ cancelled or expired
//!    ▼     │                    ▼
//!  ┌──────────────────────────────┐     retry and replay lead from
//!  │          cancelled           │     every final state to pending
//!  └──────────────────────────────┘
//! ```
//!
//! # Where requests go
//!
//! To the public internet over HTTPS, unless [`TargetPolicy`](target::TargetPolicy) allows more: names are resolved and every address vetted at
//! each connection, and the address that was vetted is the one that is dialled.
//!
//! # Fetched instead of sent
//!
//! A customer behind a firewall has a subscription with the target `poll` ([`SubscriptionRequest::poll`]) and asks for its
//! messages ([`Account::poll`]): the oldest ones, again and again until they are acknowledged. No request is made to it, and the
//! engine never looks at what waits for it.
//!
//! # Subscriptions of a configuration file
//!
//! In addition to those that customers make, there are static ones, from code ([`SenderBuilder::subscription`]) or from a
//! file ([`StaticSubscriptions`](subscription::StaticSubscriptions)). At each start they are compared with those of the
//! last one.
//!
//! # What may be sent
//!
//! What the compiler has checked: a declared function takes its payload's type. A payload without a type
//! ([`Sender::send_untyped`], [`Message::untyped`](webhooks_core::Message::untyped)) must be of an event in the catalogue,
//! and with the feature `validation` it must fit the webhook's JSON Schema.
//!
//! # Traces
//!
//! A message continues the trace that it is sent in. The layer [`ContinueTrace`](trace::ContinueTrace) takes it from the
//! request that the application is answering, [`SenderBuilder::trace_context`] from the application's own tracer. Each
//! attempt is a span of its own in it, under its own id, in the receiver's header and in the `tracing` span `webhook_attempt`.
//!
//! # What is kept, and for how long
//!
//! Messages, their payloads, attempts and the bodies of answers each have a time of their own:
//! [`Retention`](settings::Retention). What still waits is kept as long as it waits; what is not fetched is given up after
//! two weeks by default.
//!
//! # Tenants
//!
//! [`Sender::of`] gives the [`Account`] of one owner: its subscriptions, messages, deliveries and attempts, page by page,
//! each page at a bounded cost. It carries the owner in every statement, so an id of another owner's is not found. What
//! reaches over all owners is in [`Sender::operator`].
//!
//! # Operational events
//!
//! [`SenderBuilder::operational_events_to`] sets an operator account: its subscriptions receive events about the sender
//! itself ([`notices`]): subscription created, changed, activated, failing, deactivated, deleted; delivery failing,
//! exhausted, recovered; and the test that a customer asks for.
//!
#![doc = include_str!("../docs/logs.md")]
//!
//! # Metrics
//!
//! [`metrics::METRICS`] lists them with their labels and HELP texts. Install the recorder before the sender starts. A Grafana
//! board and alert rules for Prometheus lie in the folder `operations` of the repository.
//!
//! # Testing
//!
//! [`SenderBuilder::testing`] makes the sender of a test on the application's own pool, SQLite or PostgreSQL: with a clock
//! that is turned by hand and without a network, so that `send_in` is tested in the application's own transactions. Its
//! documentation holds a whole test. `Sender::testing` needs no database.
//!
//! # Features
//!
//! | feature | default | what |
//! |---|---|---|
//! | `sqlite` | yes | SQLite |
//! | `postgres` | no | PostgreSQL |
//! | `ecdsa` | no | dialects that sign with ECDSA on P-256 |
//! | `ed25519` | no | `v1a` signatures, and [signing keys](SenderBuilder::signing_key) of the sender's own |
//! | `validation` | no | payloads without a type are checked against their JSON Schema before they are sent; without it they are sent as they are |

mod breaker;
mod builder;
mod change_log;
mod client;
mod context;
mod deactivation;
pub mod dialect;
mod duties;
mod engine;
pub mod entropy;
mod error;
mod failure_windows;
mod guard;
mod jobs;
mod live;
mod log_throttle;
mod model;
pub mod notices;
mod observe;
mod publish;
mod recent_messages;
mod redelivery;
mod retry;
mod rules;
#[cfg(feature = "validation")]
mod schema;
#[cfg(not(feature = "validation"))]
#[path = "no_schema.rs"]
mod schema;
mod sender;
mod signing_mismatch;
mod subscriptions;
mod tables;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod testing;
mod time;
pub mod trace;
mod under_way;

// rustdoc (1.95) does not find a re-exported type by an alias that is written on the type, only by one that is written
// here.
pub use builder::SenderBuilder;
pub use error::{Error, SealError, StateError};
#[doc(alias("tenant", "account", "customer"))]
pub use model::Owner;
#[doc(alias = "endpoint")]
pub use model::Subscription;
#[doc(alias = "endpoint")]
pub use model::SubscriptionRequest;
#[doc(alias("delay", "schedule", "ttl"))]
pub use publish::Outbound;
pub use publish::{IntoOutbound, Sent};
#[doc(alias("customer", "tenant"))]
pub use sender::Account;
#[doc(alias = "admin")]
pub use sender::Operator;
#[doc(alias("at least once", "exactly once", "outbox"))]
pub use sender::Sender;

/// What happens now, as it happens.
#[doc(alias("stream", "tail", "sse"))]
pub mod live_feed {
    pub use crate::live::{Live, LiveFeed};
    pub use crate::model::{Happening, LivePosition};
}
pub use webhooks_signature::Secret;
#[cfg(feature = "postgres")]
pub use webhooks_store::Postgres;
#[cfg(feature = "sqlite")]
pub use webhooks_store::Sqlite;

/// One-time codes for links, and what they give.
#[doc(alias("magic link", "session"))]
pub mod grant {
    pub use crate::model::{Grant, GrantCode, GrantId};
}

/// Ids of messages, subscriptions, deliveries, attempts, jobs and entries of the audit trail.
pub mod id {
    pub use crate::model::{
        AttemptId, AuditId, DeliveryId, IdError, JobId, MessageId, SubscriptionId,
    };
}

/// Work over many rows, done in the background: replays, erasures, exchanging the sealing key.
pub mod job {
    #[doc(alias("bulk", "background", "task"))]
    pub use crate::model::Job;
    #[doc(alias("resend", "recover", "backfill"))]
    pub use crate::model::Replay;
    pub use crate::model::{BulkRetry, JobFilter, JobKind, JobState, ReplayId};
}

/// What is stored of subscriptions, and how static ones are written down.
#[doc(alias = "endpoint")]
pub mod subscription {
    pub use crate::client::ClientCertificate;
    #[doc(alias("oauth", "basic auth", "bearer"))]
    pub use crate::model::Authentication;
    #[doc(alias = "endpoint")]
    pub use crate::model::StoredSubscription;
    pub use crate::model::{
        ClientCredentials, Settings, Subscribed, SubscriptionState, Verification, Warning,
    };
    pub use crate::subscriptions::StaticSubscriptions;
    pub use crate::tables::SealingKey;
}

/// Querying messages, deliveries and attempts: filters, pages and what they hold.
pub mod query {
    #[doc(alias = "try")]
    pub use crate::model::Attempt;
    #[doc(alias = "status")]
    pub use crate::model::DeliveryState;
    pub use crate::model::DutyHealth;
    #[doc(alias("health", "readiness", "liveness"))]
    pub use crate::model::EngineHealth;
    #[doc(alias("limit", "offset"))]
    pub use crate::model::PageRequest;
    #[doc(alias("health", "backlog", "metrics", "prometheus"))]
    pub use crate::model::QueueStats;
    pub use crate::model::{AnsweredIn, AttemptsIn, DeliveriesIn, MessagesIn, Series};
    pub use crate::model::{
        AttemptFilter, Cursor, CursorError, DeliveryFilter, LastAttempt, MessageFilter,
        MissedMessage, OwnerTotals, Page, PauseOfAll, Process, Processes, RebuiltHeader,
        RebuiltRequest, SealingKeyUse, StaticDrift, StaticReport, StaticState, StatusFilter,
        StatusFilterError, StoredDelivery, StoredMessage, SubscriptionFilter,
    };
    #[doc(alias("log", "trail"))]
    pub use crate::model::{AuditEntry, AuditFilter};
    #[doc(alias("chart", "metrics"))]
    pub use crate::model::{Period, Statistics, Step};
    pub use crate::model::{Poll, PollAnswer, PolledHeader, PolledMessage, PolledRequest};
}

/// The rules by which a sender works: retries, circuit breaker, deactivation, retention.
pub mod settings {
    #[doc(alias = "circuit breaker")]
    pub use crate::breaker::CircuitBreaker;
    #[doc(alias = "disable")]
    pub use crate::deactivation::DeactivationRule;
    #[doc(alias("backoff", "exponential", "retry policy"))]
    pub use crate::retry::RetrySchedule;
    pub use crate::retry::STANDARD_SCHEDULE;
    pub use crate::rules::Retention;
}

/// The metrics, which go to the facade of the crate `metrics`: the application chooses the exporter.
#[doc(alias("prometheus", "grafana", "telemetry"))]
pub mod metrics {
    pub use crate::observe::{METRICS, Metric, MetricKind, describe};
}

/// How requests are made.
#[doc(alias = "http")]
pub mod transport {
    pub use crate::client::{
        Answer, AnswerFuture, HttpClient, HttpClientBuilder, HttpClientError, Transport,
        TransportError,
    };
}

/// Which targets are accepted, and how their names are resolved.
#[doc(alias = "ssrf")]
pub mod target {
    pub use crate::client::SystemResolver;
    #[doc(alias("ssrf", "allow list", "deny list"))]
    pub use crate::guard::TargetPolicy;
    pub use crate::guard::{AddressClass, Resolve, ResolveFuture, Target, TargetError};
}

/// The database: its tables as text, transactions, and SQL for other drivers.
#[doc(alias = "outbox")]
pub mod database {
    #[doc(alias = "outbox")]
    pub use crate::sender::OutboxSql;
    pub use crate::tables::tables_sql;
    pub use webhooks_store::{Clock, Database, Prefix, SqlStatement, SqlValue, Transaction};
}
