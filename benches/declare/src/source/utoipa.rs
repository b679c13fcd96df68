//! utoipa: paths, moved into the `webhooks` of the document by hand. One `#[openapi(paths(..))]` for each part: a single
//! one over 1,000 does not compile within minutes.

use std::fmt::Write;

use super::Webhook;

/// A function for each webhook, and the part's list.
pub(super) fn webhooks(webhooks: &[Webhook]) -> String {
    let (mut text, mut paths) = (String::new(), String::new());
    for webhook in webhooks {
        let (number, docs, model) = (webhook.number, webhook.docs(), webhook.model());
        let _ = write!(
            text,
            "
/// {docs}
#[utoipa::path(
    post,
    path = \"thing.happened{number}\",
    request_body = {model},
    responses((status = \"2XX\", description = \"Received.\"))
)]
#[allow(dead_code)]
pub fn happened_{number}() {{}}
"
        );
        let _ = write!(paths, "happened_{number}, ");
    }
    let _ = write!(
        text,
        "\n#[derive(utoipa::OpenApi)]\n#[openapi(paths({paths}))]\npub struct Part;\n"
    );
    text
}

/// The parts merged, and what they call paths renamed to webhooks.
pub(super) fn document(parts: usize) -> String {
    let mut merges = String::new();
    for part in 0..parts {
        let _ = writeln!(
            merges,
            "    document.merge(<part{part}::Part as utoipa::OpenApi>::openapi());"
        );
    }
    format!(
        "
fn document() -> String {{
    let info = utoipa::openapi::Info::new(\"Things\", \"1.0.0\");
    let mut document = utoipa::openapi::OpenApi::new(info, utoipa::openapi::Paths::new());
{merges}    document.webhooks = Some(std::mem::take(&mut document.paths));
    document.to_pretty_json().expect(\"the document can be written\")
}}
"
    )
}
