//! Every operation × every ability × one's own, another's and an unknown id: nothing but the documented answers.

use axum::http::{self, StatusCode};
use serde_json::{Value, json};
use webhooks_api::Ability;
use webhooks_core::Message;
use webhooks_sender::testing::TestAnswer;

use crate::client::{Caller, PAYMENT, Payment, Service};
use crate::operations::{Row, rows};

/// One owner's things.
pub(crate) struct Ids {
    pub(crate) subscription: String,
    pub(crate) polled: String,
    pub(crate) message: String,
    pub(crate) delivery: String,
    pub(crate) attempt: String,
    pub(crate) job: String,
}

pub(crate) async fn ids(service: &Service, owner: &'static str) -> Ids {
    let caller = Caller::owner(owner);
    let subscription = service.subscribe(&caller).await;
    let sent = service
        .sender
        .send(owner, Message::untyped(&PAYMENT, &Payment { amount: 1 }))
        .await;
    // It waits for its second attempt.
    service.transport.answer(TestAnswer::status(500));
    service.sender.deliver().await.expect("delivered");
    let deliveries = service.get(&caller, "/deliveries").await;
    let attempts = service.get(&caller, "/attempts").await;
    let other = service.subscribe(&caller).await;
    let path = format!("/subscriptions/{other}/replays");
    let job = service
        .post(&caller, &path, json!({ "what": "failed" }))
        .await;
    let wanted = json!({ "target": "poll", "events": ["*"] });
    let polled = service.post(&caller, "/subscriptions", wanted).await;
    Ids {
        subscription,
        polled: polled.body["id"].as_str().expect("an id").to_owned(),
        message: sent.expect("sent").id.to_string(),
        delivery: first(&deliveries.body),
        attempt: first(&attempts.body),
        job: job.body["id"].as_str().expect("an id").to_owned(),
    }
}

/// The id of a list's first item.
fn first(list: &Value) -> String {
    list["data"][0]["id"].as_str().expect("an id").to_owned()
}

pub(crate) fn filled_body(body: Option<&Value>, ids: &Ids) -> Option<Value> {
    let text = filled(&body?.to_string(), ids);
    Some(serde_json::from_str(&text).expect("JSON"))
}

pub(crate) fn filled(text: &str, ids: &Ids) -> String {
    text.replace("{subscription}", &ids.subscription)
        .replace("{polled}", &ids.polled)
        .replace("{message}", &ids.message)
        .replace("{delivery}", &ids.delivery)
        .replace("{attempt}", &ids.attempt)
        .replace("{job}", &ids.job)
}

fn has_id(path: &str) -> bool {
    path.contains('{')
}

#[tokio::test]
async fn another_owners_id_is_not_found_and_nothing_is_changed() {
    let service = Service::start().await;
    let theirs = ids(&service, "acct_a").await;
    let stranger = Caller::owner("acct_b");
    let read = |path: String| {
        let service = &service;
        async move { service.get(&Caller::owner("acct_a"), &path).await.body }
    };
    let before = (
        read(format!("/subscriptions/{}", theirs.subscription)).await,
        read("/deliveries".to_owned()).await,
    );
    let unknown = Ids {
        subscription: theirs
            .subscription
            .replace(|c: char| c.is_ascii_digit(), "1"),
        polled: theirs.polled.replace(|c: char| c.is_ascii_digit(), "1"),
        message: theirs.message.replace(|c: char| c.is_ascii_digit(), "1"),
        delivery: theirs.delivery.replace(|c: char| c.is_ascii_digit(), "1"),
        attempt: theirs.attempt.replace(|c: char| c.is_ascii_digit(), "1"),
        job: theirs.job.replace(|c: char| c.is_ascii_digit(), "1"),
    };
    for Row {
        method,
        path,
        body,
        is_operators,
        ..
    } in rows().into_iter().filter(|row| has_id(row.path))
    {
        // A customer may not do it to anything.
        if is_operators {
            continue;
        }
        let body = filled_body(body.as_ref(), &theirs);
        let foreign = service
            .call(
                &stranger,
                method.clone(),
                &filled(path, &theirs),
                body.clone(),
            )
            .await;
        assert_eq!(
            (foreign.status, foreign.problem()),
            (StatusCode::NOT_FOUND, "not-found"),
            "{method} {path}"
        );
        let missing = service
            .call(
                &stranger,
                method.clone(),
                &filled(path, &unknown),
                body.clone(),
            )
            .await;
        assert_eq!(
            foreign.body, missing.body,
            "{method} {path}: as one that does not exist"
        );
        let odd = filled(
            path,
            &Ids {
                subscription: "x".into(),
                polled: "sub_x".into(),
                message: "%00".into(),
                delivery: "../a".replace('/', "%2F"),
                attempt: "a.b.c".into(),
                job: "job_x".into(),
            },
        );
        let odd = service.call(&stranger, method.clone(), &odd, body).await;
        assert_eq!(
            odd.status,
            StatusCode::NOT_FOUND,
            "{method} {path}: {odd:?}"
        );
    }
    for path in [
        "/subscriptions",
        "/messages",
        "/deliveries",
        "/attempts",
        "/audit",
        "/jobs",
    ] {
        let list = service.get(&stranger, path).await;
        assert_eq!(list.body["data"], json!([]), "{path}");
        // Naming another owner does not help.
        let named = service
            .get(&stranger, &format!("{path}?owner=acct_a"))
            .await;
        assert_eq!(named.status, StatusCode::NOT_FOUND, "{path}");
    }
    let after = (
        read(format!("/subscriptions/{}", theirs.subscription)).await,
        read("/deliveries".to_owned()).await,
    );
    assert_eq!(before, after);
}

#[tokio::test]
async fn each_operation_asks_for_its_ability_and_for_nothing_else() {
    for Row {
        method,
        path,
        ability,
        is_operators,
        is_about_all,
        body,
        status,
    } in rows()
    {
        let service = Service::start().await;
        let own = ids(&service, "acct_a").await;
        let (path, body) = (filled(path, &own), filled_body(body.as_ref(), &own));
        for given in Ability::ALL {
            if given == ability {
                continue;
            }
            let caller = Caller::owner("acct_a").with(&[given]);
            let refused = service
                .call(&caller, method.clone(), &path, body.clone())
                .await;
            assert_eq!(
                (refused.status, refused.problem()),
                (StatusCode::FORBIDDEN, "forbidden"),
                "{method} {path} {given}"
            );
        }
        let allowed = service
            .call(
                &Caller::owner("acct_a").with(&[ability]),
                method.clone(),
                &path,
                body.clone(),
            )
            .await;
        assert_eq!(
            allowed.status.as_u16(),
            status,
            "{method} {path}: {allowed:?}"
        );
        if is_operators {
            let operator = Caller::operator().with(&[ability]);
            let named = format!("{path}?owner=acct_a");
            let answer = service
                .call(&operator, method.clone(), &named, body.clone())
                .await;
            if is_about_all {
                // The owner would be ignored.
                assert_eq!(answer.problem(), "invalid-query", "{method} {named}");
                let answer = service.call(&operator, method.clone(), &path, body).await;
                assert!(answer.status.is_success(), "{method} {path}: {answer:?}");
            } else {
                assert!(answer.status.is_success(), "{method} {named}: {answer:?}");
            }
        }
    }
}

/// A new operation fails here until it is entered above.
#[test]
fn the_matrix_has_every_operation_of_the_document() {
    let document = crate::document::document();
    let mut documented: Vec<String> = document["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("methods").keys();
            let path = path.trim_start_matches("/webhooks");
            methods
                .map(move |method| format!("{} {}", method.to_uppercase(), shape(path)))
                .collect::<Vec<_>>()
        })
        .collect();
    let mut entered: Vec<String> = rows()
        .iter()
        .map(|row| format!("{} {}", row.method, shape(row.path)))
        .collect();
    // What is open to every caller asks for no ability.
    let open = ["GET /sources", "GET /keys", "GET /openapi.json"];
    documented.retain(|one| !open.contains(&one.as_str()));
    documented.sort();
    entered.sort();
    assert_eq!(entered, documented);
}

/// The path with its parts in braces, and the event of the matrix, written alike.
fn shape(path: &str) -> String {
    let path = path.split('?').next().unwrap_or(path);
    let parts = path.split('/').map(|part| {
        if part.starts_with('{') || ["payment.created", "crm"].contains(&part) {
            "{}"
        } else {
            part
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn a_caller_without_credentials_learns_nothing() {
    let service = Service::start().await;
    for Row { method, path, .. } in rows() {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("/api/webhooks{path}"));
        let request = request
            .header("x-owner", "acct_a")
            .body(axum::body::Body::from("{"));
        let answer = service.send(request.expect("a request")).await;
        assert_eq!(
            (answer.status, answer.problem()),
            (StatusCode::UNAUTHORIZED, "unauthorized"),
            "{path}"
        );
        assert!(
            !answer.body.to_string().contains("go away"),
            "the application's own text is not passed on"
        );
    }
}
