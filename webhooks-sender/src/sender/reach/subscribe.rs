//! Making, changing, switching and removing subscriptions. Each call is one transaction: the sender's, or the
//! application's own.

use std::time::Duration;

use webhooks_signature::Secret;
use webhooks_store::Database;

use super::Reach;
use crate::error::{Error, StateError};
use crate::model::{
    AuditAction, Scope, StoredSubscription, Subscribed, Subscription, SubscriptionId,
    SubscriptionRequest, SubscriptionState, difference,
};
use crate::subscriptions::{KeptSubscription, Subscribing, call_off, remove_owner, take_effect};
use crate::tables::{DeliveryLane, Tx};

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn subscribe(&self, wanted: Subscription) -> Result<Subscribed, Error> {
        let mut transaction = self.context.tables.begin().await?;
        let subscribed = self.subscribe_in(&mut transaction, wanted).await?;
        transaction.commit().await?;
        Ok(subscribed)
    }

    pub(crate) async fn subscribe_in(
        &self,
        transaction: &mut D::Connection,
        wanted: Subscription,
    ) -> Result<Subscribed, Error> {
        let mut tx = self.context.tables.on(transaction);
        let subscribed = self.subscribing().add(&mut tx, wanted, None).await?;
        self.record_created(&mut tx, &subscribed).await?;
        Ok(subscribed)
    }

    pub(crate) async fn request(&self, request: SubscriptionRequest) -> Result<Subscribed, Error> {
        let mut transaction = self.context.tables.begin().await?;
        let subscribed = self.request_in(&mut transaction, request).await?;
        transaction.commit().await?;
        Ok(subscribed)
    }

    pub(crate) async fn request_in(
        &self,
        transaction: &mut D::Connection,
        request: SubscriptionRequest,
    ) -> Result<Subscribed, Error> {
        let Scope::Owner(owner) = self.scope()? else {
            return Err(Error::Owner);
        };
        let mut tx = self.context.tables.on(transaction);
        let subscribed = self.subscribing().request(&mut tx, owner, request).await?;
        self.record_created(&mut tx, &subscribed).await?;
        Ok(subscribed)
    }

    pub(crate) async fn keep(
        &self,
        key: &str,
        request: SubscriptionRequest,
    ) -> Result<Subscribed, Error> {
        let Scope::Owner(owner) = self.scope()? else {
            return Err(Error::Owner);
        };
        let mut transaction = self.context.tables.begin().await?;
        let mut tx = self.context.tables.on(&mut transaction);
        let kept = self.subscribing().keep(&mut tx, (owner, key), request);
        let (id, revision) = match kept.await? {
            KeptSubscription::Made(subscribed) => {
                self.record_created(&mut tx, &subscribed).await?;
                transaction.commit().await?;
                return Ok(subscribed);
            }
            KeptSubscription::Same(row) => (row.subscription.id, row.subscription.revision),
            KeptSubscription::Changed(row) => {
                let (action, stored) = (AuditAction::SubscriptionChanged, row.subscription);
                let recorded = self.record(&mut tx, action, &stored.id, Some(&stored));
                let revision = recorded.await?.ok_or(Error::NotFound)?;
                transaction.commit().await?;
                take_effect(self.context, stored.id.key(), owner).await;
                (stored.id, revision)
            }
        };
        Ok(Subscribed {
            id,
            secret: None,
            repeated: true,
            revision,
        })
    }

    pub(crate) async fn kept(&self, key: &str) -> Result<StoredSubscription, Error> {
        let Scope::Owner(owner) = self.scope()? else {
            return Err(Error::Owner);
        };
        let mut connection = self.context.tables.connection().await?;
        let mut tx = self.context.tables.on(&mut connection);
        let row = tx.subscription_by_own_key(owner, key).await?;
        Ok(row.ok_or(Error::NotFound)?.subscription)
    }

    pub(crate) async fn change(
        &self,
        id: &SubscriptionId,
        wanted: Subscription,
    ) -> Result<(), Error> {
        let owner = wanted.owner.clone();
        let mut transaction = self.context.tables.begin().await?;
        self.change_in(&mut transaction, id, wanted).await?;
        transaction.commit().await?;
        take_effect(self.context, id.key(), &owner).await;
        Ok(())
    }

    pub(crate) async fn change_in(
        &self,
        transaction: &mut D::Connection,
        id: &SubscriptionId,
        wanted: Subscription,
    ) -> Result<(), Error> {
        let mut tx = self.context.tables.on(transaction);
        let row = tx.subscription_to_change(self.scope()?, id).await?;
        // A subscription never moves to another owner: the owner that was named has none with this id.
        if row.subscription.owner != wanted.owner {
            return Err(Error::NotFound);
        }
        self.subscribing().change(&mut tx, &row, wanted).await?;
        let (action, before) = (AuditAction::SubscriptionChanged, &row.subscription);
        self.record(&mut tx, action, id, Some(before))
            .await
            .map(drop)
    }

    pub(crate) async fn change_request(
        &self,
        id: &SubscriptionId,
        request: SubscriptionRequest,
    ) -> Result<(), Error> {
        let mut transaction = self.context.tables.begin().await?;
        let changed = self.change_request_in(&mut transaction, id, request);
        let owner = changed.await?;
        transaction.commit().await?;
        take_effect(self.context, id.key(), &owner).await;
        Ok(())
    }

    /// Returns whose it is.
    pub(crate) async fn change_request_in(
        &self,
        transaction: &mut D::Connection,
        id: &SubscriptionId,
        request: SubscriptionRequest,
    ) -> Result<String, Error> {
        let mut tx = self.context.tables.on(transaction);
        let row = tx.subscription_to_change(self.scope()?, id).await?;
        let subscribing = self.subscribing();
        subscribing.change_request(&mut tx, &row, request).await?;
        let (action, before) = (AuditAction::SubscriptionChanged, &row.subscription);
        self.record(&mut tx, action, id, Some(before)).await?;
        Ok(row.subscription.owner)
    }

    pub(crate) async fn rotate(
        &self,
        id: &SubscriptionId,
        secret: Option<Secret>,
        grace: Duration,
    ) -> Result<Secret, Error> {
        let mut transaction = self.context.tables.begin().await?;
        let mut tx = self.context.tables.on(&mut transaction);
        let row = tx.subscription_to_change(self.scope()?, id).await?;
        let subscribing = self.subscribing();
        let secret = subscribing.rotate(&mut tx, &row, secret, grace).await?;
        let entry = self.entry(&row.subscription.owner, AuditAction::SecretRotated, id)?;
        tx.insert_audit(&entry).await?;
        transaction.commit().await?;
        self.context.changed(id.key());
        Ok(secret)
    }

    pub(crate) async fn verify(&self, id: &SubscriptionId) -> Result<(), Error> {
        let mut transaction = self.context.tables.begin().await?;
        let mut tx = self.context.tables.on(&mut transaction);
        let row = tx.subscription_to_change(self.scope()?, id).await?;
        let stored = &row.subscription;
        match stored.state {
            SubscriptionState::Unverified => {
                let subscribing = self.subscribing();
                let begun = subscribing.begin_verification(&mut tx, &stored.owner, id);
                begun.await?;
            }
            SubscriptionState::Refused => {
                let state = SubscriptionState::Unverified;
                self.subscribing().switch(&mut tx, &row, state).await?;
            }
            _ => return Err(StateError::NothingToVerify.into()),
        }
        let entry = self.entry(&stored.owner, AuditAction::VerificationStarted, id)?;
        tx.insert_audit(&entry).await?;
        transaction.commit().await?;
        self.context.changed(id.key());
        Ok(())
    }

    pub(crate) async fn end_grace(&self, id: &SubscriptionId) -> Result<(), Error> {
        let mut transaction = self.context.tables.begin().await?;
        let mut tx = self.context.tables.on(&mut transaction);
        let row = tx.subscription_to_change(self.scope()?, id).await?;
        self.subscribing().end_grace(&mut tx, &row).await?;
        let entry = self.entry(&row.subscription.owner, AuditAction::GraceEnded, id)?;
        tx.insert_audit(&entry).await?;
        transaction.commit().await?;
        self.context.changed(id.key());
        Ok(())
    }

    pub(crate) async fn switch(
        &self,
        id: &SubscriptionId,
        state: SubscriptionState,
    ) -> Result<(), Error> {
        let mut transaction = self.context.tables.begin().await?;
        let mut tx = self.context.tables.on(&mut transaction);
        let row = tx.subscription_to_change(self.scope()?, id).await?;
        let state = match state {
            SubscriptionState::Active => Subscribing::switched_on(&row, tx.now())?,
            state => state,
        };
        self.subscribing().switch(&mut tx, &row, state).await?;
        let action = if state.is_active() {
            AuditAction::SubscriptionActivated
        } else {
            AuditAction::SubscriptionPaused
        };
        if row.subscription.state != state {
            let before = Some(&row.subscription);
            self.record(&mut tx, action, id, before).await?;
        }
        transaction.commit().await?;
        if state.is_active() {
            self.context.changed(id.key());
        } else {
            take_effect(self.context, id.key(), &row.subscription.owner).await;
        }
        Ok(())
    }

    pub(crate) async fn unsubscribe(&self, id: &SubscriptionId) -> Result<(), Error> {
        let mut transaction = self.context.tables.begin().await?;
        let mut tx = self.context.tables.on(&mut transaction);
        let scope = self.scope()?;
        tx.lock_subscription(scope, id).await?;
        // Also one that cannot be read: its owner can be.
        let owner = &tx.owner_of(scope, id).await?.ok_or(Error::NotFound)?;
        let before = match tx.subscription(scope, id).await {
            Ok(row) => Some(row.subscription),
            Err(Error::Corrupt(_)) => None,
            Err(error) => return Err(error),
        };
        self.subscribing().remove(&mut tx, owner, id).await?;
        self.record_removed(&mut tx, owner, id, before.as_ref())
            .await?;
        transaction.commit().await?;
        self.context.changed(id.key());
        call_off(&self.context.tables, DeliveryLane::new(id.key(), owner)).await?;
        // Once more: what was read again before it was called off.
        take_effect(self.context, id.key(), owner).await;
        Ok(())
    }

    pub(crate) async fn remove_owner(&self, owner: &str) -> Result<usize, Error> {
        let action = AuditAction::SubscriptionRemoved;
        remove_owner(self.context, owner, |id| self.entry(owner, action, id)).await
    }

    async fn record_created(
        &self,
        tx: &mut Tx<'_, D>,
        subscribed: &Subscribed,
    ) -> Result<(), Error> {
        if subscribed.repeated {
            return Ok(());
        }
        let action = AuditAction::SubscriptionCreated;
        let recorded = self.record(tx, action, &subscribed.id, None).await;
        recorded.map(drop)
    }

    async fn record_removed(
        &self,
        tx: &mut Tx<'_, D>,
        owner: &str,
        id: &SubscriptionId,
        before: Option<&StoredSubscription>,
    ) -> Result<(), Error> {
        let mut entry = self.entry(owner, AuditAction::SubscriptionRemoved, id)?;
        (entry.before, entry.after) = difference(before, None);
        tx.insert_audit(&entry).await
    }

    fn subscribing(&self) -> Subscribing<'_> {
        Subscribing::new(self.context)
    }
}
