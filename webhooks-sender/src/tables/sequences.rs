//! The numbers of deliveries in the sequence of their subscription.

use std::collections::HashMap;

use webhooks_store::{Database, Id, Parameters, Row};

use super::{Tx, id};
use crate::error::Error;

impl<D: Database> Tx<'_, D> {
    /// The numbers that these deliveries have. Some have none yet.
    pub(crate) async fn sequence_numbers(
        &mut self,
        deliveries: &[Id],
    ) -> Result<HashMap<Id, i64>, Error> {
        let parameters = Parameters::new().blobs(deliveries.iter().map(|id| *id.as_bytes()));
        let sql = &self.tables.sql.sequence_numbers;
        let rows = sql.fetch(self.connection, parameters).await?;
        let number = |row: &Row<D>| Ok((id(&row.bytes("delivery")?)?, row.int("number")?));
        rows.iter().map(number).collect()
    }

    /// Moves the sequences of subscriptions on, to these numbers at least, and locks them until the transaction ends; how
    /// far each has come.
    pub(crate) async fn advance_sequences(
        &mut self,
        last: &[(Id, i64)],
    ) -> Result<Vec<(Id, i64)>, Error> {
        let parameters = Parameters::new()
            .blobs(last.iter().map(|(id, _)| *id.as_bytes()))
            .ints(last.iter().map(|(_, last)| *last));
        let sql = &self.tables.sql.advance_sequences;
        let rows = sql.fetch(self.connection, parameters).await?;
        let last = |row: &Row<D>| Ok((id(&row.bytes("subscription")?)?, row.int("last")?));
        rows.iter().map(last).collect()
    }

    /// Gives deliveries their numbers.
    pub(crate) async fn insert_sequence_numbers(
        &mut self,
        numbers: &[(Id, i64)],
    ) -> Result<(), Error> {
        let parameters = Parameters::new()
            .blobs(numbers.iter().map(|(id, _)| *id.as_bytes()))
            .ints(numbers.iter().map(|(_, number)| *number));
        let sql = &self.tables.sql.insert_sequence_numbers;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }

    /// Forgets the numbers of those deliveries of these messages that are not kept any longer.
    pub(crate) async fn prune_sequence_numbers(&mut self, messages: &[Id]) -> Result<(), Error> {
        let range = |id: &Id| Id::all_about(*id);
        let parameters = Parameters::new()
            .blobs(messages.iter().map(|id| *range(id).start().as_bytes()))
            .blobs(messages.iter().map(|id| *range(id).end().as_bytes()));
        let sql = &self.tables.sql.prune_sequence_numbers;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }
}
