//! Durable work on SQLite and PostgreSQL: jobs that survive a crash, claimed under a lease, in turn over their lanes.
//!
//! ```
//! use std::time::Duration;
//! use webhooks_store::{Claimer, Id, NewJob, Store, Verdict};
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let store = Store::memory().open().await?;                   // or Store::file("work.db"), or Store::on(pool)
//!
//! let mut transaction = store.begin().await?;                  // the application's own works as well
//! let job = NewJob::new("delivery", Id::from_bytes([7; 16]), "sub_1").data("hello");
//! store.enqueue_in(&mut transaction, vec![job]).await?;
//! transaction.commit().await?;
//! store.wake().now();                                          // workers look now instead of at their next poll
//!
//! let mut claimer = Claimer::new(&store, "delivery").lease(Duration::from_secs(60));
//! let claimed = claimer.claim(100).await?;
//! let outcomes = claimed.jobs.iter().map(|job| job.outcome(Verdict::Done)).collect();
//! assert!(store.settle(outcomes).await?.iter().all(|settled| settled.is_applied()));
//! # Ok::<(), webhooks_store::Error>(())
//! # }).unwrap();
//! ```
//!
//! # What is promised
//!
//! - A job whose transaction was committed is claimed until it is settled: at least once, whatever crashes.
//! - What was enqueued is on the disk when its commit returns. In a SQLite file the outcome of a job need not be: a power
//!   cut, but no crash of the program, may undo it, and then the job is done again under the same id.
//! - A job is leased to one worker at a time. What a worker says after its lease ran out
//!   changes nothing, and the answer says so: each claim has a number, and only the newest counts.
//! - A lane with a million waiting jobs neither delays the other lanes nor makes a claim slower, also when it may not
//!   be worked on. See [`Claimer`].
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
//! | look | [`Store::counts`], [`Store::job`], [`Store::jobs_about`], [`Store::unfinished`], [`Store::finished`], [`Store::failed`], [`Store::attempts`], [`Store::lane_attempts`] |
//! | tidy up | [`Store::prune`] |
//! | share lanes out among processes | [`lanes`] |
//! | run SQL on either database | [`Statement`], [`Sql`], [`Parameters`] |
//!
//! # The tables
//!
//! They may be read, joined and referred to; they are changed through this crate alone. Times are milliseconds since
//! 1970, ids and lanes bytes.
//!
//! | table | |
//! |---|---|
//! | `{prefix}job` | the unfinished jobs, so that this table stays small |
//! | `{prefix}history` | the finished ones, each with its last attempt: `tried_at`, `duration_ms`, `status`, `error` |
//! | `{prefix}attempt` | earlier attempts |
//! | `{prefix}answer` | what came back for attempts, by their time: it is forgotten first |
//!
//! | column | |
//! |---|---|
//! | `id`, `queue`, `lane`, `reference`, `order_key`, `labels`, `data` | as inserted |
//! | `state` | 0 waits for its time, 1 waits for its turn, 2 runs; 3 done, 4 failed, 5 cancelled |
//! | `generation`, `attempts`, `claim` | times it was done again after it had ended, tries counted, times claimed |
//! | `due_at`, `created_at` | |
//! | `lease_until` | only in `{prefix}job` |
//! | `finished_at` | only in `{prefix}history` |
//!
//! On PostgreSQL the last three tables have a partition for each day, which [`Store::prune`] makes and drops.
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

mod attempt;
mod claim;
mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
mod control;
mod database;
mod enqueue;
mod error;
mod error_chain;
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
mod reading;
mod record;
mod row;
mod settle;
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
mod statement;
mod statements;
mod store;
mod wake;
mod write_queue;
mod writer;

pub use attempt::{Attempt, AttemptKey, AttemptRecord};
pub use claim::{ClaimedJobs, Claimer};
pub use clock::{Clock, from_ms, to_ms};
pub use database::Database;
pub use error::Error;
pub use inspect::Counts;
pub use job::{Due, Id, Job, JobRecord, Lane, Lease, NewJob, State};
pub use migration::{Component, Migration};
pub use options::StoreOptions;
pub use parameters::{Parameters, SqlStatement, SqlValue};
pub use prefix::Prefix;
pub use prune::{PruneMark, Retention};
pub use reading::Reading;
pub use row::Row;
pub use settle::{Outcome, Settled, Verdict};
pub use sql::Sql;
pub use statement::Statement;
pub use store::Store;
pub use wake::{Wake, Wakeups};
pub use write_queue::Transaction;
pub use writer::{Write, Writer};

#[cfg(feature = "postgres")]
pub use sqlx::Postgres;
#[cfg(feature = "sqlite")]
pub use sqlx::Sqlite;
