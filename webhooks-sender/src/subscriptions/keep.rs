//! A subscription that the application keeps under a key of its own: made the first time, later changed if it differs.

use webhooks_store::Database;

use super::Subscribing;
use crate::error::Error;
use crate::model::{Owner, Scope, Subscribed, Subscription, SubscriptionRequest};
use crate::tables::{SubscriptionRow, Tx};

/// What became of a request to keep a subscription.
pub(crate) enum KeptSubscription {
    /// There was none.
    Made(Subscribed),
    /// It was another one, which is here as it was before.
    Changed(Box<SubscriptionRow>),
    /// It was what is asked for already.
    Same(Box<SubscriptionRow>),
}

impl Subscribing<'_> {
    /// Brings the subscription that an owner has under a key into line with a request.
    pub(crate) async fn keep<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
        (owner, key): (&str, &str),
        request: SubscriptionRequest,
    ) -> Result<KeptSubscription, Error> {
        if !Owner::is_valid(key) {
            let problem = "its key has 1 to 256 bytes and no control characters";
            return Err(Error::Subscription(problem.to_owned()));
        }
        if let Some(problem) = request.problem() {
            return Err(Error::Subscription(problem));
        }
        let limit = self.recipients.subscriptions_per_owner;
        // It takes the lock under which the key is looked up: two who keep the same make one.
        let count = tx.count_subscriptions(owner, limit).await?;
        let Some(row) = tx.subscription_by_own_key(owner, key).await? else {
            if count >= limit {
                return Err(Error::TooManySubscriptions { limit });
            }
            return self.make(tx, (owner, key), request).await;
        };
        if self.is_same(&row, &request) {
            return Ok(KeptSubscription::Same(Box::new(row)));
        }
        // Locked, and read again: the owner may have changed it meanwhile.
        let id = &row.subscription.id;
        let row = tx.subscription_to_change(Scope::Owner(owner), id).await?;
        self.change_request(tx, &row, request).await?;
        Ok(KeptSubscription::Changed(Box::new(row)))
    }

    async fn make<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
        (owner, key): (&str, &str),
        request: SubscriptionRequest,
    ) -> Result<KeptSubscription, Error> {
        let mut wanted = Subscription::new(owner, "");
        request.fill(&mut wanted);
        self.ask_for_proof(&mut wanted);
        // The key itself makes the request repeatable.
        (wanted.own_key, wanted.request_key) = (Some(key.to_owned()), None);
        Ok(KeptSubscription::Made(self.add(tx, wanted, None).await?))
    }

    /// Whether a request would change nothing. A wrong target is found when it is written.
    fn is_same(self, row: &SubscriptionRow, request: &SubscriptionRequest) -> bool {
        let stored = &row.subscription;
        let target = self.normal_target(&request.target);
        let is_guarded = request.revision.is_some_and(|one| one != stored.revision);
        let mut wanted = Subscription::from(stored.clone());
        let before = wanted.settings.verification;
        request.clone().fill(&mut wanted);
        wanted.settings.verification = wanted.settings.verification.or(before);
        target.is_ok_and(|target| target == stored.target)
            && wanted.settings == stored.settings
            && !is_guarded
    }
}
