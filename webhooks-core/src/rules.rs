//! The rules for names that a declaration gives: events, headers, cookies, statuses.
//!
//! The attributes check the same rules where they are written. They cannot import a runtime crate, so they have a copy;
//! their tests include this file and hold the copy against it. It therefore uses nothing but the standard library.

/// The longest event name, in bytes. Other webhook services and catalogues accept no more than this.
pub const MAX_EVENT_NAME: usize = 256;

/// The naming rule of events.
pub(crate) const fn event_name(name: &str) -> Result<(), &'static str> {
    let bytes = name.as_bytes();
    if bytes.is_empty() {
        return Err("an event name cannot be empty");
    }
    if bytes.len() > MAX_EVENT_NAME {
        return Err("an event name has at most 256 bytes");
    }
    if bytes[0] == b'.' || bytes[bytes.len() - 1] == b'.' {
        return Err("an event name neither begins nor ends with a dot");
    }
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'.' if bytes[i - 1] == b'.' => return Err("an event name has no two dots in a row"),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {}
            _ => {
                return Err(
                    "an event name has only letters, digits, `.`, `-` and `_`, as in `payment.created`",
                );
            }
        }
        i += 1;
    }
    Ok(())
}

/// The rule for the event names of an existing API, whose author cannot choose others: any text that a JSON string,
/// a configuration file and a log line can hold without being misread.
pub(crate) const fn any_event_name(name: &str) -> Result<(), &'static str> {
    let bytes = name.as_bytes();
    if bytes.is_empty() {
        return Err("an event name cannot be empty");
    }
    if bytes.len() > MAX_EVENT_NAME {
        return Err("an event name has at most 256 bytes");
    }
    if bytes[0] == b' ' || bytes[bytes.len() - 1] == b' ' {
        return Err("an event name neither begins nor ends with a space");
    }
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            0..=31 | 127 => return Err("an event name has no control characters"),
            // C1 controls (U+0080 to U+009F) are 0xC2 0x80 to 0xC2 0x9F in UTF-8.
            0xc2 if bytes[i + 1] < 0xa0 => return Err("an event name has no control characters"),
            b'*' => {
                return Err("an event name has no `*`, which stands for all events in patterns");
            }
            _ => {}
        }
        i += 1;
    }
    Ok(())
}

/// Headers of the connection, of the body's framing, of tracing and of Standard Webhooks: the sender writes them, so no
/// webhook declares them as its own.
///
/// RFC 9110, section 7; RFC 9112, section 6; W3C Trace Context; Standard Webhooks, "Webhook headers".
pub const RESERVED_HEADERS: [&str; 21] = [
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

/// Whether a header is one of [`RESERVED_HEADERS`], in any case.
pub const fn is_reserved_header(name: &str) -> bool {
    let mut i = 0;
    while i < RESERVED_HEADERS.len() {
        if is_same_header(name, RESERVED_HEADERS[i]) {
            return true;
        }
        i += 1;
    }
    false
}

/// Whether OpenAPI ignores a header parameter of this name: it has other places for what it says (3.1, section 4.8.12.2).
pub(crate) const fn is_ignored_header(name: &str) -> bool {
    is_same_header(name, "accept")
        || is_same_header(name, "authorization")
        || is_same_header(name, "content-type")
}

/// Compares the names of headers, the second in lower case.
const fn is_same_header(name: &str, lower: &str) -> bool {
    let (name, lower) = (name.as_bytes(), lower.as_bytes());
    let mut i = 0;
    while i < name.len() && i < lower.len() && name[i].to_ascii_lowercase() == lower[i] {
        i += 1;
    }
    i == name.len() && i == lower.len()
}

/// Whether a text is a token: what the names of headers (RFC 9110, section 5.6.2) and cookies (RFC 6265, section 4.1.1)
/// are.
pub(crate) const fn is_token(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        let allowed = matches!(bytes[i],
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*'
            | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~');
        if !allowed {
            return false;
        }
        i += 1;
    }
    !bytes.is_empty()
}

/// Whether a text is a status or a range of them, as the key of a response (OpenAPI 3.1, section 4.8.16).
pub(crate) const fn is_status(status: &str) -> bool {
    matches!(
        status.as_bytes(),
        [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] | [b'1'..=b'5', b'X', b'X']
    )
}

/// Whether a response of this status has no body: RFC 9110, sections 15.2, 15.3.5, 15.3.6 and 15.4.5.
pub(crate) const fn is_bodiless_status(status: &str) -> bool {
    matches!(
        status.as_bytes(),
        [b'1', _, _] | [b'2', b'0', b'4' | b'5'] | [b'3', b'0', b'4']
    )
}

/// The members of an operation that a descriptor says in another way.
pub(crate) const OPERATION_MEMBERS: [&str; 11] = [
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

/// Whether a member of an operation is one of [`OPERATION_MEMBERS`].
pub(crate) const fn is_operation_member(name: &str) -> bool {
    let mut i = 0;
    while i < OPERATION_MEMBERS.len() {
        if is_same(name, OPERATION_MEMBERS[i]) {
            return true;
        }
        i += 1;
    }
    false
}

const fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}
