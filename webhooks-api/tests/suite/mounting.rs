//! Where the API stands: below a path, with and without a slash at its end, and below another router.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt as _;
use url::Url;
use webhooks_api::{Ability, Access, Api};

use crate::client::Service;

async fn access() -> Result<Access, StatusCode> {
    Ok(Access::owner("acct_1").allow(Ability::CUSTOMER))
}

/// Status, media type and body.
async fn answer(app: &Router, path: &str) -> (StatusCode, String, Vec<u8>) {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let answer = app.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = answer.into_parts();
    let media_type = parts.headers.get(header::CONTENT_TYPE);
    let media_type = media_type.map_or("", |value| value.to_str().expect("text"));
    let body = to_bytes(body, 1 << 20).await.expect("a body");
    (parts.status, media_type.to_owned(), body.into())
}

#[tokio::test]
async fn every_address_below_the_api_answers_and_a_problem_leads_to_its_page() {
    let service = Service::start().await;
    let at = |path: &str| Api::new(&service.sender, access).at::<(), _>(path);
    for (prefix, app) in [
        ("/webhooks", at("/webhooks")),
        ("/webhooks", at("/webhooks/")),
        ("/api/webhooks", Router::new().nest("/api", at("/webhooks"))),
        ("/a/b", at("/a/b")),
        ("", at("/")),
    ] {
        let (status, ..) = answer(&app, &format!("{prefix}/subscriptions")).await;
        assert_eq!(status, StatusCode::OK, "{prefix}");
        for path in [
            "",
            "/",
            "/nope",
            "/nope/",
            "/nope/deep/er",
            "/subscriptions/",
        ] {
            let path = format!("{prefix}{path}");
            let path = if path.is_empty() { "/" } else { &path };
            let (status, media_type, body) = answer(&app, path).await;
            assert_eq!(
                (status, media_type.as_str()),
                (StatusCode::NOT_FOUND, "application/problem+json"),
                "{path}"
            );
            let problem: Value = serde_json::from_slice(&body).expect("JSON");
            let base = Url::parse(&format!("https://example.com{path}")).expect("a URL");
            let page = base.join(problem["type"].as_str().expect("a type"));
            let page = page.expect("a reference");
            assert_eq!(page.path(), format!("{prefix}/errors/not-found"), "{path}");
            let (status, ..) = answer(&app, page.path()).await;
            assert_eq!(status, StatusCode::OK, "{page}");
        }
    }
}

#[tokio::test]
#[should_panic(expected = "`webhooks` is not a path; write it as in `/webhooks`")]
async fn a_path_without_a_slash_is_a_mistake_that_is_named() {
    let service = Service::start().await;
    let _ = Api::new(&service.sender, access).at::<(), _>("webhooks");
}
