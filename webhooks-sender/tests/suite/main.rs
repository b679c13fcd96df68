//! The sender as an application uses it. One binary, one file per topic.

mod deliver;
mod failing;
mod outbox;
mod requests;
mod sink;
mod subscriptions;
mod webhooks;
