//! The pages, a file for each.

pub(crate) mod change;
pub(crate) mod deliveries;
pub(crate) mod delivery;
pub(crate) mod events;
pub(crate) mod overview;
pub(crate) mod problem;
pub(crate) mod removal;
pub(crate) mod replay;
pub(crate) mod secret;
pub(crate) mod subscription;
pub(crate) mod subscription_form;
pub(crate) mod subscriptions;
pub(crate) mod switching;
mod why;
