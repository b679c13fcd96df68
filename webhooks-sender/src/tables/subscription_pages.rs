//! Pages of subscriptions.

use webhooks_store::{Database, Parameters, Row};

use super::scan::{Scan, looked_at};
use super::{SubscriptionRow, Tx, id};
use crate::error::Error;
use crate::model::{Scope, SettingsHint, SubscriptionId, SubscriptionState};

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
        let all = SettingsHint::default();
        let looked = self.look_at_subscriptions(scope, None, after, limit, &all);
        Ok(looked.await?.rows)
    }

    /// Looks at so many subscriptions, of those in one state if any but active is named. Those without these settings may be
    /// left out, but never the last one.
    pub(crate) async fn look_at_subscriptions(
        &mut self,
        scope: Scope<'_>,
        inactive: Option<SubscriptionState>,
        after: Option<&SubscriptionId>,
        limit: u32,
        settings: &SettingsHint,
    ) -> Result<Scan<(SubscriptionId, Result<SubscriptionRow, Error>)>, Error> {
        let sql = &self.tables.sql;
        let (sql, of) = match (scope.owner(), inactive) {
            (Some(owner), None) => (&sql.page_subscriptions_of, Parameters::new().text(owner)),
            (None, None) => (&sql.page_subscriptions, Parameters::new()),
            (Some(owner), Some(state)) => {
                let of = Parameters::new().text(owner).text(state.as_str());
                (&sql.page_inactive_of, of)
            }
            (None, Some(state)) => (&sql.page_inactive, Parameters::new().text(state.as_str())),
        };
        let after = after.map_or_else(Vec::new, |id| id.key().as_bytes().to_vec());
        let mut parameters = of.bytes(after).int(limit.into());
        if inactive.is_none() {
            parameters = parameters
                .maybe_text(settings.event.as_deref())
                .maybe_text(settings.text.as_deref());
        }
        let rows = sql.fetch(self.connection, parameters).await?;
        let looked_at = match inactive {
            None => looked_at(&rows)?,
            Some(_) => u32::try_from(rows.len()).unwrap_or(u32::MAX),
        };
        let mut rows = self.decode_each(&rows)?;
        rows.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        Ok(Scan { rows, looked_at })
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
