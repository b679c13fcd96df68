//! A router over a sender of the test's own, and requests to it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{self, HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use webhooks_api::{Ability, Access, Api, Sources};
use webhooks_core::{Catalogue, Descriptor, Webhooks};
use webhooks_sender::notices::operational_webhooks;
use webhooks_sender::testing::TestTransport;
use webhooks_sender::{Sender, SenderBuilder, Sqlite};

pub(crate) static PAYMENT: Descriptor = Descriptor::post("payment.created")
    .docs("Sent as soon as the bank has confirmed a payment.")
    .payload::<Payment>();
pub(crate) static REFUND: Descriptor = Descriptor::post("refund.created").payload::<Payment>();

/// What the test's events carry.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Payment {
    pub(crate) amount: u32,
}

pub(crate) fn catalogue() -> Catalogue {
    let webhooks = Webhooks::new().with(&PAYMENT).with(&REFUND);
    webhooks
        .with(operational_webhooks())
        .build()
        .expect("a catalogue")
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    }

    /// The slug of a problem's type.
    pub(crate) fn problem(&self) -> &str {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{self:?}"
        );
        let kind = self.body["type"].as_str().expect("a type");
        kind.rsplit('/').next().expect("a slug")
    }
}

/// The application: its state, and who its callers are.
#[derive(Clone)]
struct App {
    secret: &'static str,
}

/// `owner`, `operator` and `can` of test headers; no caller without the application's secret.
async fn access(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Access, (StatusCode, &'static str)> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("x-secret") != Some(app.secret) {
        return Err((StatusCode::UNAUTHORIZED, "go away"));
    }
    let access = match text("x-owner") {
        Some(owner) => Access::owner(owner),
        None => Access::operator(),
    };
    let named = text("x-can").unwrap_or_default();
    let abilities = Ability::ALL
        .into_iter()
        .filter(|ability| named.split(' ').any(|name| name == ability.as_str()));
    let access = match text("x-actor") {
        Some(actor) => access.actor(actor),
        None => access,
    };
    Ok(access.allow(abilities))
}

/// A router and its sender.
pub(crate) struct Service {
    pub(crate) sender: Sender<Sqlite>,
    /// What answers the sender's requests.
    pub(crate) transport: Arc<TestTransport>,
    router: Router,
    _folder: tempfile::TempDir,
}

/// Who asks.
#[derive(Clone)]
pub(crate) struct Caller {
    owner: Option<&'static str>,
    abilities: String,
    actor: Option<&'static str>,
}

impl Caller {
    pub(crate) fn owner(owner: &'static str) -> Self {
        Self {
            owner: Some(owner),
            abilities: names(&Ability::CUSTOMER),
            actor: None,
        }
    }

    pub(crate) fn operator() -> Self {
        Self {
            owner: None,
            abilities: names(&Ability::ALL),
            actor: None,
        }
    }

    pub(crate) fn named(mut self, actor: &'static str) -> Self {
        self.actor = Some(actor);
        self
    }

    pub(crate) fn with(mut self, abilities: &[Ability]) -> Self {
        self.abilities = names(abilities);
        self
    }
}

fn names(abilities: &[Ability]) -> String {
    abilities
        .iter()
        .map(|ability| ability.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

impl Service {
    pub(crate) async fn start() -> Self {
        Self::started(false).await
    }

    /// With `If-Match` required.
    pub(crate) async fn strict() -> Self {
        Self::started(true).await
    }

    /// With further settings of the sender.
    pub(crate) async fn with(
        set: impl FnOnce(SenderBuilder<Sqlite>) -> SenderBuilder<Sqlite>,
    ) -> Self {
        Self::made(false, set).await
    }

    async fn started(is_strict: bool) -> Self {
        Self::made(is_strict, |builder| builder).await
    }

    async fn made(
        is_strict: bool,
        set: impl FnOnce(SenderBuilder<Sqlite>) -> SenderBuilder<Sqlite>,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let transport = Arc::new(TestTransport::default());
        let builder = Sender::open(folder.path().join("webhooks.db"))
            .webhooks(catalogue())
            .transport(Arc::clone(&transport))
            .without_engine();
        let sender = set(builder).start().await.expect("a sender");
        let sources = Sources::new(["192.0.2.0/24"]).expect("a network");
        let mut api = Api::new(&sender, access).sources(sources);
        if is_strict {
            api = api.require_if_match();
        }
        // Nested twice, as applications do.
        let router = Router::new().nest("/api", Router::new().nest("/webhooks", api.router()));
        let router = router.with_state(App { secret: "open" });
        Self {
            sender,
            transport,
            router,
            _folder: folder,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.expect("a body");
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub(crate) fn request(caller: &Caller, method: &Method, path: &str) -> http::request::Builder {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(format!("/api/webhooks{path}"));
        for (name, value) in Self::headers(caller) {
            request = request.header(name, value);
        }
        request
    }

    /// What says who asks.
    pub(crate) fn headers(caller: &Caller) -> Vec<(&'static str, String)> {
        let always = [
            ("x-secret", "open".to_owned()),
            ("x-can", caller.abilities.clone()),
        ];
        let owner = caller.owner.map(|owner| ("x-owner", owner.to_owned()));
        let actor = caller.actor.map(|actor| ("x-actor", actor.to_owned()));
        always.into_iter().chain(owner).chain(actor).collect()
    }

    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// The body of an answer that goes on.
    pub(crate) async fn open(&self, caller: &Caller, path: &str) -> Body {
        let request = Self::request(caller, &Method::GET, path).body(Body::empty());
        let router = self.router.clone();
        let response = router.oneshot(request.expect("a request")).await;
        response.expect("an answer").into_body()
    }

    pub(crate) async fn call(
        &self,
        caller: &Caller,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let request = Self::request(caller, &method, path);
        let request = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.send(request.expect("a request")).await
    }

    pub(crate) async fn get(&self, caller: &Caller, path: &str) -> Answer {
        self.call(caller, Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, caller: &Caller, path: &str, body: Value) -> Answer {
        self.call(caller, Method::POST, path, Some(body)).await
    }

    /// A subscription of this caller's to everything; its id.
    pub(crate) async fn subscribe(&self, caller: &Caller) -> String {
        let body = json!({ "target": "https://example.com/hook", "events": ["*"] });
        let made = self.post(caller, "/subscriptions", body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        made.body["id"].as_str().expect("an id").to_owned()
    }
}
