//! Changing subscriptions. Each change is one transaction, with the operational event that tells of it.

use std::time::Duration;

use webhooks_signature::Secret;
use webhooks_store::{Database, Lane, Parameters, to_ms};

use super::check::{Checked, MOST_SECRETS, check};
use super::read::{Row, by_id, page};
use crate::error::Error;
use crate::later::later;
use crate::model::{Settings, Subscribed, Subscription, SubscriptionId, SubscriptionState};
use crate::operations::{self, Operation};
use crate::publish::DELIVERIES;
use crate::shared::Shared;
use crate::vault::Held;

/// Makes a subscription, static when it has a key.
pub(crate) async fn add<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    wanted: Subscription,
    static_key: Option<&str>,
) -> Result<Subscribed, Error> {
    let Subscription {
        owner,
        target,
        secrets,
        settings,
        revision: _,
    } = wanted;
    let mut held: Vec<_> = secrets
        .into_iter()
        .map(|secret| Held {
            secret,
            until_ms: None,
        })
        .collect();
    let dialect = shared.dialect(settings.dialect.as_deref())?;
    let mut shown = None;
    if held.is_empty() && dialect.is_signed() {
        let secret = generated(shared)?;
        shown = Some(secret.clone());
        held.push(Held {
            secret,
            until_ms: None,
        });
    }
    let Checked { patterns, target } = check(shared, &owner, &target, &settings, &held)?;
    let id = SubscriptionId::new(shared.now(), shared.random()?);
    let parameters = Parameters::new()
        .bytes(*id.key().as_bytes())
        .text(owner.as_str())
        .text(target)
        .text(json(settings.clone()))
        .bytes(
            shared
                .vault
                .close(id.key().as_bytes(), &held, &settings.headers)?,
        )
        .text(SubscriptionState::Active.as_str())
        .maybe_text(static_key)
        .int(to_ms(shared.now()));
    shared
        .sql
        .insert_subscription
        .execute(connection, parameters)
        .await?;
    insert_patterns(shared, connection, &owner, &id, &patterns).await?;
    operations::tell(shared, connection, &owner, &id, Operation::Created).await?;
    Ok(Subscribed { id, secret: shown })
}

/// Replaces target and settings; owner, secrets and state stay.
pub(crate) async fn change<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    row: &Row,
    wanted: Subscription,
) -> Result<(), Error> {
    if wanted
        .revision
        .is_some_and(|revision| revision != row.subscription.revision)
    {
        return Err(Error::State(
            "the subscription was changed meanwhile; read it again and repeat the change",
        ));
    }
    let mut held = row.held(shared)?;
    if !wanted.secrets.is_empty() {
        held = wanted
            .secrets
            .into_iter()
            .map(|secret| Held {
                secret,
                until_ms: None,
            })
            .collect();
    }
    write(
        shared,
        connection,
        row,
        &wanted.target,
        &wanted.settings,
        &held,
        row.subscription.state,
    )
    .await?;
    operations::tell(
        shared,
        connection,
        &row.subscription.owner,
        &row.subscription.id,
        Operation::Changed,
    )
    .await
}

/// Signs with a new secret, and for the grace period also with the old ones.
pub(crate) async fn rotate<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    row: &Row,
    secret: Option<Secret>,
    grace: Duration,
) -> Result<Secret, Error> {
    let subscription = &row.subscription;
    if !shared
        .dialect(subscription.settings.dialect.as_deref())?
        .is_signed()
    {
        return Err(Error::State(
            "the subscription's dialect signs nothing, so there is no secret to rotate",
        ));
    }
    let now = shared.now();
    let secret = match secret {
        Some(secret) => secret,
        None => generated(shared)?,
    };
    let ends = to_ms(later(now, grace));
    let mut held = vec![Held {
        secret: secret.clone(),
        until_ms: None,
    }];
    let older = row
        .held(shared)?
        .into_iter()
        .filter(|old| old.until_ms.is_none_or(|until| until > to_ms(now)));
    held.extend(older.map(|old| Held {
        until_ms: Some(old.until_ms.map_or(ends, |until| until.min(ends))),
        ..old
    }));
    if grace.is_zero() {
        held.truncate(1);
    }
    if held.len() > MOST_SECRETS {
        return Err(Error::State(
            "ten secrets are in use already; wait until the older ones' grace period has ended",
        ));
    }
    write(
        shared,
        connection,
        row,
        &subscription.target,
        &subscription.settings,
        &held,
        subscription.state,
    )
    .await?;
    operations::tell(
        shared,
        connection,
        &subscription.owner,
        &subscription.id,
        Operation::Changed,
    )
    .await?;
    Ok(secret)
}

/// Switches a subscription on or off; nothing happens when it is in that state already.
pub(crate) async fn switch<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    row: &Row,
    state: SubscriptionState,
) -> Result<(), Error> {
    let subscription = &row.subscription;
    if set_state(shared, connection, &subscription.id, state, None).await? {
        let had_patterns = subscription.state.gets_messages();
        if state.gets_messages() && !had_patterns {
            let patterns = super::patterns::reduced(&subscription.settings.events)?;
            insert_patterns(
                shared,
                connection,
                &subscription.owner,
                &subscription.id,
                &patterns,
            )
            .await?;
        }
        let operation = if state.is_active() {
            Operation::Activated
        } else {
            Operation::Deactivated(state)
        };
        operations::tell(
            shared,
            connection,
            &subscription.owner,
            &subscription.id,
            operation,
        )
        .await?;
    }
    Ok(())
}

/// Writes the state, if the subscription still has the revision `only`, and takes the patterns away where messages are no longer kept. Whether anything changed.
pub(crate) async fn set_state<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    id: &SubscriptionId,
    state: SubscriptionState,
    only: Option<i64>,
) -> Result<bool, Error> {
    let parameters = Parameters::new()
        .bytes(*id.key().as_bytes())
        .text(state.as_str())
        .int(to_ms(shared.now()))
        .maybe_int(only);
    let changed = shared.sql.set_state.execute(connection, parameters).await? > 0;
    if changed && !state.gets_messages() {
        delete_patterns(shared, connection, id).await?;
    }
    Ok(changed)
}

/// Removes a subscription. Its attempts are kept as long as attempts are; its waiting deliveries are called off by
/// [`call_off`].
pub(crate) async fn remove<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    row: &Row,
) -> Result<(), Error> {
    let subscription = &row.subscription;
    delete_patterns(shared, connection, &subscription.id).await?;
    let parameters = Parameters::new().bytes(*subscription.id.key().as_bytes());
    shared
        .sql
        .delete_subscription
        .execute(connection, parameters)
        .await?;
    operations::tell(
        shared,
        connection,
        &subscription.owner,
        &subscription.id,
        Operation::Deleted,
    )
    .await
}

/// Removes all subscriptions of an owner, page by page, and returns how many there were.
pub(crate) async fn remove_owner<D: Database>(
    shared: &Shared<D>,
    owner: &str,
) -> Result<usize, Error> {
    let mut removed = 0;
    loop {
        let mut transaction = shared.store.begin().await?;
        let rows = page(shared, &mut transaction, Some(owner), None, 100).await?;
        for row in &rows {
            match to_change(shared, &mut transaction, &row.subscription.id).await {
                Ok(row) => remove(shared, &mut transaction, &row).await?,
                // Somebody else was faster.
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        transaction
            .commit()
            .await
            .map_err(webhooks_store::Error::from)?;
        for row in &rows {
            call_off(shared, &row.subscription.id).await?;
        }
        removed += rows.len();
        if rows.is_empty() {
            return Ok(removed);
        }
    }
}

/// Cancels what waits for a subscription.
pub(crate) async fn call_off<D: Database>(
    shared: &Shared<D>,
    id: &SubscriptionId,
) -> Result<(), Error> {
    let lane = Lane::from(id.key());
    while shared
        .store
        .cancel_lane(DELIVERIES, &lane, 500)
        .await?
        .len()
        == 500
    {}
    Ok(())
}

/// One subscription.
pub(crate) async fn one<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    id: &SubscriptionId,
) -> Result<Row, Error> {
    by_id(shared, connection, &[id.key()])
        .await?
        .pop()
        .ok_or(Error::NotFound)
}

/// One subscription that is about to be changed: nobody else changes it until the transaction ends.
pub(crate) async fn to_change<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    id: &SubscriptionId,
) -> Result<Row, Error> {
    let parameters = Parameters::new().bytes(*id.key().as_bytes());
    shared
        .sql
        .lock_subscription
        .first(connection, parameters)
        .await?
        .ok_or(Error::NotFound)?;
    one(shared, connection, id).await
}

async fn write<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    row: &Row,
    target: &str,
    settings: &Settings,
    held: &[Held],
    state: SubscriptionState,
) -> Result<(), Error> {
    let subscription = &row.subscription;
    let Checked { patterns, target } = check(shared, &subscription.owner, target, settings, held)?;
    let parameters = Parameters::new()
        .bytes(*row.id().as_bytes())
        .text(target)
        .text(json(settings.clone()))
        .bytes(
            shared
                .vault
                .close(row.id().as_bytes(), held, &settings.headers)?,
        )
        .text(state.as_str())
        .int(to_ms(shared.now()));
    shared
        .sql
        .update_subscription
        .execute(connection, parameters)
        .await?;
    delete_patterns(shared, connection, &subscription.id).await?;
    if state.gets_messages() {
        insert_patterns(
            shared,
            connection,
            &subscription.owner,
            &subscription.id,
            &patterns,
        )
        .await?;
    }
    Ok(())
}

async fn insert_patterns<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    owner: &str,
    id: &SubscriptionId,
    patterns: &[String],
) -> Result<(), Error> {
    let parameters = Parameters::new()
        .texts(patterns.iter().map(|_| owner))
        .texts(patterns.iter().map(String::as_str))
        .blobs(patterns.iter().map(|_| *id.key().as_bytes()));
    shared
        .sql
        .insert_patterns
        .execute(connection, parameters)
        .await?;
    Ok(())
}

async fn delete_patterns<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    id: &SubscriptionId,
) -> Result<(), Error> {
    shared
        .sql
        .delete_patterns
        .execute(connection, Parameters::new().bytes(*id.key().as_bytes()))
        .await?;
    Ok(())
}

fn generated<D: Database>(shared: &Shared<D>) -> Result<Secret, Error> {
    let mut bytes = [0; 32];
    shared.chance.fill(&mut bytes)?;
    Ok(Secret::from_random(&bytes))
}

/// The settings as they are stored: without the headers, which are kept with the secrets.
fn json(mut settings: Settings) -> String {
    settings.headers.clear();
    serde_json::to_string(&settings).expect("texts, numbers and JSON values are always JSON")
}
