//! What is open to every caller, because it holds nothing of an owner: the document, and where requests come from.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;
use webhooks_core::OpenApi;
use webhooks_core::openapi::Operation;
use webhooks_core::web::PreparedResponse;

use crate::describe::PROBLEM;
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::sources::Sources;

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
            format!("{base}/openapi.json"),
            Operation::get()
                .operation_id("webhooks_get_openapi_json")
                .summary("Show the document")
                .description("This API as an OpenAPI document of its own.")
                .tag("open")
                .security([])
                .response::<serde_json::Value>(200, "The document."),
        )
}

/// The routes. Each answer is made once, and sent compressed or as 304 where that will do.
pub(crate) fn routes<S>(
    router: Router<S>,
    sources: Option<&Sources>,
    document: Option<String>,
) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let sources = sources.and_then(|sources| serde_json::to_vec(sources).ok());
    let sources = sources.map(|body| PreparedResponse::new("application/json", body).hourly());
    let document = document.map(|body| PreparedResponse::new("application/json", body));
    let missing = "the service does not say where its requests come from";
    router
        .route("/sources", get(prepared(sources, missing)))
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
