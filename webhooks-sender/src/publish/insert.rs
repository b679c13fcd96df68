//! The outbox for applications on other drivers: SQL and values, to be run in their own transaction.

use webhooks_store::{Database, to_ms};

use super::fan_out::fan_out;
use super::prepare::{Prepared, prepare};
use super::{Outbound, Sent};
use crate::error::Error;
use crate::model::Owner;
use crate::sender::Sender;
use crate::shared::Shared;

/// The SQL that sends a message, for an application whose driver is not sqlx: diesel, rusqlite, tokio-postgres.
///
/// Run every statement in one transaction. The engine looks for what it brings every second.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Insert {
    /// The message as it will be known.
    pub sent: Sent,
    /// The statements, in order.
    pub statements: Vec<InsertStatement>,
}

/// A statement with its values, which are numbered from 1: `?1` on SQLite, `$1` on PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsertStatement {
    /// The SQL.
    pub sql: String,
    /// The values.
    pub values: Vec<InsertValue>,
}

/// A value of an [`InsertStatement`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InsertValue {
    /// A whole number: `INTEGER`, `bigint`.
    Int(Option<i64>),
    /// A text.
    Text(Option<String>),
    /// Bytes: `BLOB`, `bytea`.
    Bytes(Option<Vec<u8>>),
}

impl<D: Database> Sender<D> {
    /// The SQL that sends a message, to be run in a transaction of another driver. Nothing is sent by this call.
    ///
    /// An idempotency key that is known makes the first statement fail with a unique violation.
    ///
    /// # Errors
    ///
    /// When the message cannot be sent.
    pub fn insert(
        &self,
        owner: impl Into<Owner>,
        message: impl Into<Outbound>,
    ) -> Result<Insert, Error> {
        let prepared = prepare(&self.shared, &owner.into(), &message.into())?;
        let sent = Sent {
            id: prepared.id.clone(),
            repeated: false,
            deliveries: None,
        };
        let statements = vec![
            message_row(&self.shared, &prepared),
            job_row(&self.shared, &prepared)?,
        ];
        Ok(Insert { sent, statements })
    }
}

fn message_row<D: Database>(shared: &Shared<D>, message: &Prepared) -> InsertStatement {
    let values = vec![
        InsertValue::Bytes(Some(message.id.key().as_bytes().to_vec())),
        InsertValue::Text(Some(message.event.clone())),
        InsertValue::Text(Some(message.owner.clone())),
        InsertValue::Int(Some(message.bare.into())),
        InsertValue::Text(message.wire.clone()),
        InsertValue::Bytes(Some(message.body.clone())),
        InsertValue::Int(Some(message.created_ms)),
        InsertValue::Int(message.expires_ms),
        InsertValue::Text(message.idempotency_key.clone()),
        InsertValue::Text(message.labels.clone()),
    ];
    let columns = "id, event, owner, bare, wire, body, created, expires, idempotency_key, labels";
    statement::<D>(shared, "messages", columns, values)
}

/// The job that fans the message out: who wants it is looked up by the engine.
fn job_row<D: Database>(shared: &Shared<D>, message: &Prepared) -> Result<InsertStatement, Error> {
    /// The store's number for a job that is due.
    const READY: i64 = 1;
    let (job, now) = (fan_out(message, shared.random()?), to_ms(shared.now()));
    let values = vec![
        InsertValue::Bytes(Some(job.id.as_bytes().to_vec())),
        InsertValue::Text(Some(job.queue.to_owned())),
        InsertValue::Bytes(Some(job.lane.as_bytes().to_vec())),
        InsertValue::Bytes(job.reference.map(|id| id.as_bytes().to_vec())),
        InsertValue::Bytes(Some(job.data)),
        InsertValue::Int(Some(READY)),
        InsertValue::Int(Some(now)),
        InsertValue::Int(Some(now)),
    ];
    let columns = "id, queue, lane, reference, data, state, due_at, created_at";
    Ok(statement::<D>(shared, "job", columns, values))
}

fn statement<D: Database>(
    shared: &Shared<D>,
    table: &str,
    columns: &str,
    values: Vec<InsertValue>,
) -> InsertStatement {
    let sign = if <D as sqlx::Database>::NAME == "PostgreSQL" {
        '$'
    } else {
        '?'
    };
    let places: Vec<_> = (1..=values.len())
        .map(|number| format!("{sign}{number}"))
        .collect();
    let prefix = shared.store.prefix();
    let sql = format!(
        "INSERT INTO {prefix}{table} ({columns}) VALUES ({})",
        places.join(", ")
    );
    InsertStatement { sql, values }
}
