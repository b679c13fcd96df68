//! What the routes answer.

use std::io::Read;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use flate2::read::GzDecoder;
use http_body_util::BodyExt;
use tower::ServiceExt;
use webhooks_swagger_ui::{SWAGGER_UI_VERSION, SwaggerUi};

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("ascii"))
    }

    fn text(self) -> String {
        String::from_utf8(self.body).expect("UTF-8")
    }
}

async fn request(app: Router, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    let (parts, body) = app
        .oneshot(request)
        .await
        .expect("a router answers")
        .into_parts();
    let body = body.collect().await.expect("a body").to_bytes().to_vec();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

async fn get(path: &str, headers: &[(&str, &str)]) -> Answer {
    request(SwaggerUi::new().into_router(), "GET", path, headers).await
}

fn below(name: &str) -> String {
    format!("/swagger/{SWAGGER_UI_VERSION}/{name}")
}

/// The links of a page, in their order.
fn links(html: &str) -> Vec<String> {
    let parts = html.split(['"']).collect::<Vec<_>>();
    let named = parts
        .windows(2)
        .filter(|pair| pair[0].ends_with("src=") || pair[0].ends_with("href="));
    named
        .map(|pair| pair[1].to_owned())
        .filter(|link| !link.starts_with("data:"))
        .collect()
}

#[tokio::test]
async fn every_file_that_the_page_names_is_served() {
    let html = get("/swagger", &[]).await.text();
    let links = links(&html);
    assert_eq!(links.len(), 4, "{links:?}");
    for link in links.iter().filter(|link| *link != "openapi.json") {
        assert_eq!(
            get(&format!("/{link}"), &[]).await.status,
            StatusCode::OK,
            "{link}"
        );
    }
}

#[tokio::test]
async fn the_page_may_load_from_its_own_host_only() {
    let page = get("/swagger", &[]).await;
    let policy = page.header(header::CONTENT_SECURITY_POLICY);
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    for lax in ["unsafe", "*", "http:", "https:"] {
        assert!(!policy.contains(lax), "{policy}");
    }
    assert_eq!(page.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    let html = page.text();
    assert!(!html.contains("//"), "no address of another host: {html}");
}

#[tokio::test]
async fn gzip_is_sent_as_it_lies_in_the_binary_and_unpacks_to_the_plain_file() {
    for name in ["swagger-ui-bundle.js", "swagger-ui.css"] {
        let plain = get(&below(name), &[]).await;
        let packed = get(&below(name), &[("accept-encoding", "br, gzip")]).await;
        assert_eq!(packed.header(header::CONTENT_ENCODING), "gzip");
        assert_eq!(plain.header(header::CONTENT_ENCODING), "");
        assert_ne!(packed.header(header::ETAG), plain.header(header::ETAG));
        assert_eq!(packed.header(header::VARY), "accept-encoding");
        assert!(packed.body.len() * 3 < plain.body.len());
        let mut unpacked = Vec::new();
        GzDecoder::new(&packed.body[..])
            .read_to_end(&mut unpacked)
            .expect("gzip");
        assert!(unpacked == plain.body, "{name}");
    }
}

#[tokio::test]
async fn a_client_that_refuses_gzip_gets_the_plain_file() {
    let answer = get(
        &below("swagger-ui.css"),
        &[("accept-encoding", "identity, gzip;q=0")],
    )
    .await;
    assert_eq!(answer.header(header::CONTENT_ENCODING), "");
    assert!(answer.text().contains(".swagger-ui"));
}

#[tokio::test]
async fn a_known_etag_is_answered_304_without_a_body() {
    for path in [
        "/swagger".to_owned(),
        "/swagger/start.js".to_owned(),
        below("swagger-ui-bundle.js"),
    ] {
        let first = get(&path, &[]).await;
        let again = get(&path, &[("if-none-match", first.header(header::ETAG))]).await;
        assert_eq!(
            (again.status, again.body.len()),
            (StatusCode::NOT_MODIFIED, 0),
            "{path}"
        );
    }
}

#[tokio::test]
async fn files_with_the_version_in_their_path_are_kept_for_good_and_the_others_are_asked_for() {
    let bundle = get(
        &below("swagger-ui-bundle.js"),
        &[("accept-encoding", "gzip")],
    )
    .await;
    assert!(bundle.header(header::CACHE_CONTROL).ends_with("immutable"));
    for path in ["/swagger", "/swagger/start.js"] {
        assert_eq!(
            get(path, &[]).await.header(header::CACHE_CONTROL),
            "no-cache"
        );
    }
}

#[tokio::test]
async fn a_nested_router_still_finds_document_and_files() {
    let swagger = SwaggerUi::new()
        .document("/spec/api.json")
        .path("/help/swagger")
        .title("Payments");
    let app: Router = Router::new().nest("/api", swagger.into_router());
    let html = request(app.clone(), "GET", "/api/help/swagger", &[])
        .await
        .text();
    assert!(
        html.contains(r#"data-document="../spec/api.json""#)
            && html.contains("<title>Payments</title>")
    );
    for link in links(&html).iter().filter(|link| !link.contains("json")) {
        let path = format!("/api/help/{link}");
        assert_eq!(
            request(app.clone(), "GET", &path, &[]).await.status,
            StatusCode::OK,
            "{path}"
        );
    }
}

#[tokio::test]
async fn it_can_be_the_root_of_a_router() {
    let app: Router = SwaggerUi::new().path("/").into_router();
    let html = request(app.clone(), "GET", "/", &[]).await.text();
    for link in links(&html).iter().filter(|link| !link.contains("json")) {
        let answer = request(app.clone(), "GET", &format!("/{link}"), &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{link}");
    }
}

#[tokio::test]
async fn head_says_the_length_and_other_methods_are_refused() {
    let app: Router = SwaggerUi::new().into_router();
    let head = request(app.clone(), "HEAD", "/swagger", &[]).await;
    let page = request(app.clone(), "GET", "/swagger", &[]).await;
    assert_eq!(
        head.header(header::CONTENT_LENGTH),
        page.body.len().to_string()
    );
    assert_eq!(
        request(app, "POST", "/swagger", &[]).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn a_router_with_state_takes_it() {
    #[derive(Clone)]
    struct App;

    let app: Router = Router::<App>::new()
        .merge(SwaggerUi::new().into_router())
        .with_state(App);
    assert_eq!(
        request(app, "GET", "/swagger", &[]).await.status,
        StatusCode::OK
    );
}

#[test]
#[should_panic(expected = "must begin with `/`")]
fn a_document_elsewhere_is_refused() {
    let _: Router = SwaggerUi::new()
        .document("https://example.com/openapi.json")
        .into_router();
}
