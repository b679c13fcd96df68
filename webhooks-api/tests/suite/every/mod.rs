//! What every operation refuses, whichever it is: one test for each kind of mistake, over the whole table. Each answer is a
//! problem document that says what to do, and nothing is changed.

mod bodies;
mod lists;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use webhooks_api::Ability;

use crate::client::{Answer, Caller, Service};
use crate::operations::{Row, rows};
use crate::tenants::{Ids, filled, filled_body, ids};

/// A caller who may do everything with `acct_a`, and what there is.
async fn everything() -> (Service, Caller, Ids) {
    let service = Service::start().await;
    let ids = ids(&service, "acct_a").await;
    (service, Caller::operator(), ids)
}

/// The path with the owner that an operator names.
fn of_owner(path: &str) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}owner=acct_a")
}

/// Its slug, if it is a whole problem document: who reads it learns what it is and what to do.
fn problem(answer: &Answer) -> &str {
    let body = &answer.body;
    assert_eq!(body["status"], answer.status.as_u16(), "{answer:?}");
    for member in ["title", "detail"] {
        let text = body[member].as_str().unwrap_or_default();
        assert!(text.len() > 8, "{member}: {answer:?}");
    }
    assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
    answer.problem()
}

/// The same where the operation takes an owner.
fn named(row: &Row, path: &str) -> String {
    if row.is_about_all {
        path.to_owned()
    } else {
        of_owner(path)
    }
}

/// What the owner has, to see that nothing was changed.
async fn state(service: &Service) -> Vec<Value> {
    let mut state = Vec::new();
    for path in [
        "/subscriptions",
        "/messages",
        "/deliveries",
        "/jobs",
        "/audit",
    ] {
        let list = service.get(&Caller::operator(), &of_owner(path)).await;
        assert_eq!(list.status, StatusCode::OK);
        state.push(list.body);
    }
    state
}

#[tokio::test]
async fn an_unknown_parameter_is_refused_by_every_operation() {
    let (service, caller, ids) = everything().await;
    let before = state(&service).await;
    for row in rows() {
        let path = named(&row, &filled(row.path, &ids));
        let body = filled_body(row.body.as_ref(), &ids);
        for odd in ["no_such=1", "Limit=1", "owner=acct_a", "%00=1", "=", "💥=1"] {
            let odd = odd.replace('💥', "%F0%9F%92%A5");
            let mark = if path.contains('?') { '&' } else { '?' };
            let path = format!("{path}{mark}{odd}");
            let answer = service
                .call(&caller, row.method.clone(), &path, body.clone())
                .await;
            assert_eq!(
                (answer.status, problem(&answer)),
                (StatusCode::BAD_REQUEST, "invalid-query"),
                "{} {path}",
                row.method
            );
        }
    }
    assert_eq!(state(&service).await, before);
}

/// Each id in the place of each other one, and texts that are the id of nothing.
#[tokio::test]
async fn an_id_of_another_kind_is_not_found_by_any_operation() {
    let (service, caller, ids) = everything().await;
    let before = state(&service).await;
    let long = format!("sub_{}", "0".repeat(5000));
    for row in rows().into_iter().filter(|row| row.path.contains('{')) {
        let body = filled_body(row.body.as_ref(), &ids);
        let own = filled(row.path, &ids);
        let kinds = [
            &ids.subscription,
            &ids.message,
            &ids.delivery,
            &ids.attempt,
            &ids.job,
        ];
        let odd = [
            "x",
            "%ff",
            "%00",
            "%0d%0aset-cookie:%20a",
            "%E6%94%AF",
            "..%2f..",
            &long,
        ];
        for other in kinds.into_iter().map(String::as_str).chain(odd) {
            let path = row.path.find('{').zip(row.path.find('}'));
            let (begin, end) = path.expect("an id");
            let path = format!("{}{other}{}", &row.path[..begin], &row.path[end + 1..]);
            // The id of the same kind of thing: not odd, whatever the operation makes of it.
            let kind = other.split('_').next().unwrap_or(other);
            if path == own || (own[begin..].starts_with(&format!("{kind}_")) && other != long) {
                continue;
            }
            let answer = service
                .call(&caller, row.method.clone(), &of_owner(&path), body.clone())
                .await;
            assert_eq!(
                (answer.status, problem(&answer)),
                (StatusCode::NOT_FOUND, "not-found"),
                "{} {path}",
                row.method
            );
            assert!(answer.headers.get("set-cookie").is_none());
        }
    }
    assert_eq!(state(&service).await, before);
}

/// An operator who names no owner reaches all, or is asked for one; never a failure, never a guess.
#[tokio::test]
async fn every_operation_answers_an_operator_without_an_owner() {
    for row in rows() {
        let (service, caller, ids) = everything().await;
        let path = filled(row.path, &ids);
        let body = filled_body(row.body.as_ref(), &ids);
        let answer = service.call(&caller, row.method.clone(), &path, body).await;
        if !answer.status.is_success() {
            assert_eq!(
                (answer.status, problem(&answer)),
                (StatusCode::BAD_REQUEST, "owner-required"),
                "{} {path}",
                row.method
            );
        }
        // An ability that was not given is not given by being an operator.
        let without = Ability::ALL
            .into_iter()
            .filter(|ability| *ability != row.ability);
        let poor = Caller::operator().with(&without.collect::<Vec<_>>());
        let refused = service.call(&poor, row.method.clone(), &path, None).await;
        assert_eq!(problem(&refused), "forbidden", "{} {path}", row.method);
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_take_is_refused_with_those_that_it_takes() {
    let (service, caller, ids) = everything().await;
    for row in rows() {
        let path = filled(row.path, &ids);
        for method in ["BREW", "TRACE"] {
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            let answer = service.call(&caller, method, &path, None).await;
            assert_eq!(
                (answer.status, problem(&answer)),
                (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed"),
                "{path}"
            );
            let allowed = answer.header("allow").to_owned();
            assert!(
                allowed.split(", ").any(|one| one == row.method.as_str()),
                "{path}: {allowed}"
            );
        }
    }
}

/// Headers that are not text: none is taken for one that is not there.
#[tokio::test]
async fn headers_that_are_not_text_are_refused() {
    let (service, _, ids) = everything().await;
    let before = state(&service).await;
    let customer = Caller::owner("acct_a");
    let subscription = format!("/subscriptions/{}", ids.subscription);
    let wanted = json!({ "target": "https://example.com/a", "events": ["*"] });
    for (method, path, body, name, expected) in [
        (
            Method::POST,
            "/subscriptions",
            Some(&wanted),
            "idempotency-key",
            "invalid-header",
        ),
        (
            Method::PATCH,
            &subscription,
            Some(&json!({})),
            "if-match",
            "precondition-failed",
        ),
        (
            Method::DELETE,
            &subscription,
            None,
            "if-match",
            "precondition-failed",
        ),
        (
            Method::GET,
            "/live?wait=false",
            None,
            "last-event-id",
            "invalid-cursor",
        ),
    ] {
        for value in [&b"\xff\xfe"[..], "é".as_bytes()] {
            let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
            let request = Service::request(&customer, &method, path).header(name, value);
            let answer = service.send(request.body(body).expect("a request")).await;
            assert_eq!(problem(&answer), expected, "{method} {path}");
        }
    }
    assert_eq!(state(&service).await, before);
}
