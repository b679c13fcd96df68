//! The portal as its visitors use it. One binary, one file per topic.

mod browser;
mod details;
mod fetching;
mod forms;
mod hostile;
mod links;
mod metrics;
mod mounts;
mod replay;
mod retry;
mod routes;
mod running;
mod story;
mod tenants;
mod trying;
