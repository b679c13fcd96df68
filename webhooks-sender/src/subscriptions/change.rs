//! Changing subscriptions. Each change is one transaction, together with the operational event that reports it.

use webhooks_signature::Secret;
use webhooks_store::{Database, Lane};

use super::Subscribing;
use super::check::CheckedSubscription;
use super::patterns::reduced;
use crate::context::Context;
use crate::error::{Error, StateError};
use crate::model::{
    Scope, Settings, Subscribed, Subscription, SubscriptionId, SubscriptionRequest,
    SubscriptionState,
};
use crate::notices::{SubscriptionEvent, notify};
use crate::tables::{DELIVERIES, NewSubscription, StoredSecret, SubscriptionRow, Tables, Tx};

impl Subscribing<'_> {
    /// Makes a subscription that a customer asks for.
    pub(crate) async fn request<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
        owner: &str,
        request: SubscriptionRequest,
    ) -> Result<Subscribed, Error> {
        if let Some(problem) = request.problem() {
            return Err(Error::Subscription(problem));
        }
        let limit = self.recipients.subscriptions_per_owner;
        if tx.count_subscriptions(owner, limit).await? >= limit {
            return Err(Error::TooManySubscriptions { limit });
        }
        let mut wanted = Subscription::new(owner, "");
        request.fill(&mut wanted);
        self.add(tx, wanted, None).await
    }

    /// Changes what a customer may set; everything else stays.
    pub(crate) async fn change_request<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
        row: &SubscriptionRow,
        request: SubscriptionRequest,
    ) -> Result<(), Error> {
        if let Some(problem) = request.problem() {
            return Err(Error::Subscription(problem));
        }
        let mut wanted = Subscription::from(row.subscription.clone());
        wanted.revision = request.revision;
        request.fill(&mut wanted);
        self.change(tx, row, wanted).await
    }

    /// Makes a subscription, static when it has a key.
    pub(crate) async fn add<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
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
        let mut secrets = without_end(secrets);
        let dialect = self.recipients.dialect(settings.dialect.as_deref())?;
        if !secrets.is_empty() && !dialect.is_signed() {
            return Err(secret_without_use(dialect.name()));
        }
        self.check_events(&owner, &settings.events, &[])?;
        let mut shown = None;
        if secrets.is_empty() && dialect.is_signed() {
            let secret = self.generated()?;
            shown = Some(secret.clone());
            secrets = without_end([secret]);
        }
        let CheckedSubscription { patterns, target } =
            self.check(&owner, &target, &settings, &secrets, tx.now())?;
        let id = SubscriptionId::new(tx.now(), self.publishing.random()?);
        tx.insert_subscription(&NewSubscription {
            id: &id,
            owner: &owner,
            target: &target,
            settings: &settings,
            secrets: &secrets,
            state: SubscriptionState::Active,
            static_key,
        })
        .await?;
        tx.insert_patterns(&owner, &id, &patterns).await?;
        notify(self.publishing, tx, &owner, &id, SubscriptionEvent::Created).await?;
        Ok(Subscribed { id, secret: shown })
    }

    /// Replaces target and settings; owner and state stay, and the secrets where none is given.
    pub(crate) async fn change<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
        row: &SubscriptionRow,
        wanted: Subscription,
    ) -> Result<(), Error> {
        let subscription = &row.subscription;
        if wanted
            .revision
            .is_some_and(|revision| revision != subscription.revision)
        {
            return Err(StateError::Changed.into());
        }
        let dialect = self
            .recipients
            .dialect(wanted.settings.dialect.as_deref())?;
        if !wanted.secrets.is_empty() && !dialect.is_signed() {
            return Err(secret_without_use(dialect.name()));
        }
        let known = &subscription.settings.events;
        self.check_events(&subscription.owner, &wanted.settings.events, known)?;
        let secrets = if wanted.secrets.is_empty() {
            row.secrets(&tx.tables.vault)?
        } else {
            without_end(wanted.secrets)
        };
        self.write(tx, row, &wanted.target, &wanted.settings, &secrets)
            .await?;
        let (owner, id) = (&subscription.owner, &subscription.id);
        notify(self.publishing, tx, owner, id, SubscriptionEvent::Changed).await
    }

    /// Switches a subscription on or off; nothing happens when it is in that state already.
    pub(crate) async fn switch<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
        row: &SubscriptionRow,
        state: SubscriptionState,
    ) -> Result<(), Error> {
        let subscription = &row.subscription;
        let (owner, id) = (&subscription.owner, &subscription.id);
        // Pausing it would hide why it was switched off, and keep messages for it again.
        if state == SubscriptionState::Paused && !subscription.state.gets_messages() {
            return Err(StateError::SwitchedOff.into());
        }
        if !tx.set_state(id, state, None).await? {
            return Ok(());
        }
        if state.gets_messages() && !subscription.state.gets_messages() {
            // They were checked when they were written.
            let patterns = reduced(&subscription.settings.events, |_| true)?;
            tx.insert_patterns(owner, id, &patterns).await?;
        }
        let event = if state.is_active() {
            SubscriptionEvent::Activated
        } else {
            SubscriptionEvent::Deactivated(state)
        };
        notify(self.publishing, tx, owner, id, event).await
    }

    /// Removes a subscription. Its attempts are kept as long as attempts are; its waiting deliveries are called off by
    /// [`call_off`].
    pub(crate) async fn remove<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
        row: &SubscriptionRow,
    ) -> Result<(), Error> {
        let (owner, id) = (&row.subscription.owner, &row.subscription.id);
        tx.delete_subscription(id).await?;
        notify(self.publishing, tx, owner, id, SubscriptionEvent::Deleted).await
    }

    /// Checks and writes everything that can change.
    pub(super) async fn write<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
        row: &SubscriptionRow,
        target: &str,
        settings: &Settings,
        secrets: &[StoredSecret],
    ) -> Result<(), Error> {
        let subscription = &row.subscription;
        let (owner, id) = (&subscription.owner, &subscription.id);
        let CheckedSubscription { patterns, target } =
            self.check(owner, target, settings, secrets, tx.now())?;
        tx.update_subscription(&NewSubscription {
            id,
            owner,
            target: &target,
            settings,
            secrets,
            state: subscription.state,
            static_key: None,
        })
        .await?;
        tx.delete_patterns(id).await?;
        if subscription.state.gets_messages() {
            tx.insert_patterns(owner, id, &patterns).await?;
        }
        Ok(())
    }
}

/// Removes all subscriptions of an owner, page by page, and returns how many there were.
pub(crate) async fn remove_owner<D: Database>(
    context: &Context<D>,
    owner: &str,
) -> Result<usize, Error> {
    let (tables, subscribing) = (&context.tables, Subscribing::new(context));
    let mut removed = 0;
    loop {
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        let scope = Scope::Owner(owner);
        let rows = tx.page_subscriptions(scope, None, 100).await?;
        for row in &rows {
            match tx.subscription_to_change(scope, &row.subscription.id).await {
                Ok(row) => subscribing.remove(&mut tx, &row).await?,
                // Another caller removed it first.
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        transaction.commit().await?;
        for row in &rows {
            call_off(tables, &row.subscription.id).await?;
        }
        removed += rows.len();
        if rows.is_empty() {
            return Ok(removed);
        }
    }
}

/// Cancels what waits for a subscription.
pub(crate) async fn call_off<D: Database>(
    tables: &Tables<D>,
    id: &SubscriptionId,
) -> Result<(), Error> {
    /// Deliveries cancelled in one transaction.
    const BATCH_SIZE: u32 = 500;
    let lane = Lane::from(id.key());
    loop {
        let cancelled = tables
            .store
            .cancel_lane(DELIVERIES, &lane, BATCH_SIZE)
            .await?;
        if cancelled.len() < BATCH_SIZE as usize {
            return Ok(());
        }
    }
}

fn without_end(secrets: impl IntoIterator<Item = Secret>) -> Vec<StoredSecret> {
    secrets
        .into_iter()
        .map(|secret| StoredSecret {
            secret,
            until_ms: None,
        })
        .collect()
}

fn secret_without_use(dialect: &str) -> Error {
    Error::Subscription(format!(
        "it has a secret, and its dialect `{dialect}` signs nothing; leave the secret out, or name a dialect that signs"
    ))
}
