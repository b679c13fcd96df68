//! Every operation × every ability × one's own, another's and an unknown id: nothing but the documented answers.

use axum::http::{self, Method, StatusCode};
use serde_json::{Value, json};
use webhooks_api::Ability;
use webhooks_core::Message;

use crate::client::{Caller, PAYMENT, Payment, Service};

/// Method, path, ability, whether it is the operators' alone, a body that fits, and the answer to the owner.
type Row = (Method, &'static str, Ability, bool, Option<Value>, u16);

#[expect(clippy::too_many_lines, reason = "a row an operation")]
fn rows() -> Vec<Row> {
    use Ability::{Change, Replay, Secret, Send, Test, View};
    let subscription = json!({ "target": "https://example.com/a", "events": ["*"] });
    let since = json!({ "since": "2026-01-01T00:00:00Z" });
    let message = json!({ "event": "payment.created", "payload": { "amount": 1 } });
    vec![
        (Method::GET, "/events", View, false, None, 200),
        (
            Method::GET,
            "/events/payment.created",
            View,
            false,
            None,
            200,
        ),
        (Method::GET, "/subscriptions", View, false, None, 200),
        (
            Method::POST,
            "/subscriptions",
            Change,
            false,
            Some(subscription),
            201,
        ),
        (
            Method::GET,
            "/subscriptions/{subscription}",
            View,
            false,
            None,
            200,
        ),
        (
            Method::PATCH,
            "/subscriptions/{subscription}",
            Change,
            false,
            Some(json!({ "description": "x" })),
            200,
        ),
        (
            Method::POST,
            "/subscriptions/{subscription}/pause",
            Change,
            false,
            None,
            204,
        ),
        (
            Method::POST,
            "/subscriptions/{subscription}/activate",
            Change,
            false,
            None,
            204,
        ),
        (
            Method::POST,
            "/subscriptions/{subscription}/rotate-secret",
            Secret,
            false,
            Some(json!({})),
            200,
        ),
        (
            Method::POST,
            "/subscriptions/{subscription}/test",
            Test,
            false,
            None,
            202,
        ),
        (
            Method::POST,
            "/subscriptions/{subscription}/replay",
            Replay,
            false,
            Some(since),
            202,
        ),
        (
            Method::GET,
            "/subscriptions/{subscription}/attempts",
            View,
            false,
            None,
            200,
        ),
        (
            Method::GET,
            "/subscriptions/{subscription}/samples",
            View,
            false,
            None,
            200,
        ),
        (Method::GET, "/messages", View, false, None, 200),
        (Method::POST, "/messages", Send, true, Some(message), 403),
        (Method::GET, "/messages/{message}", View, false, None, 200),
        (
            Method::GET,
            "/messages/{message}/deliveries",
            View,
            false,
            None,
            200,
        ),
        (Method::GET, "/deliveries", View, false, None, 200),
        (
            Method::GET,
            "/deliveries/{delivery}",
            View,
            false,
            None,
            200,
        ),
        (
            Method::GET,
            "/deliveries/{delivery}/attempts",
            View,
            false,
            None,
            200,
        ),
        (
            Method::POST,
            "/deliveries/{delivery}/retry",
            Replay,
            false,
            None,
            202,
        ),
        (
            Method::POST,
            "/deliveries/{delivery}/cancel",
            Replay,
            false,
            None,
            204,
        ),
        (
            Method::DELETE,
            "/subscriptions/{subscription}",
            Change,
            false,
            None,
            204,
        ),
        (Method::GET, "/queue", View, true, None, 403),
    ]
}

/// One owner's things.
struct Ids {
    subscription: String,
    message: String,
    delivery: String,
}

async fn ids(service: &Service, owner: &'static str) -> Ids {
    let caller = Caller::owner(owner);
    let subscription = service.subscribe(&caller).await;
    let sent = service
        .sender
        .send(owner, Message::untyped(&PAYMENT, &Payment { amount: 1 }))
        .await;
    let deliveries = service.get(&caller, "/deliveries").await;
    Ids {
        subscription,
        message: sent.expect("sent").id.to_string(),
        delivery: deliveries.body["data"][0]["id"]
            .as_str()
            .expect("an id")
            .to_owned(),
    }
}

fn filled(path: &str, ids: &Ids) -> String {
    path.replace("{subscription}", &ids.subscription)
        .replace("{message}", &ids.message)
        .replace("{delivery}", &ids.delivery)
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
        message: theirs.message.replace(|c: char| c.is_ascii_digit(), "1"),
        delivery: theirs.delivery.replace(|c: char| c.is_ascii_digit(), "1"),
    };
    for (method, path, _, is_operators, body, _) in
        rows().into_iter().filter(|(_, path, ..)| has_id(path))
    {
        assert!(!is_operators);
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
                message: "%00".into(),
                delivery: "../a".replace('/', "%2F"),
            },
        );
        let odd = service.call(&stranger, method.clone(), &odd, body).await;
        assert_eq!(
            odd.status,
            StatusCode::NOT_FOUND,
            "{method} {path}: {odd:?}"
        );
    }
    for path in ["/subscriptions", "/messages", "/deliveries"] {
        let list = service.get(&stranger, path).await;
        assert_eq!(list.body["data"], json!([]), "{path}");
        // Naming another owner is no way around.
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
    for (method, path, ability, is_operators, body, status) in rows() {
        let service = Service::start().await;
        let own = ids(&service, "acct_a").await;
        let path = filled(path, &own);
        for given in Ability::ALL {
            // Samples are payloads: they take both.
            let mut abilities = vec![given];
            if given == ability && path.ends_with("/samples") {
                abilities.push(Ability::Payload);
            }
            if given == ability {
                continue;
            }
            let caller = Caller::owner("acct_a").with(&abilities);
            let refused = service
                .call(&caller, method.clone(), &path, body.clone())
                .await;
            assert_eq!(
                (refused.status, refused.problem()),
                (StatusCode::FORBIDDEN, "forbidden"),
                "{method} {path} {given}"
            );
        }
        let abilities = if path.ends_with("/samples") {
            vec![ability, Ability::Payload]
        } else {
            vec![ability]
        };
        let allowed = service
            .call(
                &Caller::owner("acct_a").with(&abilities),
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
            let path = format!("{path}?owner=acct_a");
            let answer = service.call(&operator, method.clone(), &path, body).await;
            assert!(answer.status.is_success(), "{method} {path}: {answer:?}");
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
        .map(|(method, path, ..)| format!("{method} {}", shape(path)))
        .collect();
    documented.sort();
    entered.sort();
    assert_eq!(entered, documented);
}

/// The path with its parts in braces, and the event of the matrix, written alike.
fn shape(path: &str) -> String {
    let parts = path.split('/').map(|part| {
        if part.starts_with('{') || part == "payment.created" {
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
    for (method, path, ..) in rows() {
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
