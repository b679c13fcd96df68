//! Static subscriptions: those in code or in a configuration file, compared with the database at each start.
//!
//! New ones are added, changed ones changed, and ones that are no longer there switched off with their history kept.
//! One that comes back is switched on again under its old id. Processes that start concurrently wait for one another.

use std::collections::HashSet;

use webhooks_store::Database;

use super::Subscribing;
use super::static_drift::secrets_match;
use crate::error::Error;
use crate::model::{Owner, Scope, Subscription, SubscriptionState};
use crate::observe::subscription_unreadable;
use crate::tables::{SubscriptionRow, Tables, Tx};

impl Subscribing<'_> {
    /// Brings the stored static subscriptions into line with those of this start, in one transaction.
    pub(crate) async fn keep_static<D: Database>(
        self,
        tables: &Tables<D>,
        wanted: Vec<(String, Subscription)>,
    ) -> Result<(), Error> {
        self.check_static(&wanted)?;
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        tx.lock_static_subscriptions().await?;
        let mut stored = tx.static_subscriptions().await?;
        for (key, wanted) in wanted {
            let known = stored.iter().position(|(stored, ..)| *stored == key);
            let known = match known.map(|index| stored.swap_remove(index)) {
                Some((_, id, Err(error))) => {
                    // What a newer program has written is its own to change.
                    subscription_unreadable(id, &error.reason());
                    continue;
                }
                Some((.., Ok(row))) => Some(row),
                None => None,
            };
            self.keep_one(&mut tx, &key, wanted, known)
                .await
                .map_err(|error| named(&key, error))?;
        }
        for (_, id, row) in &stored {
            match row {
                Ok(row) => {
                    let retired = SubscriptionState::Retired;
                    self.switch(&mut tx, row, retired).await?;
                }
                Err(error) => subscription_unreadable(*id, &error.reason()),
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    fn check_static(self, wanted: &[(String, Subscription)]) -> Result<(), Error> {
        let mut keys = HashSet::new();
        if let Some((twice, _)) = wanted.iter().find(|(key, _)| !keys.insert(key.as_str())) {
            return Err(Error::Settings(format!(
                "two static subscriptions have the key `{twice}`"
            )));
        }
        if wanted.iter().any(|(key, _)| !Owner::is_valid(key)) {
            let problem =
                "the key of a static subscription has 1 to 256 bytes and no control characters";
            return Err(Error::Settings(problem.to_owned()));
        }
        let lacking = wanted
            .iter()
            .find(|(_, wanted)| self.lacks_a_secret(wanted));
        if let Some((key, _)) = lacking {
            return Err(Error::Settings(format!(
                "the static subscription `{key}` has no secret, and one that the sender makes could be shown to no \
                 one; give it a secret, or a dialect that signs nothing"
            )));
        }
        Ok(())
    }

    /// Brings one of them into line.
    async fn keep_one<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
        key: &str,
        wanted: Subscription,
        known: Option<SubscriptionRow>,
    ) -> Result<(), Error> {
        let Some(row) = known else {
            self.add(tx, wanted, Some(key)).await?;
            return Ok(());
        };
        let stored = &row.subscription;
        if stored.owner != wanted.owner {
            let problem = "it has another owner than before; give it another key";
            return Err(Error::Subscription(problem.to_owned()));
        }
        let target = self.normal_target(&wanted.target);
        let same = target.is_ok_and(|target| target == stored.target)
            && stored.settings == wanted.settings
            && secrets_match(&tx.tables.vault, &row, &wanted)?;
        let switched_on = match stored.state {
            SubscriptionState::Retired => true,
            // What was changed may have been the cause.
            SubscriptionState::Gone
            | SubscriptionState::Disabled
            | SubscriptionState::Failing
            | SubscriptionState::Refused => !same,
            SubscriptionState::Active
            | SubscriptionState::Paused
            | SubscriptionState::Unverified
            | SubscriptionState::Expired => false,
        };
        if switched_on {
            self.switch(tx, &row, SubscriptionState::Active).await?;
        }
        if !same {
            // Read again, because switching it on has changed it.
            let row = tx
                .subscription_to_change(Scope::AllOwners, &row.subscription.id)
                .await?;
            self.change(tx, &row, wanted).await?;
        }
        Ok(())
    }

    fn lacks_a_secret(self, wanted: &Subscription) -> bool {
        let dialect = self.recipients.dialect(wanted.settings.dialect.as_deref());
        wanted.secrets.is_empty() && dialect.is_ok_and(|dialect| dialect.is_signed())
    }
}

/// A start fails because of one of many: the error names it.
fn named(key: &str, error: Error) -> Error {
    match error {
        Error::Store(_) | Error::Entropy(_) | Error::Sealed(_) | Error::Corrupt(_) => error,
        error => Error::Settings(format!("the static subscription `{key}`: {error}")),
    }
}
