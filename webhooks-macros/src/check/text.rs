//! The rules for texts that end up in a document or a request: names, statuses, content types.

use syn::LitStr;

use crate::args::Text;
use crate::errors::Errors;
use crate::model::Format;

/// The longest event name, in bytes.
const MAX_EVENT_NAME: usize = 256;

/// The naming rule of events; the runtime checks constants by the same rule.
pub(super) fn event_name(name: &str) -> Result<(), &'static str> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if name.is_empty() {
        Err("an event name cannot be empty; write one such as `payment.created`")
    } else if name.len() > MAX_EVENT_NAME {
        Err("an event name has at most 256 bytes")
    } else if name.starts_with('.') || name.ends_with('.') {
        Err("an event name neither begins nor ends with a dot")
    } else if !name.chars().all(allowed) {
        Err("an event name has only letters, digits, `.`, `-` and `_`, as in `payment.created`")
    } else if name.contains("..") {
        Err("an event name has no two dots in a row")
    } else {
        Ok(())
    }
}

/// Headers of the connection, of the body's framing, of tracing and of Standard Webhooks; the runtime crate has the same, and
/// `cookie`, which has its own text below.
const SENDERS: [&str; 20] = [
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
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
        lower if SENDERS.contains(&lower) => Err(
            "this header is written by whoever sends the request; choose another name, as in `X-Tenant`",
        ),
        _ if is_token(name) => Ok(()),
        _ => Err("the name of a header has only letters, digits and `-`, as in `X-Tenant`"),
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

/// Says that a text is empty, where that can be seen.
pub(super) fn not_empty(key: &str, text: Option<&Text>, errors: &mut Errors) {
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
    errors: &mut Errors,
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
