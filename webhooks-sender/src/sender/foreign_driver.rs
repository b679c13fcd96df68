//! The outbox for applications on other drivers: SQL and values, to be run in their own transaction.

use webhooks_store::{Database, SqlStatement};

use super::Sender;
use crate::error::Error;
use crate::model::Owner;
use crate::publish::{IntoOutbound, Sent, first_page};

/// The SQL that sends a message, for an application whose driver is not sqlx: diesel, rusqlite, tokio-postgres.
///
/// Run every statement in one transaction. The engine looks for what it brings every second.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OutboxSql {
    /// The message as it will be known.
    pub sent: Sent,
    /// The statements, in order.
    pub statements: Vec<SqlStatement>,
}

impl<D: Database> Sender<D> {
    /// The SQL that sends a message, to be run in a transaction of another driver. Nothing is sent by this call.
    ///
    /// An idempotency key that is known makes the first statement fail with a unique violation.
    ///
    /// # Errors
    ///
    /// When the message cannot be sent.
    #[doc(alias = "insert")]
    pub fn outbox_sql(
        &self,
        owner: impl Into<Owner>,
        message: impl IntoOutbound,
    ) -> Result<OutboxSql, Error> {
        let message = self.prepare(&owner.into(), &message.into_outbound())?;
        let tables = &self.context.tables;
        // The engine looks up who wants the message when it fans it out.
        let job = first_page(&message, self.context.publishing.random()?);
        Ok(OutboxSql {
            statements: vec![
                tables.message_statement(&message.row),
                tables.store.enqueue_statement(&job),
            ],
            sent: Sent {
                id: message.row.id,
                repeated: false,
                deliveries: None,
            },
        })
    }
}
