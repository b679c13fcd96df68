//! The only floor with SQL: one file per table, each with its row as a struct and the statements that read and write it.
//!
//! Rows are decoded here once, by the names of their columns, and what the application wants kept secret is sealed here.
//! Everything above works with values. Nothing here decides anything.

mod attempts;
mod audit;
mod bulk_jobs;
mod failures;
mod grants;
mod job_records;
mod jobs;
mod message_content;
mod messages;
mod owners;
mod patterns;
mod pause;
#[cfg(all(test, feature = "postgres"))]
mod plans;
mod polled;
mod replays;
mod resealing;
mod scan;
mod sealed_fields;
mod sealing;
mod sequences;
mod series;
mod statements;
mod subscription_pages;
mod subscriptions;

use std::fmt;
use std::time::SystemTime;

use webhooks_store::{Database, Id, Reading, Store, Transaction};

use crate::error::Error;

pub(crate) use attempts::last_of_ended;
pub(crate) use audit::NewAudit;
pub(crate) use bulk_jobs::{Advance, BulkJobRow, NewBulkJob, Turns};
pub(crate) use failures::{FailureRow, NewFailures};
pub(crate) use grants::NewGrant;
pub(crate) use jobs::{
    Arrivals, BULK_JOBS, DELIVERIES, DeliveryLane, FAN_OUTS, PAUSE, POLLED, is_delivery,
    owner_hash, owner_lane, queue_of,
};
pub(crate) use message_content::{ContentInBudget, MessageContent, is_expired};
pub(crate) use messages::{MessageSummary, NewMessage};
pub(crate) use replays::EndedDelivery;
pub(crate) use resealing::UsedKey;
pub(crate) use sealed_fields::{SealedFields, StoredSecret};
pub use sealing::SealingKey;
pub(crate) use sealing::{Binding, Ciphertext, Vault};
use statements::Statements;
pub(crate) use statements::TABLES;
pub use statements::tables_sql;
pub(crate) use subscriptions::{NewSubscription, SubscriptionRow};

/// The tables of one sender: the store, the loaded statements, and the keys that seal secrets.
pub(crate) struct Tables<D: Database> {
    pub(crate) store: Store<D>,
    /// Boxed, because there are many and this is moved while a sender starts.
    sql: Box<Statements<D>>,
    pub(crate) vault: Vault,
}

/// The tables on one connection: what is written is part of the transaction that is open on it.
pub(crate) struct Tx<'t, D: Database> {
    pub(crate) tables: &'t Tables<D>,
    pub(crate) connection: &'t mut D::Connection,
}

impl<D: Database> Tables<D> {
    pub(crate) fn new(store: Store<D>, vault: Vault) -> Self {
        let sql = Box::new(Statements::load(&store));
        Self { store, sql, vault }
    }

    /// The time by the sender's clock.
    pub(crate) fn now(&self) -> SystemTime {
        self.store.clock().now()
    }

    /// A transaction that may write, on the disk when it is committed.
    pub(crate) async fn begin(&self) -> Result<Transaction<D>, Error> {
        Ok(self.store.begin().await?)
    }

    /// A connection to read from.
    pub(crate) async fn connection(&self) -> Result<Reading<D>, Error> {
        Ok(self.store.connection().await?)
    }

    /// The tables on this connection.
    pub(crate) fn on<'t>(&'t self, connection: &'t mut D::Connection) -> Tx<'t, D> {
        Tx {
            tables: self,
            connection,
        }
    }
}

impl<D: Database> Tx<'_, D> {
    /// The time by the sender's clock.
    pub(crate) fn now(&self) -> SystemTime {
        self.tables.now()
    }
}

impl<D: Database> fmt::Debug for Tables<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tables").finish_non_exhaustive()
    }
}

/// An id as it is stored.
pub(crate) fn id(bytes: &[u8]) -> Result<Id, Error> {
    let bytes = bytes
        .try_into()
        .map_err(|_| Error::Corrupt(format!("an id has {} bytes instead of 16", bytes.len())))?;
    Ok(Id::from_bytes(bytes))
}
