//! The paragraph that a webhook's rustdoc page gets behind the user's own words.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::model::{EventName, Format, Parameter, Role, Webhook};

/// The paragraph as an attribute.
///
/// An undocumented webhook gets it from rustdoc only, so that `missing_docs` still speaks up.
pub(super) fn attribute(webhook: &Webhook) -> TokenStream {
    let text = text(webhook);
    if webhook.descriptor.docs.is_empty() {
        quote!(#[cfg_attr(doc, doc = #text)])
    } else {
        let text = format!("\n\n{text}");
        quote!(#[doc = #text])
    }
}

fn text(webhook: &Webhook) -> String {
    let descriptor = &webhook.descriptor;
    let methods: Vec<_> = descriptor
        .methods
        .iter()
        .map(|method| format!("`{}`", method.as_str()))
        .collect();
    let name = match &descriptor.name {
        EventName::Literal(name) => name.value(),
        EventName::Constant {
            prefix: None,
            constant,
            ..
        } => constant.to_token_stream().to_string().replace(' ', ""),
        EventName::Constant {
            prefix: Some(prefix),
            constant,
            ..
        } => {
            format!(
                "{}.{{{}}}",
                prefix.value(),
                constant.to_token_stream().to_string().replace(' ', "")
            )
        }
    };
    let sent = webhook.payload().map(|payload| {
        let content_type = match &descriptor.format {
            Format::Json(None) => "application/json".to_owned(),
            Format::Form => "application/x-www-form-urlencoded".to_owned(),
            Format::Json(Some(content_type)) | Format::Bytes(content_type) => content_type.value(),
        };
        let optional = if payload.is_optional {
            ", or without a payload"
        } else {
            ""
        };
        format!(", sent as `{content_type}`{optional}")
    });
    let text = format!(
        "**Webhook** {} `{name}`{}.",
        methods.join(", "),
        sent.unwrap_or_default()
    );
    let parameters = webhook
        .arguments
        .iter()
        .filter_map(|argument| match &argument.role {
            Role::Payload => None,
            Role::Parameter(parameter) => Some(line(parameter, argument.is_optional)),
        });
    parameters
        .fold(text + "\n", |text, line| text + "\n" + &line)
        .trim_end()
        .to_owned()
}

/// One parameter as an element of a list.
fn line(parameter: &Parameter, is_optional: bool) -> String {
    let Parameter {
        location,
        name,
        docs,
    } = parameter;
    let optional = if is_optional { ", optional" } else { "" };
    let docs = docs.text().filter(|docs| !docs.is_empty());
    let docs = docs
        .map(|docs| format!(": {}", docs.replace('\n', "\n  ")))
        .unwrap_or_default();
    format!("- {} `{name}`{optional}{docs}", location.as_str())
}
