//! Static subscriptions: those in code or in a configuration file, compared with the store at each start.
//!
//! Added ones are made, changed ones changed, and ones that are no longer there switched off with their history kept.
//! One that comes back is switched on again under its old id.

use std::collections::HashSet;

use webhooks_store::{Database, Parameters};

use super::change::{add, change, switch};
use super::read::row;
use crate::error::Error;
use crate::model::{Subscription, SubscriptionState};
use crate::shared::Shared;

/// Brings the stored static subscriptions into line with the configured ones, in one transaction.
pub(crate) async fn keep_fixed<D: Database>(
    shared: &Shared<D>,
    configured: Vec<(String, Subscription)>,
) -> Result<(), Error> {
    let mut keys = HashSet::new();
    if let Some((twice, _)) = configured.iter().find(|(key, _)| !keys.insert(key.as_str())) {
        return Err(Error::Settings(format!("two static subscriptions have the key `{twice}`")));
    }
    let mut transaction = shared.store.begin().await?;
    let rows = shared.sql.static_subscriptions.fetch(&mut transaction, Parameters::new()).await?;
    let mut stored = rows.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    for (key, wanted) in configured {
        let Some(index) = stored.iter().position(|row| row.subscription.key.as_deref() == Some(&key)) else {
            add(shared, &mut transaction, wanted, Some(&key)).await?;
            continue;
        };
        let row = stored.swap_remove(index);
        if row.subscription.owner != wanted.owner {
            return Err(Error::Settings(format!(
                "the static subscription `{key}` has another owner than before; give it another key"
            )));
        }
        if row.subscription.state == SubscriptionState::Unconfigured {
            switch(shared, &mut transaction, &row, SubscriptionState::Active).await?;
        }
        let same = row.subscription.target == wanted.target
            && row.subscription.settings == wanted.settings
            && (wanted.secrets.is_empty() || secrets_match(shared, &row, &wanted)?);
        if !same {
            // Read again, because switching it on has changed it.
            let row = super::change::to_change(shared, &mut transaction, &row.subscription.id).await?;
            change(shared, &mut transaction, &row, wanted).await?;
        }
    }
    for row in &stored {
        switch(shared, &mut transaction, row, SubscriptionState::Unconfigured).await?;
    }
    transaction.commit().await.map_err(webhooks_store::Error::from)?;
    Ok(())
}

fn secrets_match<D: Database>(
    shared: &Shared<D>,
    row: &super::Row,
    wanted: &Subscription,
) -> Result<bool, Error> {
    let held = row.held(shared)?;
    Ok(held.len() == wanted.secrets.len()
        && held.iter().zip(&wanted.secrets).all(|(held, one)| held.secret == *one))
}
