//! Whose the subscriptions are, and how much waits for each owner.

use webhooks_store::{Database, Parameters, Slot};

use super::Tx;
use crate::error::Error;
use crate::model::OwnerTotals;

/// The most subscriptions, and waiting deliveries, that are counted for an owner.
const MOST: u32 = 1000;

impl<D: Database> Tx<'_, D> {
    /// Owners behind one, in the order of their names.
    pub(crate) async fn page_owners(
        &mut self,
        behind: &str,
        limit: u32,
    ) -> Result<Vec<OwnerTotals>, Error> {
        let parameters = Parameters::new()
            .text(behind)
            .int(limit.into())
            .int(MOST.into());
        let sql = &self.tables.sql.page_owners;
        let rows = sql.fetch(self.connection, parameters).await?;
        let count = |number: i64| u32::try_from(number).unwrap_or(MOST);
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let owner = row.text("owner")?;
            found.push(OwnerTotals {
                subscriptions: count(row.int("subscriptions")?),
                inactive: count(row.int("inactive")?),
                waiting: self.waiting_of(&owner).await?,
                owner,
            });
        }
        Ok(found)
    }

    async fn waiting_of(&mut self, owner: &str) -> Result<u32, Error> {
        let parameters = Parameters::new()
            .text(owner)
            .int(Slot::of(owner.as_bytes()).0.into())
            .int(MOST.into());
        let sql = &self.tables.sql.waiting_of_owner;
        let row = sql.first(self.connection, parameters).await?;
        let waiting = row.map_or(Ok(0), |row| row.int("waiting"))?;
        Ok(u32::try_from(waiting).unwrap_or(MOST))
    }
}
