//! An API that tells its customers about new subscribers: `cargo run -p new-subscription`, then open `/docs`.

use std::error::Error;

use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use webhooks_core::openapi::{Contact, License, Operation, Server, Tag};
use webhooks_core::{BuildError, Document, OpenApi, Webhooks, whpost};

#[derive(Serialize, JsonSchema)]
struct Subscription {
    username: String,
    monthly_fee: f64,
    start_date: Timestamp,
}

/// When a new user subscribes to your service we'll send you a POST request with this
/// data to the URL that you register for the event `new-subscription` in the dashboard.
#[whpost("new-subscription", tags = ["subscriptions"])]
async fn new_subscription(body: Subscription);

async fn read_users() -> Json<[&'static str; 2]> {
    Json(["Rick", "Morty"])
}

fn docs() -> Result<Document, BuildError> {
    OpenApi::new("Subscriptions", "1.0.0")
        .description("An API with users, and a webhook for each new subscription.")
        .contact(Contact {
            name: Some("Support".into()),
            ..Contact::default()
        })
        .license(License::spdx("MIT"))
        .server(Server::new("https://api.acme.test"))
        .tag(Tag::new("users").description("Who uses the service."))
        .tag(Tag::new("subscriptions").description("Who pays for it."))
        .path(
            "/users",
            Operation::get()
                .summary("Read users")
                .description("The names of all users.")
                .operation_id("read_users")
                .tag("users")
                .security([])
                .response::<Vec<String>>(200, "The names."),
        )
        .webhooks(Webhooks::collect()?)
        .build()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = Router::new().route("/users", get(read_users));
    example_server::run(app, docs()?).await
}
