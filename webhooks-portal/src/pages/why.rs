//! Why an attempt failed, in words: what was found, and what the people behind the target can do about it.

use maud::{Markup, html};

use crate::text::{self, Text, fetching};
use crate::visit::Visit;

/// What an outcome means, and what to do; nothing for a success.
pub(super) fn why(status: Option<u16>, error: Option<&str>) -> Option<(Text, Text)> {
    match (status, error) {
        (Some(200..=299), _) | (None, None) => None,
        (Some(status), _) => Some(of_status(status)),
        (None, Some(error)) => Some(of_error(error)),
    }
}

fn of_status(status: u16) -> (Text, Text) {
    match status {
        300..=399 => (text::WHY_REDIRECT, text::DO_REDIRECT),
        401 | 403 => (text::WHY_REFUSED, text::DO_REFUSED),
        404 | 405 => (text::WHY_NOT_FOUND, text::DO_NOT_FOUND),
        410 => (text::WHY_GONE, text::DO_GONE),
        413 => (text::WHY_LARGE, text::DO_LARGE),
        429 => (text::WHY_BUSY, text::DO_BUSY),
        400..=499 => (text::WHY_REJECTED, text::DO_REJECTED),
        502..=504 => (text::WHY_GATEWAY, text::DO_GATEWAY),
        500..=599 => (text::WHY_SERVER, text::DO_SERVER),
        _ => (text::WHY_ODD, text::DO_ODD),
    }
}

fn of_error(error: &str) -> (Text, Text) {
    match error {
        "timeout" => (text::WHY_TIMEOUT, text::DO_TIMEOUT),
        "host" => (text::WHY_HOST, text::DO_HOST),
        "connect" => (text::WHY_CONNECT, text::DO_CONNECT),
        "tls" => (text::WHY_TLS, text::DO_TLS),
        "exchange" => (text::WHY_EXCHANGE, text::DO_EXCHANGE),
        "unfetched" => (fetching::WHY_UNFETCHED, fetching::DO_UNFETCHED),
        _ => (text::WHY_REQUEST, text::DO_REQUEST),
    }
}

/// The outcome as two sentences; nothing for a success.
pub(super) fn explain(v: &Visit, status: Option<u16>, error: Option<&str>) -> Markup {
    let Some((found, advice)) = why(status, error) else {
        return Markup::default();
    };
    let status = status.map(|status| status.to_string()).unwrap_or_default();
    html! {
        p.why { strong { (v.fill(found, [&status])) } " " (v.say(advice)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_is_explained_and_a_success_is_not() {
        for status in 100..=999 {
            assert_eq!(
                why(Some(status), None).is_none(),
                (200..300).contains(&status),
                "{status}"
            );
        }
        for error in [
            "timeout",
            "host",
            "connect",
            "tls",
            "exchange",
            "request",
            "unfetched",
            "one of later",
        ] {
            assert!(why(None, Some(error)).is_some(), "{error}");
        }
        assert!(why(None, None).is_none());
    }
}
