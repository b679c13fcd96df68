//! The only way from pages to data: the operations of the management API, called in the process.
//!
//! Every page goes through the API's own router, with the access of its visitor: what the API refuses, a page cannot
//! show. Nothing here knows a database.

mod model;
mod problem;
mod redelivery;
mod running;
mod series;
mod trail;
mod trying;

use axum::body::Body as RequestBody;
use axum::extract::Extension;
use axum::response::Response;
use axum::{Router, extract::Request};
use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower::ServiceExt;
use webhooks_api::{Ability, Access, Api};
use webhooks_sender::Sender;
use webhooks_sender::database::Database;

pub(crate) use model::{
    At, Attempt, Body, Delivery, DeliveryState, Event, List, Message, NewSecret, NewSubscription,
    POLL, Queue, Subscription, SubscriptionState, TestSent, is_fetched,
};
pub(crate) use problem::Problem;
pub(crate) use running::{
    OwnerTotals, Pause, Process, Processes, Retention, SealingKey, StaticReport, StaticState,
};
pub(crate) use series::{AttemptsIn, MessagesIn};
pub(crate) use trail::{AuditEntry, Job, JobState, Statistics, Step};
pub(crate) use trying::Rebuilt;

use crate::fields::query;

/// The API's router, which takes the access that a request carries.
#[derive(Clone)]
pub(crate) struct Source {
    api: Router,
}

/// The access of a request, put there by [`Operations`] and by nothing else: it never comes from outside.
#[derive(Clone)]
struct Caller(Access);

async fn caller(Extension(Caller(access)): Extension<Caller>) -> Result<Access, StatusCode> {
    Ok(access)
}

impl Source {
    pub(crate) fn new<D: Database>(sender: &Sender<D>) -> Self {
        let api = Api::new(sender, caller).router();
        Self { api }
    }

    /// The operations, as this caller may use them.
    pub(crate) fn of(&self, access: &Access) -> Operations {
        Operations {
            api: self.api.clone(),
            access: access.clone(),
        }
    }
}

/// The API's operations for one caller.
pub(crate) struct Operations {
    api: Router,
    access: Access,
}

/// A request to the API, before it is sent.
struct Call<'c> {
    method: Method,
    path: &'c str,
    body: Option<Value>,
    headers: Vec<(header::HeaderName, String)>,
}

type Answer<T> = Result<T, Problem>;

/// Pairs of a query.
pub(crate) type Pairs<'p> = &'p [(&'p str, &'p str)];

/// # Reading
impl Operations {
    pub(crate) async fn events(&self) -> Answer<List<Event>> {
        self.get("/events").await
    }

    pub(crate) async fn event(&self, name: &str) -> Answer<Event> {
        self.get(&format!("/events/{}", segment(name))).await
    }

    pub(crate) async fn subscriptions(&self, pairs: Pairs<'_>) -> Answer<List<Subscription>> {
        self.get(&format!("/subscriptions{}", query(pairs))).await
    }

    pub(crate) async fn subscription(&self, id: &str) -> Answer<Subscription> {
        self.get(&format!("/subscriptions/{}", segment(id))).await
    }

    /// The newest attempts of a subscription, without the bodies of answers.
    pub(crate) async fn attempts_to(&self, id: &str, limit: u32) -> Answer<List<Attempt>> {
        let path = format!("/subscriptions/{}/attempts?limit={limit}", segment(id));
        self.get(&path).await
    }

    pub(crate) async fn message(&self, id: &str) -> Answer<Message> {
        let include = self.include("?include=payload");
        self.get(&format!("/messages/{}{include}", segment(id)))
            .await
    }

    pub(crate) async fn deliveries_of(&self, message: &str) -> Answer<List<Delivery>> {
        self.get(&format!("/messages/{}/deliveries", segment(message)))
            .await
    }

    pub(crate) async fn deliveries(&self, pairs: Pairs<'_>) -> Answer<List<Delivery>> {
        self.get(&format!("/deliveries{}", query(pairs))).await
    }

    pub(crate) async fn delivery(&self, id: &str) -> Answer<Delivery> {
        self.get(&format!("/deliveries/{}", segment(id))).await
    }

    pub(crate) async fn attempts(&self, id: &str) -> Answer<Vec<Attempt>> {
        let include = self.include("?include=response");
        let path = format!("/deliveries/{}/attempts{include}", segment(id));
        let list: List<Attempt> = self.get(&path).await?;
        Ok(list.data)
    }

    /// The newest attempts that failed, over everything that the visitor reaches.
    pub(crate) async fn failed_attempts(&self, limit: &str) -> Answer<List<Attempt>> {
        let pairs = [
            ("status", "3xx"),
            ("status", "4xx"),
            ("status", "5xx"),
            ("status", "none"),
            ("limit", limit),
        ];
        self.get(&format!("/attempts{}", query(&pairs))).await
    }

    pub(crate) async fn queue(&self) -> Answer<Queue> {
        self.get("/queue").await
    }

    /// How the deliveries of a period ended, step by step.
    pub(crate) async fn statistics(&self, id: &str, pairs: Pairs<'_>) -> Answer<Statistics> {
        self.get(&format!(
            "/subscriptions/{}/stats{}",
            segment(id),
            query(pairs)
        ))
        .await
    }

    pub(crate) async fn audit(&self, pairs: Pairs<'_>) -> Answer<List<AuditEntry>> {
        self.get(&format!("/audit{}", query(pairs))).await
    }

    pub(crate) async fn jobs(&self, pairs: Pairs<'_>) -> Answer<List<Job>> {
        self.get(&format!("/jobs{}", query(pairs))).await
    }

    pub(crate) async fn job(&self, id: &str) -> Answer<Job> {
        self.get(&format!("/jobs/{}", segment(id))).await
    }

    /// What asks for payloads and answers, where the visitor may read them.
    fn include(&self, asked: &'static str) -> &'static str {
        if self.access.allows(Ability::Payload) {
            asked
        } else {
            ""
        }
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Answer<T> {
        self.call(Call::new(Method::GET, path)).await
    }
}

/// # Changing
impl Operations {
    /// With a key under which the API makes it once.
    pub(crate) async fn create(
        &self,
        owner: Option<&str>,
        body: Value,
        key: &str,
    ) -> Answer<NewSubscription> {
        let path = match owner {
            Some(owner) => format!("/subscriptions{}", query(&[("owner", owner)])),
            None => "/subscriptions".to_owned(),
        };
        let call = Call::new(Method::POST, &path).body(body);
        self.call(call.header(header::HeaderName::from_static("idempotency-key"), key))
            .await
    }

    /// Changes the revision that was read, or nothing.
    pub(crate) async fn change(
        &self,
        id: &str,
        revision: i64,
        changes: Value,
    ) -> Answer<Subscription> {
        let path = format!("/subscriptions/{}", segment(id));
        let call = Call::new(Method::PATCH, &path).body(changes);
        self.call(call.header(header::IF_MATCH, &format!("\"{revision}\"")))
            .await
    }

    pub(crate) async fn remove(&self, id: &str) -> Answer<()> {
        let path = format!("/subscriptions/{}", segment(id));
        self.call(Call::new(Method::DELETE, &path)).await
    }

    pub(crate) async fn pause(&self, id: &str) -> Answer<()> {
        self.post(&format!("/subscriptions/{}/pause", segment(id)), None)
            .await
    }

    pub(crate) async fn activate(&self, id: &str) -> Answer<()> {
        self.post(&format!("/subscriptions/{}/activate", segment(id)), None)
            .await
    }

    pub(crate) async fn rotate(&self, id: &str, grace_seconds: u64) -> Answer<NewSecret> {
        let body = json!({ "grace_seconds": grace_seconds });
        self.post(
            &format!("/subscriptions/{}/rotate-secret", segment(id)),
            Some(body),
        )
        .await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: Option<Value>) -> Answer<T> {
        let mut call = Call::new(Method::POST, path);
        call.body = body;
        self.call(call).await
    }

    /// What the API answers; a problem is read.
    async fn answer(&self, call: Call<'_>) -> Answer<Response> {
        let mut request = call.request()?;
        request.extensions_mut().insert(Caller(self.access.clone()));
        let response = match self.api.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let body = response.into_body().collect().await;
        let body = body.map_err(|_| Problem::internal())?.to_bytes();
        Err(Problem::read(status, &body))
    }

    async fn call<T: DeserializeOwned>(&self, call: Call<'_>) -> Answer<T> {
        let body = self.answer(call).await?.into_body().collect().await;
        let body = body.map_err(|_| Problem::internal())?.to_bytes();
        let body = if body.is_empty() {
            Bytes::from_static(b"null")
        } else {
            body
        };
        serde_json::from_slice(&body).map_err(|error| {
            tracing::error!(%error, "the webhooks portal cannot read an answer of the API");
            Problem::internal()
        })
    }
}

impl<'c> Call<'c> {
    fn new(method: Method, path: &'c str) -> Self {
        Self {
            method,
            path,
            body: None,
            headers: Vec::new(),
        }
    }

    fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    fn header(mut self, name: header::HeaderName, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    fn request(self) -> Answer<Request> {
        let body = match &self.body {
            Some(body) => RequestBody::from(body.to_string()),
            None => RequestBody::empty(),
        };
        let mut request = Request::new(body);
        *request.method_mut() = self.method;
        *request.uri_mut() = self.path.parse().map_err(|_| Problem::not_found())?;
        let headers = request.headers_mut();
        if self.body.is_some() {
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            );
        }
        for (name, value) in self.headers {
            let value = HeaderValue::from_str(&value).map_err(|_| Problem::internal())?;
            headers.insert(name, value);
        }
        Ok(request)
    }
}

/// A part of a path, with everything encoded that could end it.
pub(crate) fn segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
    // A part of dots alone would be a way up.
    if encoded.bytes().all(|byte| byte == b'.') {
        encoded = encoded.replace('.', "%2E");
    }
    encoded
}

fn hex(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_path_stays_one_part() {
        assert_eq!(segment("sub_01-a.b"), "sub_01-a.b");
        assert_eq!(segment("../a?b#c"), "..%2Fa%3Fb%23c");
        assert_eq!(segment(".."), "%2E%2E");
        assert_eq!(segment("ä"), "%C3%A4");
    }
}
