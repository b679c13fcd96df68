//! A request for a subscription that is made a second time, under the same key.

use webhooks_store::Database;

use super::{FIRST_REVISION, Subscribing};
use crate::error::Error;
use crate::model::{Subscribed, SubscriptionRequest};
use crate::tables::{SubscriptionRow, Tx};

impl Subscribing<'_> {
    /// The subscription that was made with the request's key, if there is one.
    pub(super) async fn repeated<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
        owner: &str,
        request: &SubscriptionRequest,
    ) -> Result<Option<Subscribed>, Error> {
        let Some(key) = &request.idempotency_key else {
            return Ok(None);
        };
        let Some(row) = tx.subscription_by_request(owner, key).await? else {
            return Ok(None);
        };
        let stored = &row.subscription;
        let id = stored.id.clone();
        let target = self.normal_target(&request.target)?;
        let is_same = stored.revision > FIRST_REVISION
            || target == stored.target && request.events == stored.settings.events;
        if !is_same {
            return Err(Error::RequestKeyReused { id });
        }
        Ok(Some(Subscribed {
            id,
            revision: stored.revision,
            secret: shown_again(&row, tx)?,
            repeated: true,
        }))
    }
}

/// The secret, for a caller whom the first answer did not reach: only as long as nothing was changed.
fn shown_again<D: Database>(
    row: &SubscriptionRow,
    tx: &Tx<'_, D>,
) -> Result<Option<webhooks_signature::Secret>, Error> {
    if row.subscription.revision > FIRST_REVISION {
        return Ok(None);
    }
    let secrets = row.secrets(&tx.tables.vault)?;
    Ok(secrets.into_iter().next().map(|newest| newest.secret))
}
