//! poem-openapi: a trait holds one webhook for each method of HTTP, and a service takes one type, so that several POST
//! webhooks need a trait each and one implementation by hand over all.

use std::fmt::Write;

use super::Webhook;

/// A trait for each webhook, and what the hand-written implementation asks of a part.
pub(super) fn webhooks(webhooks: &[Webhook]) -> String {
    let mut text = String::from(
        "use poem_openapi::{Webhook, payload::Json, registry::{MetaWebhook, Registry}};\n",
    );
    let (mut meta, mut register) = (String::new(), String::new());
    for webhook in webhooks {
        let (number, docs, model) = (webhook.number, webhook.docs(), webhook.model());
        let _ = write!(
            text,
            "
#[Webhook]
#[allow(dead_code)]
pub trait Happened{number}: Sync {{
    /// {docs}
    #[oai(name = \"thing.happened{number}\", method = \"post\")]
    fn happened_{number}(&self, data: Json<{model}>);
}}
"
        );
        let _ = writeln!(meta, "    all.extend(<&dyn Happened{number}>::meta());");
        let _ = writeln!(register, "    <&dyn Happened{number}>::register(registry);");
    }
    let _ = write!(
        text,
        "
pub fn meta(all: &mut Vec<MetaWebhook>) {{
{meta}}}

pub fn register(registry: &mut Registry) {{
{register}}}
"
    );
    text
}

/// The implementation over all parts, and the document.
pub(super) fn document(parts: usize) -> String {
    let (mut meta, mut register) = (String::new(), String::new());
    for part in 0..parts {
        let _ = writeln!(meta, "        part{part}::meta(&mut all);");
        let _ = writeln!(register, "        part{part}::register(registry);");
    }
    format!(
        "
struct All;

impl poem_openapi::Webhook for All {{
    fn meta() -> Vec<poem_openapi::registry::MetaWebhook> {{
        let mut all = Vec::new();
{meta}        all
    }}

    fn register(registry: &mut poem_openapi::registry::Registry) {{
{register}    }}
}}

fn document() -> String {{
    poem_openapi::OpenApiService::new((), \"Things\", \"1.0.0\").webhooks::<All>().spec()
}}
"
    )
}
