//! The event patterns of subscriptions that receive messages: what every send looks up.

use webhooks_store::{Database, Parameters, Row};

use super::{DeliveryLane, Tx, id};
use crate::error::Error;
use crate::model::{Owner, SubscriptionId};

impl<D: Database> Tx<'_, D> {
    /// The subscriptions of an owner, or of everyone, with one of these patterns; at most `limit`.
    pub(crate) async fn matching(
        &mut self,
        owner: &Owner,
        patterns: Vec<String>,
        limit: i64,
    ) -> Result<Vec<DeliveryLane>, Error> {
        let sql = &self.tables.sql;
        let rows = if let Some(name) = owner.name() {
            let parameters = Parameters::new().text(name).int(limit).texts(patterns);
            sql.match_owner.fetch(self.connection, parameters).await?
        } else {
            let parameters = Parameters::new().int(limit).texts(patterns);
            sql.match_everyone
                .fetch(self.connection, parameters)
                .await?
        };
        rows.iter().map(|row| lane(owner, row)).collect()
    }

    /// A page of the subscriptions with this pattern, in the order of their ids.
    pub(crate) async fn with_pattern(
        &mut self,
        owner: &Owner,
        pattern: &str,
        after: Vec<u8>,
        limit: u16,
    ) -> Result<Vec<DeliveryLane>, Error> {
        let sql = &self.tables.sql;
        let rows = if let Some(name) = owner.name() {
            let parameters = Parameters::new()
                .text(name)
                .text(pattern)
                .bytes(after)
                .int(limit.into());
            sql.fan_out_owner.fetch(self.connection, parameters).await?
        } else {
            let parameters = Parameters::new()
                .text(pattern)
                .bytes(after)
                .int(limit.into());
            sql.fan_out_everyone
                .fetch(self.connection, parameters)
                .await?
        };
        rows.iter().map(|row| lane(owner, row)).collect()
    }

    pub(crate) async fn insert_patterns(
        &mut self,
        owner: &str,
        subscription: &SubscriptionId,
        patterns: &[String],
    ) -> Result<(), Error> {
        let parameters = Parameters::new()
            .texts(patterns.iter().map(|_| owner))
            .texts(patterns.iter().map(String::as_str))
            .blobs(patterns.iter().map(|_| *subscription.key().as_bytes()));
        let sql = &self.tables.sql.insert_patterns;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }

    pub(crate) async fn delete_patterns(
        &mut self,
        subscription: &SubscriptionId,
    ) -> Result<(), Error> {
        let parameters = Parameters::new().bytes(*subscription.key().as_bytes());
        let sql = &self.tables.sql.delete_patterns;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }
}

/// The lane of a subscription that was found, which is its owner's.
fn lane<D: Database>(addressee: &Owner, row: &Row<D>) -> Result<DeliveryLane, Error> {
    let subscription = id(&row.bytes("subscription")?)?;
    match addressee.name() {
        Some(owner) => Ok(DeliveryLane::new(subscription, owner)),
        None => Ok(DeliveryLane::new(subscription, &row.text("owner")?)),
    }
}
