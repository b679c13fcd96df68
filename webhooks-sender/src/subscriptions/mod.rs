//! Subscriptions: what is checked and what happens when one is made, changed, switched on and off, or removed.

mod change;
mod check;
mod keep;
mod keep_static;
mod patterns;
mod repeat;
mod rotate;
mod static_drift;
mod static_subscriptions;
mod suggest;
mod take_effect;
mod verification;

use crate::context::{Context, Publishing, Recipients};

pub(crate) use change::{call_off, remove_owner};
pub(crate) use keep::KeptSubscription;
pub use static_subscriptions::StaticSubscriptions;
pub(crate) use take_effect::take_effect;

/// The revision of a subscription that was not changed.
const FIRST_REVISION: i64 = 1;

/// What it takes to change subscriptions: each change is checked by the recipients and reported by an operational event.
#[derive(Clone, Copy)]
pub(crate) struct Subscribing<'c> {
    publishing: &'c Publishing,
    recipients: &'c Recipients,
}

impl<'c> Subscribing<'c> {
    pub(crate) fn new<D: webhooks_store::Database>(context: &'c Context<D>) -> Self {
        Self {
            publishing: &context.publishing,
            recipients: &context.recipients,
        }
    }
}
