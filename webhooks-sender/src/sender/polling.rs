//! Fetching messages, as an account and as the operator.

use webhooks_store::Database;

use super::{Account, Operator};
use crate::error::Error;
use crate::model::{Poll, PollAnswer, SubscriptionId};

on_both! {
    "Fetching";

    /// The messages that wait for a subscription with the target `poll`, the oldest first, once those are acknowledged that
    /// came before; see [`Poll`]. An acknowledgement ends the delivery as delivered, with an attempt of the status 200. What
    /// is not fetched is given up after a [time](crate::settings::Retention::unfetched).
    ///
    /// It holds no connection while it waits. What is asked for from several processes is the same: nothing is kept but what
    /// the database has. It also answers while all deliveries are [held back](crate::Operator::pause_all): that is about
    /// requests to customers' servers, and none is made here.
    ///
    /// # Errors
    ///
    /// When there is no such subscription, its messages are [sent](crate::StateError::NotPolled) instead, or it is switched
    /// off or paused.
    #[doc(alias = "pull")]
    #[doc(alias = "acknowledge")]
    pub async fn poll(&self, id: &SubscriptionId, poll: Poll) -> Result<PollAnswer, Error> {
        self.reach().poll(id, &poll).await
    }
}
