//! What operators set up and look at, many deliveries tried again, and what a subscription can be; with the input that these
//! refuse.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use webhooks_core::Message;
use webhooks_sender::testing::TestAnswer;

use crate::client::{Caller, PAYMENT, Payment, Service};

async fn failed(service: &Service, count: u32) {
    for amount in 0..count {
        let message = Message::untyped(&PAYMENT, &Payment { amount });
        service.sender.send("acct_1", message).await.expect("sent");
        // The subscription is switched off by it, and on again.
        service.transport.answer(TestAnswer::status(410));
        service.sender.deliver().await.expect("delivered");
        let caller = Caller::owner("acct_1");
        let listed = service.get(&caller, "/subscriptions").await;
        let id = listed.body["data"][0]["id"].as_str().expect("an id");
        let path = format!("/subscriptions/{id}/activate");
        service.call(&caller, Method::POST, &path, None).await;
    }
    service.transport.take_requests();
}

#[tokio::test]
async fn many_deliveries_are_counted_and_tried_again_by_filter() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    service.subscribe(&customer).await;
    failed(&service, 3).await;
    let filter = json!({ "statuses": ["4xx"], "events": ["payment.*"] });
    let count = json!({ "filter": filter, "dry_run": true });
    let count = service.post(&customer, "/deliveries/retry", count).await;
    assert_eq!(count.status, StatusCode::ACCEPTED, "{count:?}");
    service.sender.deliver().await.expect("counted");
    let location = count.header("location").replace("../", "/");
    let count = service.get(&customer, &location).await;
    assert_eq!(
        (&count.body["kind"], &count.body["done"]),
        (&json!("retry"), &json!(3))
    );
    assert_eq!(service.transport.take_requests().len(), 0);
    let job = service
        .post(&customer, "/deliveries/retry", json!({ "filter": filter }))
        .await;
    let second = service
        .post(&customer, "/deliveries/retry", json!({}))
        .await;
    assert_eq!(
        (second.status, second.problem()),
        (StatusCode::CONFLICT, "job-running")
    );
    assert_eq!(second.body["job"], job.body["id"]);
    service.sender.deliver().await.expect("delivered");
    assert_eq!(service.transport.take_requests().len(), 3);
}

#[tokio::test]
async fn a_retry_that_cannot_be_read_is_refused_with_its_place() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    for (body, pointer) in [
        (json!({ "filters": {} }), "/filters"),
        (json!({ "filter": { "state": "failed" } }), "/filter/state"),
        (
            json!({ "filter": { "states": ["sending"] } }),
            "/filter/states",
        ),
        (
            json!({ "filter": { "states": ["lost"] } }),
            "/filter/states/0",
        ),
        (
            json!({ "filter": { "statuses": ["600"] } }),
            "/filter/statuses/0",
        ),
        (json!({ "filter": { "since": "now" } }), "/filter/since"),
        (
            json!({ "filter": { "subscription": "dlv_1" } }),
            "/filter/subscription",
        ),
        (json!({ "dry_run": "yes" }), "/dry_run"),
    ] {
        let refused = service
            .post(&customer, "/deliveries/retry", body.clone())
            .await;
        assert_eq!(refused.problem(), "invalid-body", "{body}: {refused:?}");
        assert_eq!(
            refused.body["errors"][0]["pointer"], pointer,
            "{body}: {refused:?}"
        );
    }
    let pattern = json!({ "filter": { "events": ["a..b"] } });
    let pattern = service.post(&customer, "/deliveries/retry", pattern).await;
    assert_eq!(
        pattern.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{pattern:?}"
    );
    let theirs = service.subscribe(&Caller::owner("acct_2")).await;
    let foreign = json!({ "filter": { "subscription": theirs } });
    let foreign = service.post(&customer, "/deliveries/retry", foreign).await;
    assert_eq!(
        (foreign.status, foreign.problem()),
        (StatusCode::NOT_FOUND, "not-found")
    );
}

#[tokio::test]
async fn an_operator_keeps_a_subscription_under_a_key_however_often_it_is_asked_for() {
    let service = Service::start().await;
    let operator = Caller::operator();
    let path = "/subscriptions-by-key/crm%20%2F%201?owner=acct_1";
    let body = |target: &str| Some(json!({ "target": target, "events": ["*"] }));
    let put = |body| service.call(&operator, Method::PUT, path, body);
    let made = put(body("https://example.com/a")).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert!(
        made.body["secret"]
            .as_str()
            .expect("shown")
            .starts_with("whsec_")
    );
    let id = made.body["id"].as_str().expect("an id").to_owned();
    assert_eq!(
        (made.header("location"), made.header("etag")),
        (format!("../{id}").as_str(), "\"1\"")
    );
    let same = put(body("https://example.com/a")).await;
    assert_eq!(
        (same.status, same.header("etag")),
        (StatusCode::OK, "\"1\"")
    );
    assert_eq!(
        (&same.body["secret"], &same.body["id"]),
        (&Value::Null, &made.body["id"])
    );
    let other = put(body("https://example.com/b")).await;
    assert_eq!(
        (other.status, other.header("etag")),
        (StatusCode::OK, "\"2\"")
    );
    let revisions = [made, same, other].map(|answer| answer.body["revision"].clone());
    assert_eq!(revisions, [1, 1, 2], "what the tag is made from");
    let shown = service
        .get(&operator, &format!("/subscriptions/{id}"))
        .await;
    assert_eq!(
        (&shown.body["target"], &shown.body["own_key"]),
        (&json!("https://example.com/b"), &json!("crm / 1"))
    );

    // Another owner's key is another one.
    let foreign = path.replace("acct_1", "acct_2");
    let foreign = service
        .call(
            &operator,
            Method::PUT,
            &foreign,
            body("https://example.com/a"),
        )
        .await;
    assert_eq!(foreign.status, StatusCode::CREATED);
    let without = "/subscriptions-by-key/crm";
    let without = service
        .call(
            &operator,
            Method::PUT,
            without,
            body("https://example.com/a"),
        )
        .await;
    assert_eq!(
        (without.status, without.problem()),
        (StatusCode::BAD_REQUEST, "owner-required")
    );
    for (path, body, problem) in [
        (
            "/subscriptions-by-key/%00?owner=acct_1",
            body("https://example.com/a"),
            "invalid-subscription",
        ),
        (path, body("https://10.0.0.1/"), "invalid-subscription"),
        (
            path,
            Some(json!({ "target": "https://example.com/" })),
            "invalid-body",
        ),
        (
            path,
            Some(json!({ "target": "https://example.com/", "events": ["*"], "key": "x" })),
            "invalid-body",
        ),
        (
            "/subscriptions-by-key/a?owner=acct_1&force=1",
            body("https://example.com/a"),
            "invalid-query",
        ),
    ] {
        let refused = service.call(&operator, Method::PUT, path, body).await;
        assert_eq!(refused.problem(), problem, "{path}: {refused:?}");
    }
}

#[tokio::test]
async fn what_is_kept_is_not_changed_from_an_older_state() {
    let service = Service::strict().await;
    let operator = Caller::operator();
    let body = |text: &str| json!({ "target": "https://example.com/", "events": ["*"], "description": text });
    let put = |tag: Option<&str>, text: &str| {
        let mut request = Service::request(
            &operator,
            &Method::PUT,
            "/subscriptions-by-key/crm?owner=acct_1",
        );
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        let request = request.body(axum::body::Body::from(body(text).to_string()));
        service.send(request.expect("a request"))
    };
    let absent = put(Some("\"1\""), "a").await;
    assert_eq!(absent.problem(), "precondition-failed");
    assert_eq!(put(None, "a").await.status, StatusCode::CREATED);
    assert_eq!(put(None, "b").await.problem(), "precondition-required");
    assert_eq!(put(Some("\"1\""), "b").await.status, StatusCode::OK);
    assert_eq!(
        put(Some("\"1\""), "c").await.problem(),
        "precondition-failed"
    );
}

#[tokio::test]
async fn a_program_learns_what_a_subscription_can_be() {
    let service = Service::start().await;
    let customer = Caller::owner("acct_1");
    let shown = service
        .call(&customer, Method::OPTIONS, "/subscriptions", None)
        .await;
    assert_eq!(
        (shown.status, shown.header("allow")),
        (StatusCode::OK, "GET, POST, OPTIONS")
    );
    assert_eq!(shown.body["events"], json!(["exact", "prefix", "all"]));
    // What is said of the limits is what holds.
    let limits = &shown.body["limits"];
    let count = |name: &str| limits[name].as_u64().expect("a number");
    let of = |prefix: &str, count: u64| -> Value {
        let pairs = (0..count).map(|n| (format!("{prefix}{n}"), json!("1")));
        Value::Object(pairs.collect())
    };
    let base = "https://example.com/";
    let longest = |beyond: u64| {
        let fill = count("target_bytes") + beyond - base.len() as u64;
        format!(
            "{base}{}",
            "a".repeat(usize::try_from(fill).expect("a length"))
        )
    };
    let whole = |target: u64, events: u64, labels: u64, headers: u64| {
        json!({
            "target": longest(target),
            "events": (0..count("events") + events).map(|_| "*").collect::<Vec<_>>(),
            "labels": of("l", count("labels") + labels),
            "headers": of("x-h", count("headers") + headers),
        })
    };
    let fits = service
        .post(&customer, "/subscriptions", whole(0, 0, 0, 0))
        .await;
    assert_eq!(fits.status, StatusCode::CREATED, "{fits:?}");
    for body in [
        whole(1, 0, 0, 0),
        whole(0, 1, 0, 0),
        whole(0, 0, 1, 0),
        whole(0, 0, 0, 1),
    ] {
        let beyond = service.post(&customer, "/subscriptions", body).await;
        assert_eq!(beyond.problem(), "invalid-subscription", "{beyond:?}");
    }
}

#[tokio::test]
async fn numbers_over_time_are_the_operators_and_of_a_period_that_is_one() {
    let service = Service::start().await;
    service.subscribe(&Caller::owner("acct_1")).await;
    failed(&service, 2).await;
    let operator = Caller::operator();
    // The last step holds what has just happened.
    let sum = |body: &Value, pointer: &str| -> u64 {
        let steps = body["steps"].as_array().expect("steps").iter();
        steps
            .map(|step| {
                step.pointer(pointer)
                    .and_then(Value::as_u64)
                    .expect("a number")
            })
            .sum()
    };
    let until = "2100-01-01T00:00:00Z";
    let now = format!("since=2099-12-31T00:00:00Z&until={until}");
    for (path, pointer) in [
        ("/metrics/messages", "/sent"),
        ("/metrics/deliveries", "/failed"),
        ("/metrics/attempts", "/answered/client_error"),
    ] {
        let wide = format!("{path}?since=2000-01-01T00:00:00Z&until={until}&step=3155760000");
        let all = service.get(&operator, &wide).await;
        assert_eq!(
            (all.status, sum(&all.body, pointer)),
            (StatusCode::OK, 2),
            "{path}: {all:?}"
        );
        let own = service
            .get(&operator, &format!("{wide}&owner=acct_1"))
            .await;
        assert_eq!(sum(&own.body, pointer), 2, "{path}");
        let other = service
            .get(&operator, &format!("{wide}&owner=acct_2"))
            .await;
        assert_eq!(sum(&other.body, pointer), 0, "{path}");
        let later = service.get(&operator, &format!("{path}?{now}")).await;
        assert_eq!(
            (
                later.body["steps"].as_array().expect("steps").len(),
                sum(&later.body, pointer)
            ),
            (24, 0)
        );
        for odd in [
            "step=0",
            "step=1",
            "since=x",
            "until=2000-01-01T00:00:00Z&since=2001-01-01T00:00:00Z",
            "steps=3",
        ] {
            let odd = service.get(&operator, &format!("{path}?{odd}")).await;
            assert_eq!(odd.problem(), "invalid-query", "{odd:?}");
        }
        let customers = service.get(&Caller::owner("acct_1"), path).await;
        assert_eq!(customers.problem(), "forbidden");
    }
}
