//! Grants: what a link gives, under the hash of its code, then under that of its session.

use std::time::Duration;

use webhooks_store::{Database, Parameters, Row};

use super::{Tx, id};
use crate::error::Error;
use crate::model::{Grant, GrantId};

/// A grant that is to be kept.
#[derive(Debug)]
pub(crate) struct NewGrant<'g> {
    pub(crate) hash: [u8; 32],
    pub(crate) id: &'g GrantId,
    pub(crate) owner: &'g str,
    pub(crate) content: &'g str,
    pub(crate) redeem_within: Duration,
    pub(crate) lasts: Duration,
}

impl<D: Database> Tx<'_, D> {
    pub(crate) async fn insert_grant(&mut self, new: &NewGrant<'_>) -> Result<(), Error> {
        let parameters = Parameters::new()
            .bytes(new.hash)
            .bytes(*new.id.key().as_bytes())
            .text(new.owner)
            .text(new.content)
            .int(ms(new.redeem_within))
            .int(ms(new.lasts));
        let sql = &self.tables.sql.insert_grant;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }

    /// Puts a session in the place of a code, if that can still be redeemed.
    pub(crate) async fn redeem_grant(
        &mut self,
        code: [u8; 32],
        session: [u8; 32],
    ) -> Result<Option<Grant>, Error> {
        let parameters = Parameters::new().bytes(code).bytes(session);
        let sql = &self.tables.sql.redeem_grant;
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.first().map(decode).transpose()
    }

    /// What the code or the session of this hash gives, and whether it is a code.
    pub(crate) async fn grant_of(
        &mut self,
        hash: [u8; 32],
    ) -> Result<Option<(Grant, bool)>, Error> {
        let sql = &self.tables.sql.grant_of;
        let parameters = Parameters::new().bytes(hash);
        let rows = sql.fetch(self.connection, parameters).await?;
        let both = |row| Ok((decode(row)?, row.int("is_code")? == 1));
        rows.first().map(both).transpose()
    }

    /// Takes one grant of an owner back, or all; returns how many.
    pub(crate) async fn revoke_grants(
        &mut self,
        owner: &str,
        id: Option<&GrantId>,
    ) -> Result<u64, Error> {
        let id = id.map(|id| *id.key().as_bytes());
        let parameters = Parameters::new().text(owner).maybe_bytes(id);
        let sql = &self.tables.sql.revoke_grants;
        Ok(sql.execute(self.connection, parameters).await?)
    }

    /// Deletes what is over.
    pub(crate) async fn prune_grants(&mut self, limit: u32) -> Result<u64, Error> {
        let parameters = Parameters::new().int(limit.into());
        let sql = &self.tables.sql.prune_grants;
        Ok(sql.execute(self.connection, parameters).await?)
    }
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}

fn decode<D: Database>(row: &Row<D>) -> Result<Grant, Error> {
    Ok(Grant {
        id: GrantId::from_key(id(&row.bytes("id")?)?),
        owner: row.text("owner")?,
        content: row.text("content")?,
    })
}
