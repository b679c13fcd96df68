//! A browser without a screen: it keeps cookies, follows redirects and sends the forms that a page has.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use webhooks_api::{Ability, Access};
use webhooks_core::{Catalogue, Descriptor, Example, Message, WebhookGateway, Webhooks};
use webhooks_portal::Portal;
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::notices::operational_webhooks;
use webhooks_sender::testing::TestSender;
use webhooks_sender::{Sender, Sqlite, SubscriptionRequest};

pub(crate) static PAYMENT: Descriptor = Descriptor::post("payment.created")
    .docs("Sent as soon as the bank has confirmed a payment.")
    .tags(&["payments"])
    .examples(&[Example::new(
        "card",
        || serde_json::json!({ "amount": 5050 }),
    )])
    .payload::<serde_json::Value>();

pub(crate) fn catalogue() -> Catalogue {
    let hidden = WebhookGateway::new(operational_webhooks()).include_in_schema(false);
    let webhooks = Webhooks::new().with(&PAYMENT).with(hidden);
    webhooks.build().expect("a catalogue")
}

pub(crate) async fn sender() -> TestSender {
    let sender = Sender::testing().webhooks(catalogue()).start().await;
    sender.expect("a sender")
}

/// A subscription of `acct_1` to everything.
pub(crate) async fn subscribed(sender: &Sender<Sqlite>) -> SubscriptionId {
    let request = SubscriptionRequest::new("https://example.com/hook").event("*");
    let subscribed = sender.of("acct_1").subscribe(request).await;
    subscribed.expect("subscribed").id
}

pub(crate) async fn send(sender: &Sender<Sqlite>, owner: &str, payload: &serde_json::Value) {
    let message = Message::untyped(&PAYMENT, payload);
    sender.send(owner, message).await.expect("sent");
}

/// Reads who asks from the headers, as a real application does from its session.
pub(crate) async fn access(headers: HeaderMap) -> Result<Access, StatusCode> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let access = match (text("x-account"), text("x-operator")) {
        (Some(account), _) => Access::owner(account),
        (None, Some(_)) => Access::operator(),
        (None, None) => return Err(StatusCode::UNAUTHORIZED),
    };
    let wanted = text("x-abilities");
    let named = |ability: &Ability| {
        wanted.is_none_or(|names| names.split(' ').any(|name| name == ability.as_str()))
    };
    Ok(access.allow(Ability::CUSTOMER.into_iter().filter(named)))
}

pub(crate) fn portal(sender: &Sender<Sqlite>) -> Router {
    portal_at(sender, "/")
}

pub(crate) fn portal_at(sender: &Sender<Sqlite>, path: &str) -> Router {
    Portal::new(sender, access).at(path)
}

/// A page as it came.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    /// Where it was found, as the browser's address bar shows it.
    pub(crate) path: String,
}

impl Page {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("a page is UTF-8")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("text"))
    }

    /// What stands between quotes after this text.
    pub(crate) fn after(&self, text: &str) -> &str {
        let (_, rest) = self
            .text()
            .split_once(text)
            .unwrap_or_else(|| panic!("no {text}: {}", self.text()));
        rest.split('"').next().expect("a quote")
    }

    /// The value of the hidden field that every form has.
    pub(crate) fn token(&self) -> &str {
        self.after("name=\"token\" value=\"")
    }
}

/// One browser, of one visitor.
#[derive(Clone)]
pub(crate) struct Browser {
    app: Router,
    pub(crate) headers: HeaderMap,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new(app: &Router, name: &'static str, value: &'static str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("localhost"));
        headers.insert(name, HeaderValue::from_static(value));
        Self {
            app: app.clone(),
            headers,
            cookies: BTreeMap::new(),
        }
    }

    pub(crate) fn customer(app: &Router, owner: &'static str) -> Self {
        Self::new(app, "x-account", owner)
    }

    pub(crate) fn operator(app: &Router) -> Self {
        Self::new(app, "x-operator", "yes")
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.call(Method::GET, path, String::new()).await
    }

    /// Sends the form of a page, with these fields next to its token.
    pub(crate) async fn submit(
        &mut self,
        page: &Page,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let mut all = vec![("token", page.token())];
        all.extend(fields);
        self.post(path, &all).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let form = serde_html_form::to_string(fields).expect("a form");
        self.call(Method::POST, path, form).await
    }

    /// The page at the end of what a form or a link leads to.
    pub(crate) async fn follow(&mut self, mut page: Page) -> Page {
        while page.status == StatusCode::SEE_OTHER {
            let path = resolve(&page.path, page.header("location"));
            page = self.get(&path).await;
        }
        page
    }

    async fn call(&mut self, method: Method, path: &str, body: String) -> Page {
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().expect("a path");
        *request.headers_mut() = self.headers.clone();
        let cookies = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        let cookies = HeaderValue::from_str(&cookies).expect("a header");
        request.headers_mut().insert(header::COOKIE, cookies);
        let response = self.app.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let pair = cookie
                .to_str()
                .expect("text")
                .split(';')
                .next()
                .expect("a pair");
            let (name, value) = pair.split_once('=').expect("a pair");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        // A stream goes on for ever.
        let kind = parts.headers.get(header::CONTENT_TYPE);
        let is_stream = kind.is_some_and(|kind| kind == "text/event-stream");
        Page {
            status: parts.status,
            headers: parts.headers,
            bytes: if is_stream {
                let mut body = body;
                let frame = body.frame().await.expect("a frame").expect("a frame");
                frame.into_data().expect("data").to_vec()
            } else {
                to_bytes(body, usize::MAX).await.expect("a body").to_vec()
            },
            path: path.to_owned(),
        }
    }
}

/// A relative reference as a browser reads it (RFC 3986, section 5.2).
pub(crate) fn resolve(base: &str, way: &str) -> String {
    if way.starts_with('/') {
        return way.to_owned();
    }
    let path = base.split('?').next().expect("a path");
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    let (way, query) = way
        .split_once('?')
        .map_or((way, None), |(way, query)| (way, Some(query)));
    for part in way.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}{query}", parts.join("/"))
}
