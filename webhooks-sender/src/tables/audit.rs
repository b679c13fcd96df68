//! The audit trail: one row for each change, written in the transaction of the change.

use webhooks_store::{Database, Id, Parameters, Row};

use super::{Tx, id};
use crate::error::Error;
use crate::model::{AuditAction, AuditEntry, AuditId, Scope};

/// A change that is to be kept.
#[derive(Debug)]
pub(crate) struct NewAudit {
    pub(crate) id: AuditId,
    /// Whose thing was changed; empty for what is every owner's.
    pub(crate) owner: String,
    pub(crate) actor: Option<String>,
    pub(crate) action: AuditAction,
    pub(crate) subject: String,
    pub(crate) before: Option<serde_json::Value>,
    pub(crate) after: Option<serde_json::Value>,
}

impl<D: Database> Tx<'_, D> {
    pub(crate) async fn insert_audit(&mut self, new: &NewAudit) -> Result<(), Error> {
        let json = |value: &Option<serde_json::Value>| value.as_ref().map(ToString::to_string);
        let parameters = Parameters::new()
            .bytes(*new.id.key().as_bytes())
            .text(new.owner.as_str())
            .maybe_text(new.actor.as_deref())
            .text(new.action.as_str())
            .text(new.subject.as_str())
            .maybe_text(json(&new.before))
            .maybe_text(json(&new.after));
        let sql = &self.tables.sql.insert_audit;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }

    /// A page of the trail below an id, newest first: of one thing, of one owner, or of all.
    pub(crate) async fn page_audit(
        &mut self,
        scope: Scope<'_>,
        subject: Option<&str>,
        below: Vec<u8>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, Error> {
        let sql = &self.tables.sql;
        let (sql, parameters) = match (subject, scope.owner()) {
            (Some(subject), owner) => {
                let parameters = Parameters::new().text(subject).bytes(below);
                let parameters = parameters.int(limit.into()).maybe_text(owner);
                (&sql.page_audit_about, parameters)
            }
            (None, Some(owner)) => {
                let parameters = Parameters::new().text(owner).bytes(below);
                (&sql.page_audit_of, parameters.int(limit.into()))
            }
            (None, None) => {
                let parameters = Parameters::new().bytes(below);
                (&sql.page_audit, parameters.int(limit.into()))
            }
        };
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter().map(decode).collect()
    }

    /// Deletes the oldest entries below an id; returns how many.
    pub(crate) async fn prune_audit(&mut self, below: Id, limit: u32) -> Result<u64, Error> {
        let parameters = Parameters::new().bytes(*below.as_bytes()).int(limit.into());
        let sql = &self.tables.sql.prune_audit;
        Ok(sql.execute(self.connection, parameters).await?)
    }
}

fn decode<D: Database>(row: &Row<D>) -> Result<AuditEntry, Error> {
    let id = AuditId::from_key(id(&row.bytes("id")?)?);
    let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(AuditEntry {
        at: id.time(),
        id,
        owner: row.text("owner")?,
        actor: row.maybe_text("actor")?,
        action: row.text("action")?,
        subject: row.text("subject")?,
        before: json(row.maybe_text("before")?),
        after: json(row.maybe_text("after")?),
    })
}
