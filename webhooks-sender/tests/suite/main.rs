//! The sender as an application uses it. One binary, one file per topic.

mod accounts;
mod admission;
mod authentication;
mod client;
mod clocks;
mod connections;
mod declarations;
mod deliver;
mod dns;
mod document;
mod erasure;
mod extremes;
mod failing;
mod grants;
mod isolation;
mod jobs;
#[cfg(feature = "postgres")]
mod lanes_on_postgres;
mod lifecycle;
mod lines;
mod literals;
mod log;
mod managing;
mod model;
mod neighbours;
mod nginx;
mod notices;
mod order;
mod outbox;
mod own_pool;
mod owners;
mod owning;
mod payloads;
#[cfg(feature = "postgres")]
mod pooler;
#[cfg(feature = "postgres")]
mod postgres;
mod proxy;
mod queries;
mod raw;
mod replaying;
mod requests;
mod retention;
mod sealing;
mod settings;
mod signing;
mod sink;
mod ssrf;
mod static_subscriptions;
mod story;
mod subscriptions;
mod testing;
mod tls;
mod traces;
mod verification;
mod webhooks;
