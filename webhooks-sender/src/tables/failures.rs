//! The failures of subscriptions since their last success, and what was warned of.

use std::collections::HashMap;

use webhooks_store::{Database, Id, Parameters, Row, from_ms};

use super::subscriptions::read_state;
use super::{Tx, id};
use crate::deactivation::FailureWindow;
use crate::error::Error;
use crate::model::{SubscriptionState, Warning};

/// A subscription's failures after those of a batch were added.
#[derive(Debug)]
pub(crate) struct FailureRow {
    pub(crate) subscription: Id,
    pub(crate) state: SubscriptionState,
    pub(crate) window: FailureWindow,
    /// Of what was warned already.
    pub(crate) warning: Option<Warning>,
}

/// The failed attempts of one subscription in a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewFailures {
    pub(crate) count: i64,
    /// When the first of them was made.
    pub(crate) first_ms: i64,
}

impl<D: Database> Tx<'_, D> {
    /// Ends the failure windows of these subscriptions.
    pub(crate) async fn record_successes(
        &mut self,
        ids: impl ExactSizeIterator<Item = Id>,
    ) -> Result<(), Error> {
        if ids.len() > 0 {
            let parameters = Parameters::new().blobs(ids.map(|id| *id.as_bytes()));
            let sql = &self.tables.sql.record_successes;
            sql.fetch(self.connection, parameters).await?;
        }
        Ok(())
    }

    /// Adds to the failure windows of these subscriptions and returns them.
    pub(crate) async fn record_failures(
        &mut self,
        failures: &HashMap<Id, NewFailures>,
    ) -> Result<Vec<FailureRow>, Error> {
        if failures.is_empty() {
            return Ok(Vec::new());
        }
        let parameters = Parameters::new()
            .blobs(failures.keys().map(|id| *id.as_bytes()))
            .ints(failures.values().map(|failures| failures.count))
            .ints(failures.values().map(|failures| failures.first_ms));
        let sql = &self.tables.sql.record_failures;
        let rows = sql.fetch(self.connection, parameters).await?;
        let failure = |row: &Row<D>| {
            Ok(FailureRow {
                subscription: id(&row.bytes("id")?)?,
                state: read_state(row)?,
                window: FailureWindow {
                    failures: u32::try_from(row.int("failures")?).unwrap_or(u32::MAX),
                    since: row.maybe_int("failing_since")?.map(from_ms),
                },
                warning: Warning::at(row.int("warned")?),
            })
        };
        rows.iter().map(failure).collect()
    }

    /// Remembers a warning; whether it is a new one.
    pub(crate) async fn set_warned(&mut self, id: Id, warning: Warning) -> Result<bool, Error> {
        let parameters = Parameters::new()
            .bytes(*id.as_bytes())
            .int(warning.percent().into());
        let sql = &self.tables.sql.set_warned;
        Ok(sql.execute(self.connection, parameters).await? > 0)
    }
}
