//! The source that a user of `webhooks-core` writes.

use std::fmt::Write;

use super::Webhook;

/// Methods in one view.
const METHODS: usize = 10;

/// A function for each webhook.
pub(super) fn functions(webhooks: &[Webhook]) -> String {
    let mut text = String::from("use webhooks_core::whpost;\n");
    for webhook in webhooks {
        let (number, docs, model) = (webhook.number, webhook.docs(), webhook.model());
        let _ = write!(
            text,
            "\n/// {docs}\n#[whpost(\"thing.happened{number}\")]\npub async fn happened_{number}(data: {model});\n"
        );
    }
    text
}

/// A function that lists the others.
pub(super) fn list(webhooks: &[Webhook]) -> String {
    let mut text = String::from(
        "\npub fn list(list: webhooks_core::Webhooks) -> webhooks_core::Webhooks {\n    list\n",
    );
    for webhook in webhooks {
        let _ = writeln!(text, "        .with(happened_{})", webhook.number);
    }
    text + "}\n"
}

/// Views with a method for each webhook.
pub(super) fn views(webhooks: &[Webhook]) -> String {
    let mut text = String::from("use webhooks_core::{whpost, whview};\n");
    for methods in webhooks.chunks(METHODS) {
        let view = methods[0].number;
        let _ = write!(
            text,
            "\npub struct View{view};\n\n#[whview]\nimpl View{view} {{\n"
        );
        for webhook in methods {
            let (number, docs, model) = (webhook.number, webhook.docs(), webhook.model());
            let _ = write!(
                text,
                "    /// {docs}\n    #[whpost(\"thing.happened{number}\")]\n    pub async fn happened_{number}(&self, data: {model});\n\n"
            );
        }
        text += "}\n";
    }
    text
}

/// The document of everything that is registered.
pub(super) fn collected() -> String {
    document("webhooks_core::Webhooks::new().collected()")
}

/// The document of the lists of all parts.
pub(super) fn listed(parts: usize) -> String {
    let list = (0..parts).fold("webhooks_core::Webhooks::new()".to_owned(), |list, part| {
        format!("part{part}::list({list})")
    });
    document(&list)
}

fn document(list: &str) -> String {
    format!(
        "
fn document() -> String {{
    let catalogue = {list}.build().expect(\"every name is given once\");
    let document = webhooks_core::OpenApi::new(\"Things\", \"1.0.0\").webhooks(catalogue).build();
    document.expect(\"nothing clashes\").to_json()
}}
"
    )
}
