//! Requests per second on `/openapi.json`, against an axum handler that returns the same bytes and nothing else.

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use bench::client::Load;
use bench::compare::{self, Subject};
use bench::table::Table;
use webhooks_core::{Descriptor, Document, OpenApi, Webhooks};

/// What the event is about.
#[derive(serde::Serialize, schemars::JsonSchema)]
struct Payment {
    /// Who pays.
    customer: String,
    amount: f64,
}

/// Serves the documents of one and of `n` webhooks.
pub(crate) fn measure(n: usize) -> Result<[Table; 2]> {
    Ok([beside_axum(1)?, beside_axum(n)?])
}

fn beside_axum(webhooks: usize) -> Result<Table> {
    let document = document(webhooks)?;
    let body = Bytes::from(document.to_json_bytes());
    let heading = format!(
        "`/openapi.json` of {webhooks} webhooks, {:.1} kB: one core, 64 connections",
        body.len() as f64 / 1e3
    );
    let bare = get(async move || ([(CONTENT_TYPE, "application/json")], body.clone()));
    let routers = [
        (
            "axum, static bytes",
            Router::new().route("/openapi.json", bare),
        ),
        ("**webhooks**", document.router()),
    ];
    let subjects = routers.map(|(title, router)| Subject {
        title: title.to_owned(),
        router,
        load: Load::get("/openapi.json"),
    });
    compare::compare(&heading, subjects.into())
}

fn document(webhooks: usize) -> Result<Document> {
    let list = (0..webhooks).fold(Webhooks::new(), |list, number| {
        // A descriptor is plain data of a program's whole life, and so are these.
        let name: &'static str = format!("thing.happened{number}").leak();
        let descriptor: &'static Descriptor =
            Box::leak(Box::new(Descriptor::post(name).payload::<Payment>()));
        list.with(descriptor)
    });
    Ok(OpenApi::new("Things", "1.0.0")
        .webhooks(list.build()?)
        .build()?)
}
