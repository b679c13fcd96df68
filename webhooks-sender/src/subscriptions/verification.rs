//! Asking a target for a proof that it wants the messages: begun with the subscription, and anew when the target changes.

use http::HeaderValue;
use webhooks_store::Database;

use super::Subscribing;
use crate::error::Error;
use crate::model::{JobId, JobKind, Settings, SubscriptionId, SubscriptionState, Verification};
use crate::tables::{NewBulkJob, StoredSecret, Tx};

impl Subscribing<'_> {
    /// Whether the sender can ask for this proof.
    pub(super) fn check_verification(
        self,
        settings: &Settings,
        secrets: &[StoredSecret],
    ) -> Result<(), Error> {
        let refused = |problem: &str| Err(Error::Subscription(problem.to_owned()));
        let is_signed = !secrets.is_empty();
        match settings.verification {
            Some(Verification::CloudEvents) if self.recipients.origin.is_none() => refused(
                "it asks for the proof of CloudEvents, which names the sender: give `SenderBuilder::origin`",
            ),
            Some(Verification::HookSecret | Verification::Challenge) if !is_signed => refused(
                "it asks for a proof that needs a secret, and its dialect signs nothing; take another proof, or another dialect",
            ),
            Some(Verification::HookSecret) => {
                let newest = secrets.first().map(|one| one.secret.expose());
                match newest.map(HeaderValue::from_str) {
                    Some(Err(_)) => {
                        refused("its secret cannot stand in the header `X-Hook-Secret`")
                    }
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Begins to ask, unless that has begun.
    pub(crate) async fn begin_verification<D: Database>(
        self,
        tx: &mut Tx<'_, D>,
        owner: &str,
        id: &SubscriptionId,
    ) -> Result<(), Error> {
        let job = JobId::new(tx.now(), self.publishing.random()?);
        tx.insert_job(&NewBulkJob {
            id: &job,
            owner: Some(owner),
            kind: JobKind::Verification,
            subscription: Some(id.key()),
            message: None,
            request: String::new(),
            dry_run: false,
            exclusive: Some(format!("verify {id}")),
        })
        .await?;
        Ok(())
    }
}

/// The state of a subscription that is made, or whose target was changed.
pub(super) fn first_state(settings: &Settings) -> SubscriptionState {
    if settings.verification.is_some() {
        SubscriptionState::Unverified
    } else {
        SubscriptionState::Active
    }
}
