//! Changing subscriptions. Each change is one transaction, together with the operational event that reports it.

use std::time::SystemTime;

use webhooks_signature::Secret;
use webhooks_store::Database;

use super::check::CheckedSubscription;
use super::patterns::reduced;
use super::take_effect::take_effect;
use super::verification::first_state;
use super::{FIRST_REVISION, Subscribing};
use crate::context::Context;
use crate::error::{Error, StateError};
use crate::model::{
    POLL, Scope, Settings, Subscribed, Subscription, SubscriptionId, SubscriptionRequest,
    SubscriptionState,
};
use crate::notices::{SubscriptionEvent, notify};
use crate::tables::{
    DeliveryLane, NewAudit, NewSubscription, StoredSecret, SubscriptionRow, Tables, Tx,
};

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
        // It takes the lock under which a key is looked up as well.
        let count = tx.count_subscriptions(owner, limit).await?;
        if let Some(repeated) = self.repeated(tx, owner, &request).await? {
            return Ok(repeated);
        }
        if count >= limit {
            return Err(Error::TooManySubscriptions { limit });
        }
        let mut wanted = Subscription::new(owner, "");
        request.fill(&mut wanted);
        self.ask_for_proof(&mut wanted);
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
        let before = wanted.settings.verification;
        request.fill(&mut wanted);
        // A customer chooses how its target proves itself, not whether.
        wanted.settings.verification = wanted.settings.verification.or(before);
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
            request_key,
            own_key,
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
        let (random, is_polled) = (self.publishing.random()?, target == POLL);
        let id = SubscriptionId::of_kind(tx.now(), random, is_polled);
        let state = first_state(&settings);
        tx.insert_subscription(&NewSubscription {
            id: &id,
            owner: &owner,
            target: &target,
            settings: &settings,
            secrets: &secrets,
            state,
            static_key,
            request_key: request_key.as_deref(),
            own_key: own_key.as_deref(),
        })
        .await?;
        tx.insert_patterns(&owner, &id, &patterns).await?;
        if state == SubscriptionState::Unverified {
            self.begin_verification(tx, &owner, &id).await?;
        }
        notify(self.publishing, tx, &owner, &id, SubscriptionEvent::Created).await?;
        Ok(Subscribed {
            id,
            secret: shown,
            repeated: false,
            revision: FIRST_REVISION,
        })
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
        if (wanted.target == POLL) != subscription.id.is_polled() {
            let problem = "what is sent to a target and what is fetched are two kinds of subscriptions; make another one";
            return Err(Error::Subscription(problem.to_owned()));
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
        if state == SubscriptionState::Unverified {
            self.begin_verification(tx, owner, id).await?;
        }
        if state.is_active() {
            // Its lane was paused by whichever process owns it, and is looked at again when something comes in it.
            tx.touch(DeliveryLane::new(id.key(), owner)).await?;
        }
        let event = if state.is_active() {
            SubscriptionEvent::Activated
        } else {
            SubscriptionEvent::Deactivated(state)
        };
        notify(self.publishing, tx, owner, id, event).await
    }

    /// The state in which a subscription is that its owner switches on: one whose target has not proved itself is asked.
    pub(crate) fn switched_on(
        row: &SubscriptionRow,
        now: SystemTime,
    ) -> Result<SubscriptionState, Error> {
        let (state, settings) = (row.subscription.state, &row.subscription.settings);
        if settings.expires_at.is_some_and(|end| end <= now) {
            return Err(StateError::SubscriptionExpired.into());
        }
        match state {
            SubscriptionState::Unverified => Err(StateError::Unverified.into()),
            SubscriptionState::Refused if settings.verification.is_some() => {
                Ok(SubscriptionState::Unverified)
            }
            _ => Ok(SubscriptionState::Active),
        }
    }

    /// Removes a subscription. Its attempts are kept as long as attempts are; its waiting deliveries are called off by
    /// [`call_off`].
    pub(crate) async fn remove<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
        owner: &str,
        id: &SubscriptionId,
    ) -> Result<(), Error> {
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
        let state = Self::state_after(row, &target, settings);
        tx.update_subscription(&NewSubscription {
            id,
            owner,
            target: &target,
            settings,
            secrets,
            state,
            static_key: None,
            request_key: None,
            own_key: None,
        })
        .await?;
        tx.delete_patterns(id).await?;
        if state.gets_messages() {
            tx.insert_patterns(owner, id, &patterns).await?;
        }
        if state == SubscriptionState::Unverified {
            self.begin_verification(tx, owner, id).await?;
        }
        if state.is_active() {
            // Whichever process owns its lane looks at it again.
            tx.touch(DeliveryLane::new(id.key(), owner)).await?;
        }
        Ok(())
    }

    /// A new target must prove itself, and a subscription that has expired goes on when its end is put off.
    fn state_after(row: &SubscriptionRow, target: &str, settings: &Settings) -> SubscriptionState {
        let before = &row.subscription;
        match before.state {
            SubscriptionState::Expired => first_state(settings),
            SubscriptionState::Active | SubscriptionState::Unverified
                if target != before.target =>
            {
                first_state(settings)
            }
            state => state,
        }
    }
}

/// Removes all subscriptions of an owner, page by page, each with its entry in the trail; returns how many there were.
pub(crate) async fn remove_owner<D: Database>(
    context: &Context<D>,
    owner: &str,
    entry: impl Fn(&SubscriptionId) -> Result<NewAudit, Error>,
) -> Result<usize, Error> {
    let (tables, subscribing) = (&context.tables, Subscribing::new(context));
    let mut removed = 0;
    loop {
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        let scope = Scope::Owner(owner);
        let rows = tx.page_subscriptions(scope, None, 100).await?;
        // Also those that cannot be read: they are found by their ids alone.
        for (id, _) in &rows {
            match tx.lock_subscription(scope, id).await {
                Ok(()) => {
                    subscribing.remove(&mut tx, owner, id).await?;
                    tx.insert_audit(&entry(id)?).await?;
                }
                // Another caller removed it first.
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        transaction.commit().await?;
        for (id, _) in &rows {
            call_off(tables, DeliveryLane::new(id.key(), owner)).await?;
            context.changed(id.key());
        }
        removed += rows.len();
        let Some((last, _)) = rows.last() else {
            return Ok(removed);
        };
        // All of them are in one slot.
        take_effect(context, last.key(), owner).await;
    }
}

/// Cancels what waits for a subscription.
pub(crate) async fn call_off<D: Database>(
    tables: &Tables<D>,
    lane: DeliveryLane,
) -> Result<(), Error> {
    /// Deliveries cancelled in one transaction.
    const BATCH_SIZE: u32 = 500;
    loop {
        let cancelled = tables
            .store
            .cancel_lane(lane.queue(), &lane.name(), BATCH_SIZE)
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
