//! Bodies that no operation takes.

use axum::body::Body;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{everything, named, problem, state};
use crate::client::{Answer, Caller, Service};
use crate::operations::{Row, rows};
use crate::tenants::{filled, filled_body};

async fn raw(service: &Service, row: &Row, path: &str, media_type: &str, body: Body) -> Answer {
    let request = Service::request(&Caller::operator(), &row.method, &named(row, path));
    let request = request.header("content-type", media_type).body(body);
    service.send(request.expect("a request")).await
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_refused_by_every_operation_that_takes_one() {
    let (service, _, ids) = everything().await;
    let before = state(&service).await;
    for row in rows() {
        let Some(Value::Object(good)) = filled_body(row.body.as_ref(), &ids) else {
            continue;
        };
        let path = filled(row.path, &ids);
        let (name, value) = match good.iter().next() {
            Some((name, value)) => (name.clone(), value.clone()),
            None => ("grace_seconds".to_owned(), json!(1)),
        };
        let mut unknown = good.clone();
        unknown.insert("no/such~".to_owned(), json!(1));
        let mut mistyped = good.clone();
        mistyped.insert(name.clone(), json!(true));
        let pointer = format!("/{name}");
        for (body, pointer) in [
            (json!(unknown).to_string(), "/no~1such~0"),
            (json!(mistyped).to_string(), pointer.as_str()),
            (
                format!("{{\"{name}\": {value}, \"{name}\": {value}}}"),
                pointer.as_str(),
            ),
            ("[]".to_owned(), ""),
            ("[null]".to_owned(), ""),
            ("\"{}\"".to_owned(), ""),
            ("null".to_owned(), ""),
            ("{".to_owned(), ""),
            (format!("{} {{}}", json!(good)), ""),
            ("[".repeat(100_000), ""),
        ] {
            let shown: String = body.chars().take(60).collect();
            let answer = raw(&service, &row, &path, "application/json", body.into()).await;
            assert_eq!(
                (answer.status, problem(&answer)),
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid-body"),
                "{} {path}: {shown}",
                row.method
            );
            let error = &answer.body["errors"][0];
            let found = error["pointer"].as_str().expect("a pointer");
            // Of nesting that never ends it is the place where the reader gave up.
            let is_deep = shown.starts_with("[[");
            assert!(is_deep || found == pointer, "{path}: {shown}: {error}");
            assert!(!error["detail"].as_str().expect("a text").is_empty());
        }
        let invalid_text = raw(
            &service,
            &row,
            &path,
            "application/json",
            vec![b'"', 0xff, b'"'].into(),
        );
        assert_eq!(problem(&invalid_text.await), "invalid-body", "{path}");
        for media_type in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "json",
            "é",
        ] {
            let body = json!(good).to_string();
            let answer = raw(&service, &row, &path, media_type, body.into()).await;
            assert_eq!(
                (answer.status, problem(&answer)),
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type"),
                "{path}: {media_type}"
            );
        }
    }
    assert_eq!(state(&service).await, before);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_by_every_operation() {
    let (service, _, ids) = everything().await;
    let before = state(&service).await;
    for row in rows() {
        let path = filled(row.path, &ids);
        let body = Body::from(vec![b' '; (1 << 20) + 1]);
        let answer = raw(&service, &row, &path, "application/json", body).await;
        assert_eq!(
            (answer.status, problem(&answer)),
            (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            "{} {path}",
            row.method
        );
    }
    assert_eq!(state(&service).await, before);
}
