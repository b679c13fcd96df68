//! Durable work on SQLite and PostgreSQL: jobs that survive a crash, in lanes that the processes share out among them.
//!
//! ```
//! use webhooks_store::{Id, NewJob, SlotSet, Store, Verdict};
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let store = Store::memory().open().await?;                   // or Store::file("work.db"), or Store::on(pool)
//!
//! let mut transaction = store.begin().await?;                  // the application's own works as well
//! let job = NewJob::new("letters", Id::from_bytes([7; 16]), "acct_1").data("hello");
//! store.enqueue_in(&mut transaction, vec![job]).await?;
//! transaction.commit().await?;
//! store.wake().now("letters", &SlotSet::all());               // workers look now instead of at their next poll
//!
//! let mut transaction = store.begin().await?;
//! for job in store.lock_due_in(&mut transaction, "letters", None, 10).await? {
//!     assert_eq!(job.content.data, b"hello");
//!     store.record_in(&mut transaction, &[job.outcome(Verdict::Done)]).await?;
//! }
//! transaction.commit().await?;                                 // the work and its end, together
//! # Ok::<(), webhooks_store::Error>(())
//! # }).unwrap();
//! ```
//!
//! # What is promised
//!
//! - A job whose transaction was committed is worked on until its end is recorded: at least once, whatever crashes.
//! - What was enqueued is on the disk when its commit returns. In a SQLite file the outcome of a job need not be: a power
//!   cut, but no crash of the program, may undo it, and then the job is done again under the same id.
//! - Each lane has one owner at a time among the processes, see [`lanes`]. An outcome counts for the version of the row that
//!   it is about, and for no other.
//! - A lane with a million waiting jobs neither delays the other lanes nor makes reading slower, also when it may not
//!   be worked on, and also while an old snapshot is held.
//! - Nothing waits on another's transaction longer than one short statement of ours takes.
//!
//! # How it is used
//!
//! | to | call |
//! |---|---|
//! | bring tables of one's own | [`StoreOptions::component`], [`Component`] |
//! | insert jobs | [`Store::enqueue_in`] in a transaction, [`Store::enqueue`] without |
//! | make many small commits one | [`Writer`] |
//! | work, with pace and order | [`lanes::Lanes`] decides, [`Worker`] asks the database, [`Store::record_in`] records |
//! | work, shortly | [`Store::lock_due_in`], [`Store::record_in`] |
//! | sleep until there is work | [`Store::next_due`], [`Store::wake`] |
//! | change what waits | [`Store::cancel_in`], [`Store::cancel_lane`], [`Store::restart_in`], [`Store::touch_lane_in`] |
//! | hand out jobs to one who asks for them, and end them | [`Store::due_in`], [`Store::hold_in`], [`Store::record_in`] |
//! | see which processes work | [`Store::processes`], [`Store::slot_owner`] |
//! | look | [`Store::counts`], [`Store::job`], [`Store::jobs_about`], [`Store::jobs_about_each`], [`Store::unfinished`], [`Store::finished`], [`Store::failed`], [`Store::failures`], [`Store::attempts`], [`Store::lane_attempts`] |
//! | tidy up | [`Store::prune`] |
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
//! | `{prefix}worker` | the processes that work, each with its lease |
//! | `{prefix}slot` | who owns the lanes of each slot; `epoch` counts the owners, `deaths` those that died one after the other, the last at `died_at`; `refused_by` lacks what one of its lanes needs |
//!
//! | column | |
//! |---|---|
//! | `id`, `queue`, `slot`, `lane`, `owner`, `reference`, `order_key`, `labels`, `data` | as inserted |
//! | `generation`, `attempts` | times it was done again after it had ended, tries counted |
//! | `due_at`, `created_at` | |
//! | `scheduled`, `version`, `held_until` | only in `{prefix}job`: written before it was due; changes of the row; an ordered job waits until then |
//! | `starts` | only in `{prefix}job`: how often it was begun in a slot whose owners have died, and had no outcome |
//! | `xid`, on SQLite `position` | only in `{prefix}job`: what has come since |
//! | `state`, `finished_at` | only in `{prefix}history`: 3 done, 4 failed, 5 cancelled |
//!
//! On PostgreSQL history, attempts and answers have a partition for each day, which [`Store::prune`] makes and drops.
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

mod about;
mod attempt;
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
mod lane;
pub mod lanes;
mod migration;
mod options;
mod outbox;
mod outcome;
mod own_connection;
mod parameters;
mod past;
#[cfg(test)]
mod plans;
#[cfg(feature = "postgres")]
mod postgres;
mod prefix;
mod prune;
mod reading;
mod record;
mod row;
mod schema_problem;
mod slot_set;
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
mod statement;
mod statements;
mod store;
mod waiting;
mod wake;
mod worker;
mod write_queue;
mod writer;

pub use attempt::{Attempt, AttemptKey, AttemptRecord};
pub use clock::{Clock, from_ms, to_ms};
pub use database::Database;
pub use error::Error;
pub use inspect::Counts;
pub use job::{Due, Hold, Id, JobRecord, LastAttempt, NewJob, State};
pub use lane::{Lane, LaneName, Slot};
pub use migration::{Component, Migration};
pub use options::StoreOptions;
pub use outcome::{Outcome, Verdict};
pub use parameters::{Parameters, SqlStatement, SqlValue};
pub use prefix::Prefix;
pub use prune::{PruneMark, Retention};
pub use reading::Reading;
pub use row::Row;
pub use slot_set::SlotSet;
pub use sql::Sql;
pub use statement::Statement;
pub use store::Store;
pub use wake::{Wake, Wakeups};
pub use worker::{Process, Processes, Worker, WorkerName};
pub use write_queue::Transaction;
pub use writer::{Write, Writer};

#[cfg(feature = "postgres")]
pub use sqlx::Postgres;
#[cfg(feature = "sqlite")]
pub use sqlx::Sqlite;
