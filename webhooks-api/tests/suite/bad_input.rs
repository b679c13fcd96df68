//! What hostile and mistaken clients send: each answer is a problem document, nothing is changed, nothing is leaked.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::client::{Caller, Service};

#[tokio::test]
async fn thousands_of_filters_are_answered_like_one() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    service.subscribe(&customer).await;
    let many = "&state=pending".repeat(4000);
    let found = service
        .get(&customer, &format!("/deliveries?limit=1{many}"))
        .await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.body);
    let labels = (0..4000).map(|n| format!("&label=a{n}%3D1"));
    let labels = labels.collect::<Vec<_>>().concat();
    let found = service
        .get(&customer, &format!("/subscriptions?limit=1{labels}"))
        .await;
    assert_eq!(
        (found.status, &found.body["data"]),
        (StatusCode::OK, &json!([]))
    );
    let twice = service
        .get(&customer, "/subscriptions?limit=1&limit=2")
        .await;
    assert_eq!(twice.problem(), "invalid-query");
}

/// PostgreSQL takes no NUL in a text, and answers a question about one with an error.
#[tokio::test]
async fn a_nul_is_refused_in_queries_and_not_found_in_paths() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let id = service.subscribe(&customer).await;
    for path in [
        format!("/subscriptions/{id}/samples?event=a%00"),
        "/messages?event=%00".to_owned(),
        "/messages?label=a%3D%00".to_owned(),
        "/deliveries?event=a%00b".to_owned(),
        "/subscriptions?label=%00%3Da".to_owned(),
        "/deliveries?owner=%00".to_owned(),
    ] {
        let answer = service.get(&customer, &path).await;
        assert_eq!(answer.problem(), "invalid-query", "{path}: {answer:?}");
    }
    for path in ["/events/a%00", "/events/a%00/samples", "/messages/a%00"] {
        let answer = service.get(&customer, path).await;
        assert_eq!(answer.problem(), "not-found", "{path}: {answer:?}");
    }
    // What is written so is not one.
    let answer = service.get(&customer, "/messages?event=%2500").await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}

/// A cursor is a place and no right: with another owner's, or with one that was made up, a caller reaches its own things.
#[tokio::test]
async fn a_cursor_of_another_owner_or_of_other_filters_opens_nothing() {
    let service = Service::start().await;
    let (one, two) = (Caller::owner("acct_1"), Caller::owner("acct_2"));
    for _ in 0..3 {
        service.subscribe(&one).await;
    }
    let own = service.subscribe(&two).await;
    let page = service.get(&one, "/subscriptions?limit=1").await;
    let cursor = page.body["next"].as_str().expect("more").to_owned();
    let foreign = service
        .get(&two, &format!("/subscriptions?cursor={cursor}"))
        .await;
    let ids: Vec<_> = foreign.body["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item["id"].clone())
        .collect();
    assert!(ids.iter().all(|id| *id == json!(own)), "{foreign:?}");
    let filtered = service
        .get(
            &one,
            &format!("/subscriptions?state=paused&cursor={cursor}"),
        )
        .await;
    assert_eq!(
        filtered.body["data"],
        json!([]),
        "a filter is asked again on each page"
    );
    for forged in [
        "s.",
        "s.sub_",
        "s.%27%20OR%201%3D1",
        "d.x",
        &"s.".repeat(150),
        "s.msg_01arz3ndektsv4rrffq69g5fav",
    ] {
        let answer = service
            .get(&one, &format!("/subscriptions?cursor={forged}"))
            .await;
        assert_eq!(
            (answer.status, answer.problem()),
            (StatusCode::BAD_REQUEST, "invalid-cursor"),
            "{forged}"
        );
    }
    for list in ["/messages", "/deliveries", "/attempts", "/audit", "/jobs"] {
        let answer = service.get(&one, &format!("{list}?cursor={cursor}")).await;
        assert_eq!(answer.problem(), "invalid-cursor", "{list}");
    }
}

#[tokio::test]
async fn an_id_of_another_kind_is_not_found() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let id = service.subscribe(&customer).await;
    for path in ["/messages", "/deliveries", "/attempts", "/jobs"] {
        let answer = service.get(&customer, &format!("{path}/{id}")).await;
        assert_eq!(
            (answer.status, answer.problem()),
            (StatusCode::NOT_FOUND, "not-found"),
            "{path}"
        );
    }
    for odd in [
        "%00",
        "%0d%0aset-cookie:%20a",
        "%F0%9F%92%A5",
        "%ff",
        "..%2f..",
        "SUB_01",
    ] {
        let answer = service
            .get(&customer, &format!("/subscriptions/{odd}"))
            .await;
        assert_eq!(
            (answer.status, answer.problem()),
            (StatusCode::NOT_FOUND, "not-found"),
            "{odd}"
        );
        assert!(answer.headers.get("set-cookie").is_none());
    }
}

#[tokio::test]
async fn texts_beyond_ascii_are_kept_and_headers_cannot_be_injected() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let wanted = json!({
        "target": "https://example.com/hook", "events": ["*"], "description": "支払い 💥 \u{202e}",
        "labels": { "größe": "ß" },
    });
    let made = service.post(&customer, "/subscriptions", wanted).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let found = service
        .get(&customer, "/subscriptions?q=%E6%94%AF%E6%89%95")
        .await;
    assert_eq!(found.body["data"][0]["labels"]["größe"], "ß");
    for (name, value) in [
        ("x-a", "1\r\nx-b: 2"),
        ("x-a\r\nx-b", "1"),
        ("x a", "1"),
        ("host", "a"),
        ("webhook-id", "1"),
    ] {
        let wanted = json!({
            "target": "https://example.com/hook", "events": ["*"], "headers": { name: value },
        });
        let answer = service.post(&customer, "/subscriptions", wanted).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name:?}: {answer:?}"
        );
        assert_eq!(answer.problem(), "invalid-subscription");
    }
    // Kept as it was sent, on PostgreSQL as well, whose texts know no NUL.
    let nul =
        json!({ "target": "https://example.com/hook", "events": ["*"], "description": "a\0b" });
    let nul = service.post(&customer, "/subscriptions", nul).await;
    let path = format!("/subscriptions/{}", nul.body["id"].as_str().expect("an id"));
    let shown = service.get(&customer, &path).await;
    assert_eq!(shown.body["description"], "a\0b");
}

/// Of two who change the same thing, both succeed without `If-Match`, each in the part that it changed.
#[tokio::test]
async fn two_writers_at_the_same_time_do_not_undo_each_other() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let path = format!("/subscriptions/{}", service.subscribe(&customer).await);
    let change = |body| service.call(&customer, Method::PATCH, &path, Some(body));
    let (one, two) = tokio::join!(
        change(json!({ "description": "one" })),
        change(json!({ "labels": { "by": "two" } }))
    );
    assert_eq!((one.status, two.status), (StatusCode::OK, StatusCode::OK));
    let now = service.get(&customer, &path).await;
    assert_eq!(
        (&now.body["description"], &now.body["labels"]["by"]),
        (&json!("one"), &json!("two"))
    );
}

#[tokio::test]
async fn a_client_that_hangs_up_while_it_sends_changes_nothing() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let request = Service::request(&customer, &Method::POST, "/subscriptions");
    let request = request.body(Body::new(Cut(2)));
    let answer = service.send(request.expect("a request")).await;
    assert_eq!(
        (answer.status, answer.problem()),
        (StatusCode::UNPROCESSABLE_ENTITY, "invalid-body")
    );
    let listed = service.get(&customer, "/subscriptions").await;
    assert_eq!(listed.body["data"], json!([]));
}

/// A body that breaks off.
struct Cut(u8);

impl http_body::Body for Cut {
    type Data = bytes::Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<bytes::Bytes>, std::io::Error>>> {
        self.0 = self.0.saturating_sub(1);
        Poll::Ready(Some(match self.0 {
            0 => Err(std::io::ErrorKind::ConnectionReset.into()),
            _ => Ok(http_body::Frame::data(bytes::Bytes::from_static(
                b"{\"target\":",
            ))),
        }))
    }
}

/// What is done for one owner asks an operator for the owner; what reaches over all does not.
#[tokio::test]
async fn an_operator_without_an_owner_is_asked_for_one() {
    let service = Service::start().await;
    let operator = Caller::operator();
    let wanted = json!({ "target": "https://example.com/hook", "events": ["*"] });
    for owner in ["", "%00", &"a".repeat(257)] {
        let answer = service
            .get(&operator, &format!("/subscriptions?owner={owner}"))
            .await;
        assert_eq!(answer.problem(), "invalid-query", "{owner:?}: {answer:?}");
    }
    let answer = service.post(&operator, "/subscriptions", wanted).await;
    assert_eq!(
        (answer.status, answer.problem()),
        (StatusCode::BAD_REQUEST, "owner-required")
    );
    for list in [
        "/subscriptions",
        "/messages",
        "/deliveries",
        "/attempts",
        "/audit",
        "/jobs",
    ] {
        assert_eq!(
            service.get(&operator, list).await.status,
            StatusCode::OK,
            "{list}"
        );
    }
    let odd = service.get(&operator, "/subscriptions?owner=").await;
    assert!(odd.status.is_client_error(), "{odd:?}");
}

#[tokio::test]
async fn a_change_without_if_match_is_refused_where_the_application_asks_for_it() {
    let service = Service::strict().await;
    let customer = Caller::owner("acct_1");
    let path = format!("/subscriptions/{}", service.subscribe(&customer).await);
    for (method, body) in [
        (Method::PATCH, Some(json!({ "description": "x" }))),
        (Method::DELETE, None),
    ] {
        let answer = service
            .call(&customer, method.clone(), &path, body.clone())
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem()),
            (428, "precondition-required")
        );
        let tag = service
            .get(&customer, &path)
            .await
            .header("etag")
            .to_owned();
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = Service::request(&customer, &method, &path)
            .header("if-match", tag)
            .body(body);
        let answer = service.send(request.expect("a request")).await;
        assert!(answer.status.is_success(), "{answer:?}");
    }
}
