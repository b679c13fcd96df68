//! Static subscriptions: those in code or in a configuration file, compared with the store at each start.
//!
//! Added ones are made, changed ones changed, and ones that are no longer there switched off with their history kept.
//! One that comes back is switched on again under its old id. Processes that start at once wait for one another.

use std::collections::HashSet;

use webhooks_store::{Database, Parameters};

use super::change::{add, change, switch, to_change};
use super::read::{Row, row};
use crate::error::Error;
use crate::model::{Owner, Subscription, SubscriptionState};
use crate::shared::Shared;

/// Brings the stored static subscriptions into line with the configured ones, in one transaction.
pub(crate) async fn keep_fixed<D: Database>(
    shared: &Shared<D>,
    configured: Vec<(String, Subscription)>,
) -> Result<(), Error> {
    let mut keys = HashSet::new();
    if let Some((twice, _)) = configured
        .iter()
        .find(|(key, _)| !keys.insert(key.as_str()))
    {
        return Err(Error::Settings(format!(
            "two static subscriptions have the key `{twice}`"
        )));
    }
    if configured.iter().any(|(key, _)| !Owner::is_valid(key)) {
        let problem =
            "the key of a static subscription has 1 to 256 bytes and no control characters";
        return Err(Error::Settings(problem.to_owned()));
    }
    if let Some((key, _)) = configured
        .iter()
        .find(|(_, wanted)| lacks_a_secret(shared, wanted))
    {
        return Err(Error::Settings(format!(
            "the static subscription `{key}` has no secret, and nobody would be shown one that the sender makes; give \
             it one, or a dialect that signs nothing"
        )));
    }
    let mut transaction = shared.store.begin().await?;
    // Another process may start at this moment, with the same configuration.
    shared
        .sql
        .lock_static_subscriptions
        .fetch(&mut transaction, Parameters::new())
        .await?;
    let rows = shared
        .sql
        .static_subscriptions
        .fetch(&mut transaction, Parameters::new())
        .await?;
    let mut stored = rows
        .iter()
        .map(|one| row(shared, one))
        .collect::<Result<Vec<_>, _>>()?;
    for (key, wanted) in configured {
        let known = stored
            .iter()
            .position(|row| row.subscription.key.as_deref() == Some(&key));
        let known = known.map(|index| stored.swap_remove(index));
        keep(shared, &mut transaction, &key, wanted, known)
            .await
            .map_err(|error| named(&key, error))?;
    }
    for row in &stored {
        switch(
            shared,
            &mut transaction,
            row,
            SubscriptionState::Unconfigured,
        )
        .await?;
    }
    transaction
        .commit()
        .await
        .map_err(webhooks_store::Error::from)?;
    Ok(())
}

/// Brings one of them into line.
async fn keep<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    key: &str,
    wanted: Subscription,
    known: Option<Row>,
) -> Result<(), Error> {
    let Some(row) = known else {
        add(shared, connection, wanted, Some(key)).await?;
        return Ok(());
    };
    let stored = &row.subscription;
    if stored.owner != wanted.owner {
        let problem = "it has another owner than before; give it another key";
        return Err(Error::Subscription(problem.to_owned()));
    }
    let same = shared
        .policy
        .check(&wanted.target)
        .is_ok_and(|target| target.as_str() == stored.target)
        && stored.settings == wanted.settings
        && secrets_match(shared, &row, &wanted)?;
    let switched_on = match stored.state {
        SubscriptionState::Unconfigured => true,
        // What was changed may have been the cause.
        SubscriptionState::Gone | SubscriptionState::Failing => !same,
        SubscriptionState::Active | SubscriptionState::Paused => false,
    };
    if switched_on {
        switch(shared, connection, &row, SubscriptionState::Active).await?;
    }
    if !same {
        // Read again, because switching it on has changed it.
        let row = to_change(shared, connection, &row.subscription.id).await?;
        change(shared, connection, &row, wanted).await?;
    }
    Ok(())
}

fn lacks_a_secret<D: Database>(shared: &Shared<D>, wanted: &Subscription) -> bool {
    let dialect = shared.dialect(wanted.settings.dialect.as_deref());
    wanted.secrets.is_empty() && dialect.is_ok_and(|dialect| dialect.is_signed())
}

/// A start fails by one of many: say which.
fn named(key: &str, error: Error) -> Error {
    match error {
        Error::Store(_) | Error::NoRandomness | Error::Sealed(_) => error,
        error => Error::Settings(format!("the static subscription `{key}`: {error}")),
    }
}

fn secrets_match<D: Database>(
    shared: &Shared<D>,
    row: &Row,
    wanted: &Subscription,
) -> Result<bool, Error> {
    let held = row.held(shared)?;
    Ok(held.len() == wanted.secrets.len()
        && held
            .iter()
            .zip(&wanted.secrets)
            .all(|(held, one)| held.secret == *one))
}
