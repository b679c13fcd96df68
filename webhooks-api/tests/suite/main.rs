//! The API as its clients see it: requests to a router, answers as JSON.

mod client;
mod document;
mod input;
mod story;
mod tenants;
