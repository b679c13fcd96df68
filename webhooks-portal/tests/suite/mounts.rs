//! Mounted, nested twice, behind a proxy that cuts a prefix off: every link, form and asset of every page leads somewhere,
//! also from an address with a slash at its end.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode};
use axum::response::IntoResponse as _;
use serde_json::json;
use tower::ServiceExt as _;

use crate::browser::{Browser, portal, portal_at, resolve, send, sender, subscribed};

/// The relative addresses of a page: links, forms, assets.
fn addresses(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for attribute in ["href=\"", "src=\"", "action=\""] {
        for (place, _) in text.match_indices(attribute) {
            let rest = &text[place + attribute.len()..];
            let address = rest
                .split('"')
                .next()
                .expect("a quote")
                .replace("&amp;", "&");
            if !address.starts_with(['#', '/']) && !address.contains("://") {
                found.push(address);
            }
        }
    }
    found
}

async fn assert_all_links_hold(app: &Router, prefix: &str) {
    let mut browser = Browser::customer(app, "acct_1");
    let home = browser.get(prefix).await;
    let first = browser.follow(home).await;
    assert_eq!(first.status, StatusCode::OK, "{prefix}");
    let (mut waiting, mut seen) = (vec![first.path.clone()], std::collections::BTreeSet::new());
    while let Some(path) = waiting.pop() {
        if !seen.insert(path.clone()) || seen.len() > 60 {
            continue;
        }
        let page = browser.get(&path).await;
        // The address of a form answers to a form alone.
        assert!(
            page.status == StatusCode::OK
                || page.status == StatusCode::SEE_OTHER
                || page.status == StatusCode::METHOD_NOT_ALLOWED,
            "{path}: {}",
            page.status
        );
        if page.header("content-type").starts_with("text/html") {
            waiting.extend(
                addresses(page.text())
                    .iter()
                    .map(|address| resolve(&path, address)),
            );
        }
    }
    assert!(
        seen.iter().all(|path| path.starts_with(prefix)),
        "{prefix}: {seen:?}"
    );
    for expected in [
        "/assets/portal.css",
        "/subscriptions/new",
        "/events/payment.created",
    ] {
        assert!(
            seen.iter().any(|path| path.ends_with(expected)),
            "{prefix}: {expected} in {seen:?}"
        );
    }
}

#[tokio::test]
async fn every_link_holds_wherever_the_portal_is_mounted() {
    let sender = sender().await;
    subscribed(&sender).await;
    send(&sender, "acct_1", &json!({ "a": 1 })).await;
    let once = Router::new().merge(portal_at(&sender, "/portal"));
    let deep = Router::new().merge(portal_at(&sender, "/a/b/"));
    let twice = Router::new().nest(
        "/a",
        Router::new().nest("/b", portal_at(&sender, "/portal")),
    );
    assert_all_links_hold(&portal(&sender), "/").await;
    for (app, prefix) in [(&once, "/portal"), (&deep, "/a/b"), (&twice, "/a/b/portal")] {
        assert_all_links_hold(app, prefix).await;
        assert_all_links_hold(app, &format!("{prefix}/")).await;
    }
}

/// A proxy that cuts a prefix off what it passes on, and says which.
fn stripped(app: &Router, prefix: &'static str) -> Router {
    let app = app.clone();
    Router::new().fallback(move |mut request: Request| {
        let app = app.clone();
        async move {
            let uri = request.uri().to_string();
            let Some(rest) = uri.strip_prefix(prefix) else {
                return StatusCode::BAD_GATEWAY.into_response();
            };
            // What is left begins with a slash in any case, as with the proxies that people use.
            let rest = format!("/{}", rest.trim_start_matches('/'));
            *request.uri_mut() = rest.parse().expect("a path");
            let prefix = HeaderValue::from_static(prefix);
            request.headers_mut().insert("x-forwarded-prefix", prefix);
            app.oneshot(request).await.into_response()
        }
    })
}

#[tokio::test]
async fn every_link_holds_behind_a_proxy_that_cuts_a_prefix_off() {
    let sender = sender().await;
    subscribed(&sender).await;
    for (mounted, seen) in [("/", "/hooks"), ("/portal", "/hooks/portal")] {
        let proxy = stripped(&portal_at(&sender, mounted), "/hooks");
        assert_all_links_hold(&proxy, seen).await;
        assert_all_links_hold(&proxy, &format!("{seen}/")).await;
    }
}

#[tokio::test]
#[should_panic(expected = "`portal` is not a path")]
async fn a_path_without_a_slash_at_its_beginning_is_refused() {
    let sender = sender().await;
    let _ = portal_at(&sender, "portal");
}

#[tokio::test]
async fn a_path_that_does_not_exist_has_a_page_whose_assets_are_found() {
    let sender = sender().await;
    let app = portal_at(&sender, "/portal");
    let mut browser = Browser::customer(&app, "acct_1");
    for path in [
        "/portal/nothing",
        "/portal/no/such/page",
        "/portal/assets/other.css",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        let style = resolve(path, page.after("stylesheet\" href=\""));
        assert_eq!(
            browser.get(&style).await.status,
            StatusCode::OK,
            "{path}: {style}"
        );
    }
}

#[tokio::test]
async fn a_german_browser_reads_german() {
    let sender = sender().await;
    let app = portal(&sender);
    let mut browser = Browser::customer(&app, "acct_1");
    browser.headers.insert(
        "accept-language",
        HeaderValue::from_static("de-DE,de;q=0.9,en;q=0.5"),
    );
    let page = browser.get("/subscriptions").await;
    assert!(page.text().contains("lang=\"de\"") && page.text().contains("Noch keine Abonnements"));
}
