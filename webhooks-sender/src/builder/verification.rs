//! What targets must prove before they receive anything.

use webhooks_store::Database;

use super::SenderBuilder;
use crate::model::Verification;

/// # Proof that a target wants the messages
impl<D: Database> SenderBuilder<D> {
    /// Asks the target of each subscription that an [account](crate::Account) makes for this proof, unless its request names
    /// another one. Without it, only those are asked whose requests say so. Subscriptions of the
    /// [operator](crate::Operator) name it [themselves](crate::Subscription::verification).
    #[doc(alias = "handshake")]
    #[doc(alias = "challenge")]
    pub fn verification(mut self, verification: Verification) -> Self {
        self.verification = Some(verification);
        self
    }

    /// Who the sender is, as a DNS name such as `events.example.com`: what targets are asked by that are
    /// [verified](Verification::CloudEvents) as CloudEvents says.
    pub fn origin(mut self, name: impl Into<String>) -> Self {
        self.origin = Some(name.into());
        self
    }
}
