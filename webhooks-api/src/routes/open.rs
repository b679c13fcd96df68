//! What is open to every caller, because it holds nothing of an owner: the document, where requests come from, and the
//! public keys with which they are signed.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use webhooks_core::OpenApi;
use webhooks_core::openapi::Operation;
use webhooks_core::web::PreparedResponse;

use crate::describe::PROBLEM;
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::sources::Sources;

/// The media type of RFC 7517.
const KEY_SET: &str = "application/jwk-set+json";

/// A JSON Web Key Set.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is a schema, never a value")]
struct KeySet {
    /// The keys.
    keys: Vec<Map<String, Value>>,
}

/// Adds them to the document, on paths below this one.
pub(crate) fn describe(openapi: OpenApi, base: &str) -> OpenApi {
    openapi
        .path(
            format!("{base}/sources"),
            Operation::get()
                .operation_id("webhooks_get_sources")
                .summary("List the sources")
                .description("The addresses from which requests come, for the rules of a firewall.")
                .tag("open")
                .security([])
                .response::<Sources>(200, "The addresses.")
                .response_as::<ProblemDocument>(404, "The service does not say.", PROBLEM),
        )
        .path(
            format!("{base}/keys"),
            Operation::get()
                .operation_id("webhooks_get_keys")
                .summary("List the public keys")
                .description(
                    "The service's own signing keys as a JSON Web Key Set (RFC 7517); empty where each subscription has a \
                     secret of its own.",
                )
                .tag("open")
                .security([])
                .response_as::<KeySet>(200, "The keys.", KEY_SET),
        )
        .path(
            format!("{base}/openapi.json"),
            Operation::get()
                .operation_id("webhooks_get_openapi_json")
                .summary("Show the document")
                .description("This API as an OpenAPI document of its own.")
                .tag("open")
                .security([])
                .response::<Map<String, Value>>(200, "The document."),
        )
}

/// The routes. Each answer is made once, and sent compressed or as 304 where that will do.
pub(crate) fn routes<S>(
    router: Router<S>,
    sources: Option<&Sources>,
    keys: &impl Serialize,
    document: Option<String>,
) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let sources = sources.and_then(|sources| serde_json::to_vec(sources).ok());
    let sources = sources.map(|body| PreparedResponse::new("application/json", body).hourly());
    let keys = serde_json::to_vec(keys).ok();
    let keys = keys.map(|body| PreparedResponse::new(KEY_SET, body).hourly());
    let document = document.map(|body| PreparedResponse::new("application/json", body));
    let missing = "the service does not say where its requests come from";
    router
        .route("/sources", get(prepared(sources, missing)))
        .route("/keys", get(prepared(keys, "there are no keys")))
        .route(
            "/openapi.json",
            get(prepared(document, "there is no document")),
        )
}

fn prepared(
    response: Option<PreparedResponse>,
    missing: &'static str,
) -> impl Fn(HeaderMap) -> std::future::Ready<Response> + Clone + Send + Sync + 'static {
    let response = response.map(Arc::new);
    move |headers| {
        std::future::ready(match &response {
            Some(response) => response.answer(&headers),
            None => Problem::new(Kind::NotFound, missing).respond(1),
        })
    }
}
