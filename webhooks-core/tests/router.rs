//! How document and page are served.

use std::io::Read;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt;
use tower::ServiceExt;
use webhooks_core::DocsRouter;
use webhooks_core::{Descriptor, Document, OpenApi, Webhooks};

static CREATED: Descriptor = Descriptor::post("payment.created").payload::<String>();

fn document() -> Document {
    let webhooks = Webhooks::new().with(&CREATED).build().expect("a catalogue");
    OpenApi::new("Payments", "1.0.0")
        .webhooks(webhooks)
        .build()
        .expect("a document")
}

async fn request(app: Router, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.oneshot(request.body(Body::empty()).expect("a request"))
        .await
        .expect("a router answers")
}

async fn get(path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
    let (parts, body) = request(document().router(), "GET", path, headers)
        .await
        .into_parts();
    (
        parts.status,
        parts.headers,
        body.collect().await.expect("a body").to_bytes().to_vec(),
    )
}

#[tokio::test]
async fn the_document_is_served_as_it_is_written() {
    let (status, headers, body) = get("/openapi.json", &[]).await;
    assert_eq!(
        (status, &headers[header::CONTENT_TYPE]),
        (StatusCode::OK, &"application/json".parse().unwrap())
    );
    assert_eq!(body, document().to_json_bytes());
}

#[tokio::test]
async fn the_document_is_served_as_yaml_too_and_the_page_links_to_it() {
    let (status, headers, body) = get("/openapi.yaml", &[]).await;
    assert_eq!(
        (status, &headers[header::CONTENT_TYPE]),
        (StatusCode::OK, &"application/yaml".parse().unwrap())
    );
    assert_eq!(body, document().to_yaml().into_bytes());
    let page = String::from_utf8(get("/docs", &[]).await.2).expect("UTF-8");
    assert!(page.contains(r#"href="openapi.yaml""#), "{page}");
}

#[tokio::test]
async fn yaml_can_have_another_path_or_none() {
    let document = document();
    let app: Router = DocsRouter::new(&document)
        .yaml_path("/spec/api.yaml")
        .into_router();
    assert_eq!(
        request(app, "GET", "/spec/api.yaml", &[]).await.status(),
        StatusCode::OK
    );
    let app: Router = DocsRouter::new(&document).without_yaml().into_router();
    assert_eq!(
        request(app.clone(), "GET", "/openapi.yaml", &[])
            .await
            .status(),
        StatusCode::NOT_FOUND
    );
    let page = request(app, "GET", "/docs", &[])
        .await
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    assert!(
        !String::from_utf8(page.to_vec())
            .expect("UTF-8")
            .contains("YAML")
    );
}

#[tokio::test]
async fn a_known_etag_is_answered_304_without_a_body() {
    let (_, headers, _) = get("/openapi.json", &[]).await;
    let etag = headers[header::ETAG].to_str().expect("ascii").to_owned();
    let (status, headers, body) = get("/openapi.json", &[("if-none-match", &etag)]).await;
    assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(headers[header::ETAG], *etag);
}

#[tokio::test]
async fn gzip_has_an_etag_of_its_own_and_unpacks_to_the_document() {
    let (_, plain, _) = get("/openapi.json", &[]).await;
    let (_, headers, body) = get("/openapi.json", &[("accept-encoding", "br, gzip")]).await;
    assert_eq!(headers[header::CONTENT_ENCODING], "gzip");
    assert_ne!(headers[header::ETAG], plain[header::ETAG]);
    assert_eq!(headers[header::VARY], "accept-encoding");
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&body[..])
        .read_to_end(&mut unpacked)
        .expect("gzip");
    assert_eq!(unpacked, document().to_json_bytes());
}

#[tokio::test]
async fn head_says_the_length_and_other_methods_are_refused() {
    let response = request(document().router(), "HEAD", "/openapi.json", &[]).await;
    let length = response.headers()[header::CONTENT_LENGTH]
        .to_str()
        .expect("ascii")
        .to_owned();
    assert_eq!(length, document().to_json_bytes().len().to_string());
    let response = request(document().router(), "POST", "/openapi.json", &[]).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_page_may_load_nothing_but_its_own_style_and_filter() {
    let (status, headers, body) = get("/docs", &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .expect("ascii")
            .starts_with("default-src 'none'")
    );
    let html = String::from_utf8(body).expect("UTF-8");
    assert!(
        html.contains("payment.created") && html.contains(r#"href="docs/style.css""#),
        "{html}"
    );
    for asset in ["/docs/style.css", "/docs/page.js"] {
        assert_eq!(get(asset, &[]).await.0, StatusCode::OK, "{asset}");
    }
}

#[tokio::test]
async fn a_nested_router_behind_other_paths_still_finds_its_document() {
    let document = document();
    let docs = DocsRouter::new(&document)
        .json_path("/spec/api.json")
        .page_path("/help/webhooks");
    let app: Router = Router::new().nest("/api", docs.into_router());
    let response = request(app.clone(), "GET", "/api/help/webhooks", &[]).await;
    let html = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    let html = String::from_utf8(html.to_vec()).expect("UTF-8");
    assert!(
        html.contains(r#"href="../spec/api.json""#)
            && html.contains(r#"href="webhooks/style.css""#)
    );
    for path in ["/api/spec/api.json", "/api/help/webhooks/style.css"] {
        assert_eq!(
            request(app.clone(), "GET", path, &[]).await.status(),
            StatusCode::OK,
            "{path}"
        );
    }
}

#[tokio::test]
async fn webhooks_are_never_routes() {
    for path in ["/payment.created", "/webhooks/payment.created"] {
        assert_eq!(
            request(document().router(), "POST", path, &[])
                .await
                .status(),
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn a_router_with_state_takes_it() {
    #[derive(Clone)]
    struct App;

    let app: Router = Router::<App>::new()
        .merge(document().router())
        .with_state(App);
    assert_eq!(
        request(app, "GET", "/openapi.json", &[]).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn without_a_page_only_the_document_is_served() {
    let document = document();
    let app: Router = DocsRouter::new(&document).without_page().into_router();
    assert_eq!(
        request(app.clone(), "GET", "/docs", &[]).await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        request(app, "GET", "/openapi.json", &[]).await.status(),
        StatusCode::OK
    );
}

async fn text(response: Response) -> String {
    let body = response.into_body().collect().await.expect("a body");
    String::from_utf8(body.to_bytes().to_vec()).expect("UTF-8")
}

/// A document with this many webhooks.
fn many(count: usize) -> Document {
    let webhooks: serde_json::Map<String, serde_json::Value> = (0..count)
        .map(|n| {
            (
                format!("orders/event{n}"),
                serde_json::json!({"post": {"summary": "It happened"}}),
            )
        })
        .collect();
    OpenApi::new("Many", "1.0.0")
        .merge(serde_json::json!({"openapi": "3.1.0", "webhooks": webhooks}))
        .build()
        .expect("a document")
}

#[tokio::test]
async fn above_a_hundred_webhooks_each_has_a_page_below_the_index() {
    let document = many(101);
    let docs = DocsRouter::new(&document).page_path("/help/docs");
    let app: Router = Router::new().nest("/api", docs.into_router());
    let index = text(request(app.clone(), "GET", "/api/help/docs", &[]).await).await;
    assert!(index.contains(r#"href="docs/webhooks/orders%2Fevent7""#));
    let page = request(
        app.clone(),
        "GET",
        "/api/help/docs/webhooks/orders%2Fevent7",
        &[],
    )
    .await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.headers().contains_key(header::CONTENT_SECURITY_POLICY));
    let page = text(page).await;
    assert!(page.contains(r#"href="../../docs""#) && page.contains(r#"href="../style.css""#));
    for path in [
        "/api/help/docs/webhooks/nothing",
        "/api/help/docs/webhooks/",
    ] {
        let missing = request(app.clone(), "GET", path, &[]).await;
        assert_eq!(missing.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_further_link_leads_to_a_path_of_the_same_router() {
    let document = document();
    let docs = DocsRouter::new(&document)
        .page_path("/help/docs")
        .link("Swagger UI", "/swagger");
    let html = text(request(docs.into_router(), "GET", "/help/docs", &[]).await).await;
    assert!(
        html.contains(r#"<a href="../swagger">Swagger UI</a>"#),
        "{html}"
    );
}
