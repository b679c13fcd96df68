//! The rules for texts that end up in a document or a request: names, statuses, content types.
//!
//! `webhooks-core` has the same rules for what is declared by hand, and this crate cannot import it. The tests below
//! include its file and hold this copy against it.

use syn::LitStr;

use crate::args::Text;
use crate::errors::Errors;
use crate::model::Format;

/// The longest event name, in bytes.
const MAX_EVENT_NAME: usize = 256;

/// The naming rule of events, or with `any_name` the one for names of existing APIs; the runtime checks constants by the
/// same rules.
pub(super) fn event_name(name: &str, any: bool) -> Result<(), &'static str> {
    if any {
        any_event_name(name)
    } else {
        portable_event_name(name)
    }
}

fn any_event_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        Err("an event name cannot be empty; write one such as `orders/create`")
    } else if name.len() > MAX_EVENT_NAME {
        Err("an event name has at most 256 bytes")
    } else if name.starts_with(' ') || name.ends_with(' ') {
        Err("an event name neither begins nor ends with a space")
    } else if name.chars().any(char::is_control) {
        Err("an event name has no control characters")
    } else if name.contains('*') {
        Err("an event name has no `*`, which stands for all events in patterns")
    } else {
        Ok(())
    }
}

fn portable_event_name(name: &str) -> Result<(), &'static str> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if name.is_empty() {
        Err("an event name cannot be empty; write one such as `payment.created`")
    } else if name.len() > MAX_EVENT_NAME {
        Err("an event name has at most 256 bytes")
    } else if name.starts_with('.') || name.ends_with('.') {
        Err("an event name neither begins nor ends with a dot")
    } else if !name.chars().all(allowed) {
        Err(
            "an event name has only letters, digits, `.`, `-` and `_`, as in `payment.created`; \
             add `any_name` for the names of an existing API",
        )
    } else if name.contains("..") {
        Err("an event name has no two dots in a row")
    } else {
        Ok(())
    }
}

/// Headers of the connection, of the body's framing, of tracing and of Standard Webhooks.
const RESERVED_HEADERS: [&str; 21] = [
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "webhook-event",
    "webhook-id",
    "webhook-signature",
    "webhook-timestamp",
];

/// RFC 9110, section 5.6.2, and the headers that OpenAPI leaves to other parts of a document.
pub(super) fn header(name: &str) -> Result<(), &'static str> {
    match name.to_ascii_lowercase().as_str() {
        "accept" => {
            Err("OpenAPI ignores a header parameter named `Accept`; describe the responses instead")
        }
        "authorization" => Err(
            "OpenAPI ignores a header parameter named `Authorization`; use `security = [\"..\"]`",
        ),
        "content-type" => Err(
            "OpenAPI ignores a header parameter named `Content-Type`; use `content_type = \"..\"`",
        ),
        "cookie" => Err("a cookie is declared by its own name, with `#[cookie(\"..\")]`"),
        lower if RESERVED_HEADERS.contains(&lower) => {
            Err("this header is written by the sender; choose another name, as in `X-Tenant`")
        }
        _ if is_token(name) => Ok(()),
        _ => Err("the name of a header has only letters, digits and `-`, as in `X-Tenant`"),
    }
}

/// A header that the sender writes itself, which a declaration only describes.
pub(super) fn sender_header(name: &str) -> Result<(), &'static str> {
    match name.to_ascii_lowercase().as_str() {
        lower @ ("accept" | "authorization" | "content-type") => header(lower),
        _ if is_token(name) => Ok(()),
        _ => {
            Err("the name of a header has only letters, digits and `-`, as in `webhook-signature`")
        }
    }
}

/// RFC 6265, section 4.1.1: the name of a cookie is a token.
pub(super) fn cookie(name: &str) -> Result<(), &'static str> {
    if is_token(name) {
        Ok(())
    } else {
        Err("the name of a cookie has only letters, digits, `-` and `_`")
    }
}

/// What a content type says about how the payload is written.
pub(super) fn format(content_type: &LitStr) -> Result<Format, &'static str> {
    let text = content_type.value();
    let essence = text
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let well_formed = essence
        .split_once('/')
        .is_some_and(|(kind, sub)| is_token(kind) && is_token(sub));
    if !well_formed || text.contains('*') {
        return Err(
            "a content type has a type and a subtype, as in `application/json` or `text/csv`",
        );
    }
    Ok(match essence.as_str() {
        "application/json" if text == essence => Format::Json(None),
        "application/x-www-form-urlencoded" => Format::Form,
        json if json == "application/json" || json.ends_with("+json") => {
            Format::Json(Some(content_type.clone()))
        }
        _ => Format::Bytes(content_type.clone()),
    })
}

/// A status: three digits or a range.
pub(super) fn is_status(status: &str) -> bool {
    matches!(
        status.as_bytes(),
        [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] | [b'1'..=b'5', b'X', b'X']
    )
}

/// Whether a response of this status has no body: RFC 9110, sections 15.2, 15.3.5, 15.3.6 and 15.4.5.
pub(super) fn is_bodiless_status(status: &str) -> bool {
    status.starts_with('1') || matches!(status, "204" | "205" | "304")
}

/// The members of an operation that have an argument of their own.
pub(super) const OPERATION_MEMBERS: [&str; 11] = [
    "callbacks",
    "deprecated",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "security",
    "summary",
    "tags",
];

/// Says that a text is empty, where that can be seen.
pub(super) fn not_empty(key: &str, text: Option<&Text>, errors: &Errors) {
    if let Some(Text::Literal(literal)) = text
        && literal.value().trim().is_empty()
    {
        errors.push(
            literal,
            format!("`{key}` is empty; leave it out or fill it"),
        );
    }
}

/// Says that elements of a list are empty or stand there twice.
pub(super) fn distinct<'a>(
    what: &str,
    names: impl IntoIterator<Item = &'a LitStr>,
    errors: &Errors,
) {
    let mut seen: Vec<&LitStr> = Vec::new();
    for name in names {
        let text = name.value();
        if text.trim().is_empty() {
            errors.push(name, format!("{what} needs a name"));
        } else if let Some(first) = seen.iter().find(|seen| seen.value() == text) {
            errors.push_twice(
                &format!("{what} `{text}` is listed"),
                first,
                name,
                "remove one",
            );
        } else {
            seen.push(name);
        }
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::core_rules as core;

    /// Texts of up to three parts, each of which a rule may stumble over.
    fn texts() -> impl Iterator<Item = String> {
        let parts = [
            "", "a", "Z9", "-", "_", ".", "..", " ", "/", "*", "\u{e4}", "\u{85}", "\u{a0}", "\n",
            "\u{7f}", "{id}", ":", "#", "~",
        ];
        let long = ["x".repeat(255), "x".repeat(256), "x".repeat(257)];
        parts
            .into_iter()
            .flat_map(move |a| parts.into_iter().map(move |b| (a, b)))
            .flat_map(move |(a, b)| parts.into_iter().map(move |c| format!("{a}{b}{c}")))
            .chain(long)
    }

    #[test]
    fn the_rules_for_names_are_those_of_the_runtime() {
        assert_eq!(MAX_EVENT_NAME, core::MAX_EVENT_NAME);
        for text in texts() {
            let ours = portable_event_name(&text).is_ok();
            assert_eq!(ours, core::event_name(&text).is_ok(), "{text:?}");
            let ours = any_event_name(&text).is_ok();
            assert_eq!(
                ours,
                core::any_event_name(&text).is_ok(),
                "any name {text:?}"
            );
            assert_eq!(is_token(&text), core::is_token(&text), "{text:?}");
        }
    }

    #[test]
    fn the_reserved_headers_are_those_of_the_runtime() {
        assert_eq!(RESERVED_HEADERS, core::RESERVED_HEADERS);
        let ignored = ["Accept", "AUTHORIZATION", "content-type"];
        for name in RESERVED_HEADERS
            .into_iter()
            .chain(ignored)
            .chain(["X-Tenant", "accepts"])
        {
            let refused = core::is_reserved_header(name) || core::is_ignored_header(name);
            assert_eq!(header(name).is_err(), refused, "{name}");
        }
    }

    #[test]
    fn the_members_of_an_operation_are_those_of_the_runtime() {
        assert_eq!(OPERATION_MEMBERS, core::OPERATION_MEMBERS);
    }

    #[test]
    fn the_rules_for_statuses_are_those_of_the_runtime() {
        let numbers = (0..700).map(|number| number.to_string());
        let ranges = ["1XX", "2XX", "5XX", "6XX", "2xx", "XXX", "default", ""].map(str::to_owned);
        for status in numbers.chain(ranges) {
            assert_eq!(is_status(&status), core::is_status(&status), "{status}");
            if is_status(&status) {
                let ours = is_bodiless_status(&status);
                assert_eq!(ours, core::is_bodiless_status(&status), "{status}");
            }
        }
    }
}
