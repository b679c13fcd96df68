//! Parameters of the request's URL.

use axum::http::request::Parts;

/// The value of a parameter, decoded. None where it is missing or comes twice.
pub(super) fn parameter(parts: &Parts, name: &str) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(parts.uri.query()?).ok()?;
    let mut values = pairs
        .into_iter()
        .filter(|(found, _)| found == name)
        .map(|(_, value)| value);
    let first = values.next()?;
    values.next().is_none().then_some(first)
}
