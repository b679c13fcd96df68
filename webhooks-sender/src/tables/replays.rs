//! What jobs read and write of deliveries and messages: what has ended, what may be sent again, copies, erasures.

use std::collections::{HashMap, HashSet};
use std::time::SystemTime;

use webhooks_store::{Database, Id, Parameters, to_ms};

use super::messages::{MessageSummary, owner_column, summaries};
use super::{DeliveryLane, Tx, id};
use crate::error::Error;
use crate::model::{JobId, Owner};

/// A delivery that has ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EndedDelivery {
    pub(crate) id: Id,
    pub(crate) message: Option<Id>,
}

impl<D: Database> Tx<'_, D> {
    /// Deliveries to a subscription that have ended, of ids between two others, in the order of their ids.
    pub(crate) async fn ended_deliveries(
        &mut self,
        subscription: Id,
        (after, until): (Id, Id),
        limit: u32,
    ) -> Result<Vec<EndedDelivery>, Error> {
        let parameters = Parameters::new()
            .bytes(*subscription.as_bytes())
            .bytes(*after.as_bytes())
            .bytes(*until.as_bytes())
            .int(limit.into());
        let sql = &self.tables.sql.ended_deliveries;
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter()
            .map(|row| {
                let message = row.maybe_bytes("reference")?;
                Ok(EndedDelivery {
                    id: id(&row.bytes("id")?)?,
                    message: message.map(|bytes| id(&bytes)).transpose()?,
                })
            })
            .collect()
    }

    /// Whether a delivery is this owner's.
    pub(crate) async fn is_delivery_of(&mut self, owner: &str, id: Id) -> Result<bool, Error> {
        let parameters = Parameters::new().bytes(*id.as_bytes()).text(owner);
        let sql = &self.tables.sql.reached_delivery;
        Ok(sql.first(self.connection, parameters).await?.is_some())
    }

    /// Those of these deliveries that have ended.
    pub(crate) async fn finished_of(&mut self, ids: &[Id]) -> Result<HashSet<Id>, Error> {
        let sql = &self.tables.sql.finished_of;
        self.ids(sql, ids, Parameters::new()).await
    }

    /// Those of these messages that can be sent again: their payload is kept, and they have not expired.
    pub(crate) async fn sendable_messages(&mut self, ids: &[Id]) -> Result<HashSet<Id>, Error> {
        let now = Parameters::new().int(to_ms(self.now()));
        let sql = &self.tables.sql.sendable_messages;
        self.ids(sql, ids, now).await
    }

    async fn ids(
        &mut self,
        sql: &webhooks_store::Sql<D>,
        ids: &[Id],
        parameters: Parameters,
    ) -> Result<HashSet<Id>, Error> {
        let parameters = parameters.blobs(ids.iter().map(|id| *id.as_bytes()));
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter().map(|row| id(&row.bytes("id")?)).collect()
    }

    /// How many deliveries to a subscription wait for their turn, up to a limit.
    pub(crate) async fn backlog(&mut self, lane: DeliveryLane, limit: u32) -> Result<u32, Error> {
        let name = lane.name();
        let parameters = Parameters::new()
            .int(name.slot.0.into())
            .bytes(&*name.key)
            .int(limit.into())
            .text(lane.queue());
        let sql = &self.tables.sql.backlog;
        let row = sql.first(self.connection, parameters).await?;
        let waiting = row.map(|row| row.int("waiting")).transpose()?;
        Ok(waiting.map_or(0, |waiting| u32::try_from(waiting).unwrap_or(limit)))
    }

    /// What an owner was sent, of ids between two others, in their order. `broadcasts` tells whether that includes the
    /// broadcasts.
    pub(crate) async fn messages_between(
        &mut self,
        owner: &str,
        broadcasts: bool,
        (after, until): (Id, Id),
        limit: u32,
    ) -> Result<Vec<MessageSummary>, Error> {
        let everyone = broadcasts.then(|| owner_column(&Owner::everyone()).to_owned());
        let parameters = Parameters::new()
            .text(owner)
            .maybe_text(everyone)
            .bytes(*after.as_bytes())
            .bytes(*until.as_bytes())
            .int(limit.into());
        let sql = &self.tables.sql.messages_between;
        let rows = sql.fetch(self.connection, parameters).await?;
        summaries(&rows)
    }

    /// Copies messages under new ids, to one owner.
    pub(crate) async fn copy_messages(
        &mut self,
        owner: &str,
        now: SystemTime,
        ids: &[(Id, Id)],
    ) -> Result<(), Error> {
        let parameters = Parameters::new()
            .text(owner)
            .int(to_ms(now))
            .blobs(ids.iter().map(|(old, _)| *old.as_bytes()))
            .blobs(ids.iter().map(|(_, new)| *new.as_bytes()));
        let sql = &self.tables.sql.copy_messages;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }

    /// Says which job had these deliveries made, which wait.
    pub(crate) async fn mark_replayed(&mut self, job: &JobId, ids: &[Id]) -> Result<(), Error> {
        let parameters = Parameters::new()
            .bytes(*job.key().as_bytes())
            .blobs(ids.iter().map(|id| *id.as_bytes()));
        let sql = &self.tables.sql.mark_replayed;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }

    /// The jobs that had these deliveries made again, by delivery and generation.
    pub(crate) async fn replays_of(
        &mut self,
        ids: impl IntoIterator<Item = Id>,
    ) -> Result<HashMap<(Id, i64), JobId>, Error> {
        let parameters = Parameters::new().blobs(ids.into_iter().map(|id| *id.as_bytes()));
        let sql = &self.tables.sql.replays_of;
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter()
            .map(|row| {
                let key = (id(&row.bytes("delivery")?)?, row.int("generation")?);
                Ok((key, JobId::from_key(id(&row.bytes("job")?)?)))
            })
            .collect()
    }

    /// Removes what these messages carry.
    pub(crate) async fn erase_messages(&mut self, ids: &[Id]) -> Result<(), Error> {
        let parameters = Parameters::new().blobs(ids.iter().map(|id| *id.as_bytes()));
        let sql = &self.tables.sql.erase_messages;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }

    /// Removes what came back for these deliveries.
    pub(crate) async fn erase_answers(&mut self, deliveries: &[Id]) -> Result<(), Error> {
        let parameters = Parameters::new().blobs(deliveries.iter().map(|id| *id.as_bytes()));
        let sql = &self.tables.sql.erase_answers;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }

    /// Forgets which jobs had the deliveries of these messages made, where those are gone.
    pub(crate) async fn prune_replayed(&mut self, messages: &[Id]) -> Result<(), Error> {
        let range = |id: &Id| Id::all_about(*id);
        let parameters = Parameters::new()
            .blobs(messages.iter().map(|id| *range(id).start().as_bytes()))
            .blobs(messages.iter().map(|id| *range(id).end().as_bytes()));
        let sql = &self.tables.sql.prune_replayed;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }
}
