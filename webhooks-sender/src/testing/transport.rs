//! A transport without a network: it keeps the requests and gives the answers of the test.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use serde::de::DeserializeOwned;

use crate::client::{Answer, AnswerFuture, Transport, TransportError};

/// A transport without a network: it keeps the requests and gives the answers of the test, by default 204.
#[derive(Debug, Default)]
pub struct TestTransport {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    requests: Vec<TestRequest>,
    answers: VecDeque<Result<Answer, TransportError>>,
    /// What a target answers when no answer is waiting.
    usual: HashMap<String, Result<Answer, TransportError>>,
}

/// A request as it was made.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TestRequest {
    /// The method.
    pub method: String,
    /// The URL.
    pub target: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl TestRequest {
    /// A header's value as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON.
    ///
    /// # Panics
    ///
    /// When it is not valid.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// What the message carries, as its type: the body, or the envelope's `data`.
    ///
    /// # Panics
    ///
    /// When it is not of that type.
    ///
    /// ```
    /// use webhooks_core::{Webhooks, whpost};
    /// use webhooks_sender::{Sender, Subscription};
    ///
    /// #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
    /// struct Payment { amount: u32 }
    ///
    /// /// Sent as soon as the bank has confirmed a payment.
    /// #[whpost("payment.created")]
    /// async fn payment_created(data: Payment);
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let webhooks = Webhooks::new().with(payment_created).build().unwrap();
    /// # let sender = Sender::testing().webhooks(webhooks).start().await?;
    /// # sender.operator().subscribe(Subscription::new("acct_1", "https://example.com/hook").event("*")).await?;
    /// sender.send("acct_1", payment_created(Payment { amount: 10 })).await?;
    /// sender.deliver().await?;
    /// assert_eq!(sender.requests()[0].data::<Payment>(), Payment { amount: 10 });
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    #[track_caller]
    pub fn data<T: DeserializeOwned>(&self) -> T {
        let mut json = self.json();
        let is_enveloped = self.header("webhook-event").is_none() && self.event().is_some();
        if is_enveloped {
            json = json["data"].take();
        }
        serde_json::from_value(json).expect("the payload is of this type")
    }

    /// The event: from the `webhook-event` header, or from the envelope.
    pub fn event(&self) -> Option<&str> {
        self.header("webhook-event").or_else(|| {
            #[derive(serde::Deserialize)]
            struct Envelope<'b> {
                #[serde(rename = "type")]
                event: &'b str,
            }
            serde_json::from_slice::<Envelope<'_>>(&self.body)
                .ok()
                .map(|envelope| envelope.event)
        })
    }
}

/// How a request is answered; see [`TestSender::answer`](super::TestSender::answer).
#[derive(Debug, Clone)]
pub struct TestAnswer(Result<Answer, TransportError>);

impl TestAnswer {
    /// An answer with this status and nothing else.
    ///
    /// # Panics
    ///
    /// When there is no such status.
    pub fn status(status: u16) -> Self {
        let status = StatusCode::from_u16(status).expect("a status from 100 to 999");
        Self(Ok(Answer {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }))
    }

    /// No answer, for this reason.
    pub const fn failure(error: TransportError) -> Self {
        Self(Err(error))
    }

    /// Adds a header.
    ///
    /// # Panics
    ///
    /// When it is not valid.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Ok(answer) = &mut self.0 {
            let name: HeaderName = name.parse().expect("a header name");
            answer
                .headers
                .insert(name, HeaderValue::from_str(value).expect("a header value"));
        }
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        if let Ok(answer) = &mut self.0 {
            answer.body = body.into();
        }
        self
    }
}

impl TestTransport {
    /// Answers the next request that has no answer yet.
    pub fn answer(&self, answer: TestAnswer) {
        self.lock().answers.push_back(answer.0);
    }

    /// Answers every request to this target like this, unless an answer is waiting.
    pub fn answer_at(&self, target: &str, answer: TestAnswer) {
        self.lock().usual.insert(target.to_owned(), answer.0);
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<TestRequest> {
        self.lock().requests.clone()
    }

    /// The requests so far, which are forgotten.
    pub fn take_requests(&self) -> Vec<TestRequest> {
        std::mem::take(&mut self.lock().requests)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for TestTransport {
    fn send(&self, request: Request<Bytes>) -> AnswerFuture<'_> {
        let (head, body) = request.into_parts();
        let (method, target) = (head.method.to_string(), head.uri.to_string());
        let nothing = Answer {
            status: StatusCode::NO_CONTENT,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        };
        let mut state = self.lock();
        let answer = state
            .answers
            .pop_front()
            .or_else(|| state.usual.get(&target).cloned());
        let answer = answer.unwrap_or(Ok(nothing));
        state.requests.push(TestRequest {
            method,
            target,
            headers: head.headers,
            body,
        });
        Box::pin(async move { answer })
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(20)
    }
}

impl Transport for Arc<TestTransport> {
    fn send(&self, request: Request<Bytes>) -> AnswerFuture<'_> {
        (**self).send(request)
    }

    fn timeout(&self) -> Duration {
        (**self).timeout()
    }
}
