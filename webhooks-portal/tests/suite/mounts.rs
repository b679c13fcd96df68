//! Nested, nested twice, behind a proxy that cuts a prefix off: every link, form and asset of every page leads somewhere.

use axum::Router;
use axum::http::{HeaderValue, StatusCode};
use serde_json::json;
use webhooks_sender::SubscriptionRequest;

use crate::browser::{Browser, portal, resolve, send, sender};

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
async fn every_link_holds_wherever_the_portal_is_nested() {
    let sender = sender().await;
    let request = SubscriptionRequest::new("https://example.com/hook").event("*");
    sender
        .of("acct_1")
        .subscribe(request)
        .await
        .expect("subscribed");
    send(&sender, "acct_1", &json!({ "a": 1 })).await;
    let portal = portal(&sender);
    let once = Router::new().nest("/portal", portal.clone());
    let twice = Router::new().nest("/a", Router::new().nest("/b", portal.clone()));
    assert_all_links_hold(&portal, "/").await;
    assert_all_links_hold(&once, "/portal").await;
    assert_all_links_hold(&twice, "/a/b").await;
}

#[tokio::test]
async fn behind_a_proxy_the_way_in_is_the_one_that_the_browser_knows() {
    let sender = sender().await;
    let app = Router::new().nest("/portal", portal(&sender));
    let mut browser = Browser::customer(&app, "acct_1");
    assert_eq!(
        browser.get("/portal").await.header("location"),
        "./portal/subscriptions"
    );
    browser
        .headers
        .insert("x-forwarded-prefix", HeaderValue::from_static("/hooks/"));
    assert_eq!(
        browser.get("/portal").await.header("location"),
        "./hooks/subscriptions"
    );
}

#[tokio::test]
async fn a_path_that_does_not_exist_has_a_page_whose_assets_are_found() {
    let sender = sender().await;
    let app = Router::new().nest("/portal", portal(&sender));
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
