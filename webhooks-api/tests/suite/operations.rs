//! The operations as a table of their own: what each asks for, and what it answers to the owner of the things it names.

use axum::http::Method;
use serde_json::{Value, json};
use webhooks_api::Ability;

/// One operation. In path and body, `{subscription}` and its kind stand for an id.
pub(crate) struct Row {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) ability: Ability,
    pub(crate) is_operators: bool,
    /// Whether it is about the whole service, so that no owner can be named.
    pub(crate) is_about_all: bool,
    /// A body that fits.
    pub(crate) body: Option<Value>,
    /// The answer to the owner.
    pub(crate) status: u16,
}

impl Row {
    fn with(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    fn of_operators(mut self) -> Self {
        (self.is_operators, self.status) = (true, 403);
        self
    }

    fn of_the_service(mut self) -> Self {
        self.is_about_all = true;
        self.of_operators()
    }
}

fn row(method: Method, path: &'static str, ability: Ability, status: u16) -> Row {
    Row {
        method,
        path,
        ability,
        is_operators: false,
        is_about_all: false,
        body: None,
        status,
    }
}

fn get(path: &'static str, ability: Ability) -> Row {
    row(Method::GET, path, ability, 200)
}

fn post(path: &'static str, ability: Ability, status: u16) -> Row {
    row(Method::POST, path, ability, status)
}

pub(crate) fn rows() -> Vec<Row> {
    use Ability::{Change, Payload, Replay, Secret, Send, Test, View};
    let subscription = json!({ "target": "https://example.com/a", "events": ["*"] });
    let failed = json!({ "what": "failed", "since": "2026-01-01T00:00:00Z" });
    let to = json!({ "subscriptions": ["{subscription}"] });
    let hook = json!({ "target_url": "https://example.com/a", "event": "payment.created" });
    let message = json!({ "event": "payment.created", "payload": { "amount": 1 } });
    let description = json!({ "description": "x" });
    let one = "/subscriptions/{subscription}";
    vec![
        get("/events", View),
        get("/events/payment.created", View),
        get("/events/payment.created/samples", Payload),
        get("/subscriptions", View),
        post("/subscriptions", Change, 201).with(subscription.clone()),
        row(Method::OPTIONS, "/subscriptions", View, 200),
        row(Method::PUT, "/subscriptions-by-key/crm", Change, 201)
            .with(subscription)
            .of_operators(),
        get(one, View),
        row(Method::PATCH, one, Change, 200).with(description),
        post("/subscriptions/{subscription}/pause", Change, 204),
        post("/subscriptions/{subscription}/activate", Change, 204),
        post("/subscriptions/{subscription}/rotate-secret", Secret, 200).with(json!({})),
        post("/subscriptions/{subscription}/end-grace", Secret, 204),
        post("/subscriptions/{subscription}/test", Test, 202),
        post("/subscriptions/{polled}/poll", Payload, 200).with(json!({ "limit": 1 })),
        post("/subscriptions/{subscription}/replays", Replay, 202).with(failed),
        get("/subscriptions/{subscription}/attempts", View),
        get("/subscriptions/{subscription}/samples", Payload),
        get("/subscriptions/{subscription}/stats", View),
        get("/subscriptions/{subscription}/missed", View),
        get("/messages", View),
        post("/messages", Send, 202).with(message).of_operators(),
        get("/messages/{message}", View),
        get("/messages/{message}/deliveries", View),
        post("/messages/{message}/replay", Replay, 202).with(to),
        get("/deliveries", View),
        post("/deliveries/retry", Replay, 202).with(json!({ "filter": {} })),
        get("/deliveries/{delivery}", View),
        get("/deliveries/{delivery}/attempts", View),
        post("/deliveries/{delivery}/retry", Replay, 202),
        post("/deliveries/{delivery}/cancel", Replay, 204),
        get("/attempts", View),
        get("/attempts/{attempt}", View),
        get("/attempts/{attempt}/request", Payload),
        get("/live?wait=false", View),
        get("/audit", View),
        get("/jobs", View),
        get("/jobs/{job}", View),
        row(Method::DELETE, "/jobs/{job}", Replay, 200),
        get("/hooks", View),
        post("/hooks", Change, 201).with(hook),
        get("/hooks/{subscription}", View),
        row(Method::DELETE, one, Change, 204),
        row(Method::DELETE, "/hooks/{subscription}", Change, 204),
        row(Method::DELETE, "/messages/{message}/payload", Change, 202).of_operators(),
        post("/targets/check", Change, 200).with(json!({ "target": "https://example.com/a" })),
        get("/queue", View).of_the_service(),
        get("/health", View).of_the_service(),
        get("/metrics/messages", View).of_operators(),
        get("/metrics/deliveries", View).of_operators(),
        get("/metrics/attempts", View).of_operators(),
        get("/owners", View).of_the_service(),
        get("/processes", View).of_the_service(),
        get("/sealing-keys", View).of_the_service(),
        get("/static-subscriptions", View).of_the_service(),
        get("/retention", View).of_the_service(),
        get("/pause", View).of_the_service(),
        post("/pause", Change, 204).of_the_service(),
        row(Method::DELETE, "/pause", Change, 204).of_the_service(),
        post("/portal-links", Change, 201)
            .with(json!({ "abilities": ["change"] }))
            .of_operators(),
        row(Method::DELETE, "/portal-links", Change, 200).of_operators(),
    ]
}
