//! The API as its clients see it: requests to a router, answers as JSON.

mod bad_input;
mod client;
mod document;
mod every;
mod findings;
mod hooks;
mod input;
mod jobs;
mod listeners;
mod live;
mod mounting;
mod operating;
mod operational;
mod operations;
mod polling;
mod portal_links;
mod running;
mod sockets;
mod story;
mod tenants;
mod trail;
#[cfg(feature = "client")]
mod typed;
