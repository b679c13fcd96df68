//! How stored static subscriptions differ from those that a process was started with.

use std::collections::BTreeMap;

use webhooks_store::Database;

use super::Subscribing;
use crate::error::Error;
use crate::model::{
    StaticDrift, StaticReport, StaticState, Subscription, SubscriptionId, SubscriptionState,
};
use crate::tables::{SubscriptionRow, Tables, Vault};

impl Subscribing<'_> {
    /// Compares what is stored with what was configured; nothing is changed.
    pub(crate) async fn static_report<D: Database>(
        self,
        tables: &Tables<D>,
        configured: Option<&[(String, Subscription)]>,
    ) -> Result<StaticReport, Error> {
        let mut connection = tables.connection().await?;
        let stored = tables.on(&mut connection).static_subscriptions().await?;
        let mut wanted: BTreeMap<&str, &Subscription> = configured
            .unwrap_or_default()
            .iter()
            .map(|(key, subscription)| (key.as_str(), subscription))
            .collect();
        let mut subscriptions = Vec::new();
        for (key, id, row) in stored {
            let wanted = wanted.remove(key.as_str());
            let mut state = StaticState {
                id: Some(SubscriptionId::from_key(id)),
                owner: String::new(),
                target: String::new(),
                state: None,
                drift: Vec::new(),
                key,
            };
            match row {
                Ok(row) => {
                    if configured.is_some() {
                        state.drift = self.drift(&tables.vault, &row, wanted);
                    }
                    let stored = row.subscription;
                    (state.owner, state.target) = (stored.owner, stored.target);
                    state.state = Some(stored.state);
                }
                Err(_) => state.drift.push(StaticDrift::Unreadable),
            }
            subscriptions.push(state);
        }
        for (key, wanted) in wanted {
            subscriptions.push(StaticState {
                key: key.to_owned(),
                id: None,
                owner: wanted.owner.clone(),
                target: wanted.target.clone(),
                state: None,
                drift: vec![StaticDrift::Missing],
            });
        }
        subscriptions.sort_by(|one, other| one.key.cmp(&other.key));
        Ok(StaticReport {
            is_compared: configured.is_some(),
            subscriptions,
        })
    }

    fn drift(
        self,
        vault: &Vault,
        row: &SubscriptionRow,
        wanted: Option<&Subscription>,
    ) -> Vec<StaticDrift> {
        let stored = &row.subscription;
        let is_retired = stored.state == SubscriptionState::Retired;
        let Some(wanted) = wanted else {
            return if is_retired {
                Vec::new()
            } else {
                vec![StaticDrift::NotConfigured]
            };
        };
        let target = self.normal_target(&wanted.target);
        let is_target = target.is_ok_and(|target| target == stored.target);
        let secrets = secrets_match(vault, row, wanted);
        let found = [
            (is_retired, StaticDrift::Retired),
            (stored.owner != wanted.owner, StaticDrift::Owner),
            (!is_target, StaticDrift::Target),
            (stored.settings != wanted.settings, StaticDrift::Settings),
            (matches!(secrets, Ok(false)), StaticDrift::Secrets),
            (secrets.is_err(), StaticDrift::Unreadable),
        ];
        let found = found.into_iter().filter(|(is_so, _)| *is_so);
        found.map(|(_, drift)| drift).collect()
    }
}

/// Whether a stored subscription has the secrets that are wanted.
pub(super) fn secrets_match(
    vault: &Vault,
    row: &SubscriptionRow,
    wanted: &Subscription,
) -> Result<bool, Error> {
    let stored = row.secrets(vault)?;
    let wanted = &wanted.secrets;
    let mut pairs = stored.iter().zip(wanted);
    Ok(stored.len() == wanted.len() && pairs.all(|(stored, wanted)| stored.secret == *wanted))
}
