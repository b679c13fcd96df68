//! aide: routes, moved into the `webhooks` of the document by hand. It carries axum's rejections along, which makes its
//! document larger.

use std::fmt::Write;

use super::Webhook;

/// A handler for each webhook, and the part's router.
pub(super) fn webhooks(webhooks: &[Webhook]) -> String {
    let mut text = String::from("use aide::axum::{ApiRouter, routing::post_with};\n");
    let mut routes = String::new();
    for webhook in webhooks {
        let (number, docs, model) = (webhook.number, webhook.docs(), webhook.model());
        let _ = write!(
            text,
            "\nasync fn happened_{number}(_: axum::Json<{model}>) {{}}\n"
        );
        let _ = writeln!(
            routes,
            "        .api_route(\"/thing.happened{number}\", post_with(happened_{number}, |operation| operation.id(\"happened_{number}\").description({docs:?})))"
        );
    }
    let _ = write!(
        text,
        "\npub fn router() -> ApiRouter {{\n    ApiRouter::new()\n{routes}}}\n"
    );
    text
}

/// The routers merged, and what they call paths moved to webhooks.
pub(super) fn document(parts: usize) -> String {
    let mut merges = String::new();
    for part in 0..parts {
        let _ = write!(merges, ".merge(part{part}::router())");
    }
    format!(
        "
fn document() -> String {{
    let mut document = aide::openapi::OpenApi::default();
    let router: axum::Router = aide::axum::ApiRouter::new(){merges}.finish_api(&mut document);
    drop(router);
    document.webhooks = document.paths.take().map(|paths| paths.paths).unwrap_or_default();
    serde_json::to_string_pretty(&document).expect(\"the document can be written\")
}}
"
    )
}
