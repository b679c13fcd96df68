//! A webhook that is sent with any of several methods: `cargo run -p several-methods`, then open `/docs`.

use std::error::Error;

use axum::Router;
use axum::routing::post;
use jiff::{Timestamp, ToSpan};
use schemars::JsonSchema;
use serde::Serialize;
use webhooks_core::openapi::{Contact, License, Operation, Server, Tag};
use webhooks_core::{BuildError, Document, Method, OpenApi, Webhooks, whroute};

/// Stock of one article.
#[derive(Serialize, JsonSchema)]
struct Stock {
    article: String,
    pieces: u32,
    counted_at: Timestamp,
}

/// The stock of an article was counted again.
///
/// Sent with PUT when the whole record is new, with PATCH when only the number changed, and with GET to ask whether
/// you still want to know: a GET carries no payload, so the payload is an `Option`.
#[whroute("stock.counted", methods = ["PUT", "PATCH", "GET"], tags = ["stock"])]
async fn stock_counted(
    data: Option<Stock>,
    /// Whose stock it is.
    #[header("X-Tenant")]
    tenant: String,
    /// How many counts lie between two calls.
    #[query]
    every: Option<u32>,
);

async fn count() {
    let stock = Stock {
        article: "lamp".into(),
        pieces: 3,
        counted_at: Timestamp::now() - 5.minutes(),
    };
    println!("{:?}", stock_counted(Some(stock), "acct_1".into(), None));
    println!(
        "{:?}",
        stock_counted(None, "acct_1".into(), Some(10)).with_method(Method::Get)
    );
}

fn docs() -> Result<Document, BuildError> {
    OpenApi::new("Warehouse", "1.0.0")
        .description("Counts what is there.")
        .contact(Contact {
            name: Some("Support".into()),
            ..Contact::default()
        })
        .license(License::spdx("MIT"))
        .server(Server::new("https://api.acme.test"))
        .tag(Tag::new("stock").description("What is there."))
        .path(
            "/count",
            Operation::post()
                .summary("Count again")
                .tag("stock")
                .security([]),
        )
        .webhooks(Webhooks::collect()?)
        .build()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = Router::new().route("/count", post(count));
    example_server::run(app, docs()?).await
}
