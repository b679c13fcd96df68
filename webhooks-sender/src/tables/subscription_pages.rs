//! Pages of subscriptions.

use webhooks_store::{Database, Parameters, Row};

use super::{SubscriptionRow, Tx, id};
use crate::error::Error;
use crate::model::{Scope, SubscriptionId, SubscriptionState};

/// A row that cannot be read hides no other.
type SubscriptionRows = Vec<(SubscriptionId, Result<SubscriptionRow, Error>)>;

impl<D: Database> Tx<'_, D> {
    /// A page of all subscriptions, or of one owner's, in the order in which they were made. Each row is decoded by itself.
    pub(crate) async fn page_subscriptions(
        &mut self,
        scope: Scope<'_>,
        after: Option<&SubscriptionId>,
        limit: u32,
    ) -> Result<SubscriptionRows, Error> {
        let after = after.map_or_else(Vec::new, |id| id.key().as_bytes().to_vec());
        let sql = &self.tables.sql;
        let rows = if let Some(owner) = scope.owner() {
            let parameters = Parameters::new().text(owner).bytes(after).int(limit.into());
            sql.page_subscriptions_of
                .fetch(self.connection, parameters)
                .await?
        } else {
            let parameters = Parameters::new().bytes(after).int(limit.into());
            sql.page_subscriptions
                .fetch(self.connection, parameters)
                .await?
        };
        self.decode_each(&rows)
    }

    /// The same of those in one state, if one is named: any but active.
    pub(crate) async fn page_subscriptions_in(
        &mut self,
        scope: Scope<'_>,
        state: Option<SubscriptionState>,
        after: Option<&SubscriptionId>,
        limit: u32,
    ) -> Result<SubscriptionRows, Error> {
        let Some(state) = state else {
            return self.page_subscriptions(scope, after, limit).await;
        };
        let after = after.map_or_else(Vec::new, |id| id.key().as_bytes().to_vec());
        let sql = &self.tables.sql;
        let (sql, parameters) = match scope.owner() {
            Some(owner) => (&sql.page_inactive_of, Parameters::new().text(owner)),
            None => (&sql.page_inactive, Parameters::new()),
        };
        let parameters = parameters
            .text(state.as_str())
            .bytes(after)
            .int(limit.into());
        let rows = sql.fetch(self.connection, parameters).await?;
        self.decode_each(&rows)
    }

    fn decode_each(&self, rows: &[Row<D>]) -> Result<SubscriptionRows, Error> {
        rows.iter()
            .map(|row| {
                let id = SubscriptionId::from_key(id(&row.bytes("id")?)?);
                Ok((id, self.decode(row)))
            })
            .collect()
    }
}
