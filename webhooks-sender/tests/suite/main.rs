//! The sender as an application uses it. One binary, one file per topic.

mod accounts;
mod admission;
mod client;
mod clocks;
mod connections;
mod declarations;
mod deliver;
mod dns;
mod document;
mod failing;
mod isolation;
mod model;
mod neighbours;
mod nginx;
mod notices;
mod outbox;
mod payloads;
#[cfg(feature = "postgres")]
mod postgres;
mod proxy;
mod queries;
mod raw;
mod requests;
mod retention;
mod settings;
mod sink;
mod ssrf;
mod static_subscriptions;
mod story;
mod subscriptions;
mod testing;
mod tls;
mod webhooks;
