//! Lists: a page of items with an opaque cursor, in the body and as a `Link` header (RFC 8288).

use axum::response::Response;
use http::{HeaderValue, Uri, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_sender::query::Page;

use crate::request::json;

/// A page of a list.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PageOf{T}")]
pub(crate) struct List<T> {
    /// The items. With filters a page may be short, or even empty, although more follow.
    pub(crate) data: Vec<T>,
    /// Pass it as `cursor` for the next page; `null` on the last one.
    pub(crate) next: Option<String>,
}

/// The answer with a page. Its link to the next one is relative, so it holds behind a proxy that cuts a path prefix off.
pub(crate) fn list<T: Serialize>(page: Page<T>, uri: &Uri) -> Response {
    let next = page.next.as_ref().map(ToString::to_string);
    let response = json(&List {
        data: page.items,
        next: next.clone(),
    });
    linked(response, next.as_deref(), uri)
}

/// The same without anything around the items.
pub(crate) fn bare<T: Serialize>(page: &Page<T>, uri: &Uri) -> Response {
    let next = page.next.as_ref().map(ToString::to_string);
    linked(json(&page.items), next.as_deref(), uri)
}

fn linked(mut response: Response, next: Option<&str>, uri: &Uri) -> Response {
    let link = next.map(|cursor| link(uri, cursor));
    if let Some(value) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        response.headers_mut().insert(header::LINK, value);
    }
    response
}

/// The same query with another cursor. A reference of a query alone keeps the path (RFC 3986, section 5.3).
fn link(uri: &Uri, cursor: &str) -> String {
    let others = uri.query().unwrap_or_default().split('&');
    let others = others.filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let mut query: Vec<&str> = others.collect();
    let cursor = format!("cursor={cursor}");
    query.push(&cursor);
    format!("<?{}>; rel=\"next\"", query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_keeps_the_filters_and_replaces_the_cursor() {
        let uri: Uri = "/a/subscriptions?state=active&cursor=s.1&limit=2"
            .parse()
            .expect("a URI");
        assert_eq!(
            link(&uri, "s.2"),
            "<?state=active&limit=2&cursor=s.2>; rel=\"next\""
        );
        let plain: Uri = "/subscriptions".parse().expect("a URI");
        assert_eq!(link(&plain, "s.2"), "<?cursor=s.2>; rel=\"next\"");
    }
}
