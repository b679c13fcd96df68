//! The sender as an application uses it. One binary, one file per topic.

mod client;
mod deliver;
mod document;
mod failing;
mod model;
mod outbox;
mod payloads;
#[cfg(feature = "postgres")]
mod postgres;
mod requests;
mod sink;
mod story;
mod subscriptions;
mod webhooks;
