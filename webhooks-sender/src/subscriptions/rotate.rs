//! Rotating the secret of a subscription: for a grace period, requests are signed with the old ones as well.

use std::time::{Duration, SystemTime};

use webhooks_signature::Secret;
use webhooks_store::{Database, to_ms};

use super::Subscribing;
use super::check::MAX_SECRETS;
use crate::error::{Error, StateError};
use crate::notices::{SubscriptionEvent, notify};
use crate::tables::{StoredSecret, SubscriptionRow, Tx};
use crate::time::saturating_add;

impl Subscribing<'_> {
    /// Signs with a new secret, and for the grace period also with the old ones.
    pub(crate) async fn rotate<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
        row: &SubscriptionRow,
        secret: Option<Secret>,
        grace: Duration,
    ) -> Result<Secret, Error> {
        let subscription = &row.subscription;
        let dialect = subscription.settings.dialect.as_deref();
        if !self.recipients.dialect(dialect)?.is_signed() {
            return Err(StateError::Unsigned.into());
        }
        let secret = match secret {
            Some(secret) => secret,
            None => self.generated()?,
        };
        let older = row.secrets(&tx.tables.vault)?;
        let secrets = with_grace(secret.clone(), older, grace, tx.now());
        if secrets.len() > MAX_SECRETS {
            return Err(StateError::TooManySecrets.into());
        }
        self.write(
            tx,
            row,
            &subscription.target,
            &subscription.settings,
            &secrets,
        )
        .await?;
        let (owner, id) = (&subscription.owner, &subscription.id);
        notify(self.publishing, tx, owner, id, SubscriptionEvent::Changed).await?;
        Ok(secret)
    }

    /// Ends the grace period of older secrets: from now on only the newest signs.
    pub(crate) async fn end_grace<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
        row: &SubscriptionRow,
    ) -> Result<(), Error> {
        let subscription = &row.subscription;
        let mut secrets = row.secrets(&tx.tables.vault)?;
        let before = secrets.len();
        secrets.retain(|secret| secret.until_ms.is_none());
        if secrets.len() == before {
            return Ok(());
        }
        let (target, settings) = (&subscription.target, &subscription.settings);
        self.write(tx, row, target, settings, &secrets).await?;
        let (owner, id) = (&subscription.owner, &subscription.id);
        notify(self.publishing, tx, owner, id, SubscriptionEvent::Changed).await
    }

    pub(super) fn generated(self) -> Result<Secret, Error> {
        Ok(Secret::from_random(&self.publishing.random::<32>()?))
    }
}

/// The new secret, and those of the older ones that are still valid, each until the end of the grace period at most.
fn with_grace(
    new: Secret,
    older: Vec<StoredSecret>,
    grace: Duration,
    now: SystemTime,
) -> Vec<StoredSecret> {
    let new = StoredSecret {
        secret: new,
        until_ms: None,
    };
    if grace.is_zero() {
        return vec![new];
    }
    let ends = to_ms(saturating_add(now, grace));
    let older = older
        .into_iter()
        .filter(|old| old.until_ms.is_none_or(|until| until > to_ms(now)))
        .map(|old| StoredSecret {
            until_ms: Some(old.until_ms.map_or(ends, |until| until.min(ends))),
            ..old
        });
    std::iter::once(new).chain(older).collect()
}
