//! Durable work on SQLite and PostgreSQL: jobs that survive a crash, claimed under a lease, in turn over their lanes.
//!
//! ```
//! use std::time::Duration;
//! use webhooks_store::{Claimer, Id, NewJob, Outcome, Store, Verdict};
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let store = Store::memory().open().await?;                   // or Store::file("work.db"), or Store::on(pool)
//!
//! let mut transaction = store.begin().await?;                  // the application's own works as well
//! let job = NewJob::new("delivery", Id::from_bytes([7; 16]), "sub_1").data("hello");
//! store.enqueue_in(&mut transaction, vec![job]).await?;
//! transaction.commit().await?;
//! store.wake().now();                                          // workers look at once instead of at their next poll
//!
//! let mut claimer = Claimer::new(&store, "delivery").lease(Duration::from_secs(60));
//! let claimed = claimer.claim(100).await?;
//! let outcomes = claimed.jobs.iter().map(|job| Outcome { lease: job.lease(), verdict: Verdict::Done }).collect();
//! assert!(store.settle(outcomes).await?.iter().all(|settled| settled.is_applied()));
//! # Ok::<(), webhooks_store::Error>(())
//! # }).unwrap();
//! ```
//!
//! # What is promised
//!
//! - A job whose transaction was committed is claimed until somebody settles it: at least once, whatever crashes.
//! - What was enqueued is on the disk when its commit returns. In a SQLite file the outcome of a job need not be: a power
//!   cut, but no crash of the program, may undo it, and then the job is done again under the same id.
//! - A job is leased to one worker at a time. A worker that comes back after its lease ran out is told so, and what it
//!   says changes nothing: each claim has a number, and only the newest counts.
//! - A lane with a million waiting jobs neither delays the other lanes nor makes a claim slower, also when it may not
//!   be worked on at all. See [`Claimer`].
//! - Nothing waits on another's transaction longer than one short statement of ours takes.
//!
//! # How it is used
//!
//! | to | call |
//! |---|---|
//! | bring tables of one's own | [`StoreOptions::component`], [`Component`] |
//! | insert jobs | [`Store::enqueue_in`] in a transaction, [`Store::enqueue`] without |
//! | make many small commits one | [`Writer`] |
//! | work | [`Claimer::claim`], [`Store::settle_in`], [`Store::extend`], [`Store::rescue`] |
//! | sleep until there is work | [`Store::next_due`], [`Store::wake`] |
//! | change what waits | [`Store::cancel_in`], [`Store::cancel_lane`], [`Store::restart_in`] |
//! | look | [`Store::counts`], [`Store::job`], [`Store::jobs_about`], [`Store::unfinished`], [`Store::finished`], [`Store::failed`] |
//! | tidy up | [`Store::prune_in`] |
//! | share lanes out among processes | [`lanes`] |
//! | run SQL on either database | [`Statement`], [`Sql`], [`Parameters`] |
//!
//! # The tables
//!
//! They may be read, joined and referred to; they are changed through this crate alone. Times are milliseconds since
//! 1970, ids and lanes bytes. Unfinished jobs are in `{prefix}job`, finished ones in `{prefix}finished_job`, so that
//! the first stays small.
//!
//! | column | |
//! |---|---|
//! | `id`, `queue`, `lane`, `reference`, `order_key`, `labels`, `data` | as inserted |
//! | `state` | 0 waits for its time, 1 waits for its turn, 2 runs; 3 done, 4 failed, 5 cancelled |
//! | `attempts`, `claim` | tries counted, times claimed |
//! | `due_at`, `created_at` | |
//! | `lease_until` | only in `{prefix}job` |
//! | `finished_at` | only in `{prefix}finished_job` |
//!
//! # Features
//!
//! `sqlite` (default), `postgres`, `postgres-tls`; `conformance` adds the suite that both databases pass.

#![cfg_attr(
    not(all(feature = "sqlite", feature = "postgres")),
    allow(
        dead_code,
        reason = "each database uses a little that the other does not"
    )
)]

mod claim;
mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
mod control;
mod database;
mod enqueue;
mod error;
mod inspect;
mod job;
pub mod lanes;
mod lease;
mod migration;
mod options;
mod parameters;
#[cfg(test)]
mod plans;
#[cfg(feature = "postgres")]
mod postgres;
mod prefix;
mod prune;
mod reason;
mod record;
mod settle;
#[cfg(feature = "sqlite")]
mod sqlite;
mod statement;
mod statements;
mod store;
mod turn;
mod wake;
mod writer;

pub use claim::{Claimed, Claimer};
pub use clock::{Clock, from_ms, to_ms};
pub use database::Database;
pub use error::Error;
pub use inspect::Counts;
pub use job::{Due, Id, Job, JobRecord, Lane, Lease, NewJob, State};
pub use migration::{Component, Migration};
pub use options::StoreOptions;
pub use parameters::{Parameters, Row, SqlStatement, SqlValue};
pub use prefix::Prefix;
pub use settle::{Outcome, Settled, Verdict};
pub use statement::{Sql, Statement};
pub use store::Store;
pub use turn::Transaction;
pub use wake::{Wake, Wakeups};
pub use writer::{Write, Writer};

#[cfg(feature = "postgres")]
pub use sqlx::Postgres;
#[cfg(feature = "sqlite")]
pub use sqlx::Sqlite;
