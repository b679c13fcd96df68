//! The pages, a file for each.

pub(crate) mod activity;
pub(crate) mod change;
mod counting;
pub(crate) mod deliveries;
pub(crate) mod delivery;
mod delivery_filter;
mod delivery_table;
pub(crate) mod entrance;
pub(crate) mod events;
mod fetching;
pub(crate) mod metrics;
pub(crate) mod overview;
pub(crate) mod owners;
pub(crate) mod problem;
pub(crate) mod removal;
pub(crate) mod replay;
mod request;
pub(crate) mod retry;
pub(crate) mod secret;
pub(crate) mod service;
mod span;
pub(crate) mod subscription;
mod subscription_form;
pub(crate) mod subscriptions;
pub(crate) mod switching;
pub(crate) mod test_event;
mod why;
