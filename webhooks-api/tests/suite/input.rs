//! What cannot be understood: each answer is a problem document that says what to do.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::client::{Caller, Service};

#[tokio::test]
async fn bodies_that_do_not_fit_are_refused_with_a_pointer() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let good = r#""target": "https://example.com/hook", "events": ["*"]"#;
    for (body, pointer) in [
        ("", ""),
        ("{", ""),
        ("[]", ""),
        ("null", ""),
        (r#"{"target": 1, "events": []}"#, "/target"),
        (
            r#"{"target": "https://a.example.com/", "events": [1]}"#,
            "/events/0",
        ),
        (&format!("{{{good}, \"owner\": \"acct_2\"}}"), "/owner"),
        (
            &format!("{{{good}, \"dialect\": \"unsigned\"}}"),
            "/dialect",
        ),
        (
            &format!("{{{good}, \"labels\": {{\"a/b~\": 1}}}}"),
            "/labels/a~1b~0",
        ),
        (&format!("{{{good}, {good}}}"), "/target"),
        (&format!("{{{good}}} trailing"), ""),
    ] {
        let request = Service::request(&customer, &Method::POST, "/subscriptions")
            .body(Body::from(body.to_owned()));
        let answer = service.send(request.expect("a request")).await;
        assert_eq!(
            (answer.status, answer.problem()),
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid-body"),
            "{body}"
        );
        assert_eq!(
            answer.body["errors"][0]["pointer"], pointer,
            "{body}: {answer:?}"
        );
    }
    for (body, what) in [
        (
            json!({ "target": "http://example.com", "events": ["*"] }),
            "https",
        ),
        (
            json!({ "target": "https://10.0.0.1/", "events": ["*"] }),
            "public internet",
        ),
        (
            json!({ "target": "https://example.com", "events": ["paymnet.created"] }),
            "payment.created",
        ),
        (
            json!({ "target": "https://example.com", "events": [] }),
            "event",
        ),
    ] {
        let answer = service
            .post(&customer, "/subscriptions", body.clone())
            .await;
        assert_eq!(
            answer.problem(),
            "invalid-subscription",
            "{body}: {answer:?}"
        );
        assert!(
            answer.body["detail"]
                .as_str()
                .expect("a text")
                .contains(what),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn other_media_types_large_bodies_and_odd_headers_are_refused() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let post = || Service::request(&customer, &Method::POST, "/subscriptions");
    let form = post()
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("a=b"));
    let form = service.send(form.expect("a request")).await;
    assert_eq!(
        (form.status, form.problem()),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type")
    );
    let large = post().body(Body::from(vec![b' '; 2 << 20]));
    let large = service.send(large.expect("a request")).await;
    assert_eq!(
        (large.status, large.problem()),
        (StatusCode::PAYLOAD_TOO_LARGE, "too-large")
    );
}

#[tokio::test]
async fn unknown_parameters_paths_and_methods_are_problems_too() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let id = service.subscribe(&customer).await;
    for (path, problem) in [
        ("/subscriptions?stat=active", "invalid-query"),
        ("/subscriptions?state=sleeping", "invalid-query"),
        ("/subscriptions?limit=0", "invalid-query"),
        ("/subscriptions?limit=251", "invalid-query"),
        ("/subscriptions?limit=many", "invalid-query"),
        ("/subscriptions?label=plan", "invalid-query"),
        ("/subscriptions?cursor=%00", "invalid-cursor"),
        ("/messages?since=yesterday", "invalid-query"),
        ("/deliveries?subscription=x", "invalid-query"),
        (
            &format!("/subscriptions/{id}?include=secret"),
            "invalid-query",
        ),
        ("/nothing", "not-found"),
        ("/subscriptions/a/b/c/d", "not-found"),
    ] {
        let answer = service.get(&customer, path).await;
        assert_eq!(answer.problem(), problem, "{path}: {answer:?}");
        assert!(!answer.body["detail"].as_str().expect("a text").is_empty());
    }
    let put = service
        .call(&customer, Method::PUT, "/subscriptions", Some(json!({})))
        .await;
    assert_eq!(
        (put.status, put.problem()),
        (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")
    );
    assert_eq!(put.header("allow"), "GET, POST, OPTIONS");
}

/// The `type` is relative to the request's path, so it holds wherever the API is mounted.
#[tokio::test]
async fn the_type_of_a_problem_leads_to_a_page_that_explains_it() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    for path in [
        "/subscriptions?limit=0",
        "/subscriptions/x",
        "/subscriptions/x/attempts",
        "/nothing/at/all",
    ] {
        let problem = service.get(&customer, path).await;
        let kind = problem.body["type"].as_str().expect("a type");
        let mut segments: Vec<&str> = path
            .split('?')
            .next()
            .expect("a path")
            .split('/')
            .skip(1)
            .collect();
        segments.pop();
        for part in kind.split('/') {
            match part {
                ".." => _ = segments.pop().expect("it stays below the API"),
                part => segments.push(part),
            }
        }
        let page = service
            .get(&customer, &format!("/{}", segments.join("/")))
            .await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {kind}");
        assert!(
            page.body
                .as_str()
                .expect("a text")
                .contains(problem.problem())
        );
    }
}
