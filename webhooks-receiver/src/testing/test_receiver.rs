//! A receiver with a clock that stands still, and a key to sign with.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::http::Request;
use bytes::Bytes;
use serde::Serialize;
use webhooks_signature::{Scheme, Secret, Signer};

use super::{SignedRequest, TestReport};
use crate::endpoint::Endpoint;
use crate::layout::TestMessage;
use crate::report::Report;

/// 2026-01-01T00:00:00Z. Any time does, as long as it is always the same.
const NOW: Duration = Duration::from_secs(1_767_225_600);

/// A receiver under test; see [the module](super).
pub struct TestReceiver<S = ()> {
    endpoint: Arc<Endpoint<S>>,
    state: S,
    now: SystemTime,
    url: String,
    scheme: Option<Scheme>,
    signer: Result<Signer, String>,
    sent: u32,
    last: Option<Request<Bytes>>,
}

impl<S: Clone + Send + Sync + 'static> TestReceiver<S> {
    pub(crate) fn new(
        endpoint: Endpoint<S>,
        scheme: Option<Scheme>,
        url: Option<String>,
        state: S,
    ) -> Self {
        let signer = match (&scheme, endpoint.secrets.first()) {
            (Some(scheme), Some(secret)) => {
                scheme.signer([secret]).map_err(|error| error.to_string())
            }
            (Some(_), None) => Err("the receiver looks its secrets up".to_owned()),
            (None, _) => Err("the receiver has a verifier of its own".to_owned()),
        };
        let url = url.unwrap_or_else(|| "https://example.com/hook".to_owned());
        Self {
            endpoint: Arc::new(endpoint),
            state,
            now: UNIX_EPOCH + NOW,
            url,
            scheme,
            signer,
            sent: 0,
            last: None,
        }
    }

    /// Signs with this secret instead of the receiver's first: the private key to a public one, or a wrong one.
    ///
    /// # Panics
    ///
    /// When the scheme cannot sign with it.
    pub fn sign_with(mut self, secret: &str) -> Self {
        let scheme = self.scheme.as_ref().expect(
            "the receiver has a verifier of its own; say what it accepts with `signer`, as in \
                 `test.signer(Scheme::GITHUB.signer([secret])?)`",
        );
        let secret = Secret::new(secret).expect("a test signs with a secret");
        self.signer = Ok(scheme
            .signer([secret])
            .expect("the secret of the test fits the scheme"));
        self
    }

    /// Signs with this signer, whatever the receiver's scheme is: for a receiver with a
    /// [verifier of its own](crate::Receiver::with_verifier).
    ///
    /// ```
    /// use serde_json::json;
    /// use webhooks_receiver::{AnyOf, Provider, Receiver, Scheme, Secret};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (old, new) = (Secret::new("token")?, Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?);
    /// let either = AnyOf::new([Scheme::GITLAB_TOKEN.verifier([old])?, Scheme::GITLAB_SIGNED.verifier([&new])?]);
    /// let receiver: Receiver = Receiver::with_verifier(Provider::GITLAB, either);
    /// let mut test = receiver
    ///     .on_event("Push Hook", async || ())
    ///     .testing(())
    ///     .signer(Scheme::GITLAB_SIGNED.signer([&new])?);
    /// test.send("Push Hook", json!({})).await.assert_status(200);
    /// # Ok(())
    /// # }
    /// ```
    pub fn signer(mut self, signer: Signer) -> Self {
        self.signer = Ok(signer);
        self
    }

    /// The time of the receiver's clock, in which requests are signed too.
    pub fn now(&self) -> SystemTime {
        self.now
    }

    /// Turns the clock forward.
    pub fn wait(&mut self, time: Duration) -> &mut Self {
        self.now += time;
        self
    }

    /// Sends a message of this event, laid out as the provider does it, under a new id.
    ///
    /// # Panics
    ///
    /// When the payload cannot be written, the scheme cannot sign with the receiver's secret, or the event's name
    /// is in the route.
    pub async fn send(&mut self, event: &str, payload: impl Serialize) -> TestReport {
        self.sent += 1;
        let id = format!("msg_{}", self.sent);
        let payload = serde_json::to_value(payload).expect("the payload of a test can be written");
        let TestMessage { headers, id, body } =
            self.endpoint.layout.compose(event, payload, &id).expect(
                "a name that stands in the route is tested through a `Router`, with a `SignedRequest`",
            );
        let mut request = SignedRequest::new(body.to_string()).id(id);
        for (name, value) in headers {
            request = request.header(name, &value);
        }
        self.send_signed(request).await
    }

    /// Signs and sends this request.
    ///
    /// # Panics
    ///
    /// When the scheme cannot sign it with the receiver's secret.
    pub async fn send_signed(&mut self, request: SignedRequest) -> TestReport {
        let signer = match &self.signer {
            Ok(signer) => signer,
            Err(error) => panic!(
                "{error}; {}",
                if self.scheme.is_some() {
                    "give the secret to sign with to `sign_with`"
                } else {
                    "say what it accepts with `signer`, as in `test.signer(Scheme::GITHUB.signer([secret])?)`, or send a \
                     request of your own with `send_as_it_is`"
                }
            ),
        };
        let request = request.url(&self.url).sign(signer, self.now);
        self.send_as_it_is(request).await
    }

    /// Sends this request without signing it.
    ///
    /// # Panics
    ///
    /// When its body breaks off.
    pub async fn send_as_it_is(&mut self, request: Request<Body>) -> TestReport {
        let (parts, body) = request.into_parts();
        let body = http_body_util::BodyExt::collect(body)
            .await
            .expect("the body of a test is whole")
            .to_bytes();
        self.last = Some(Request::from_parts(parts, body));
        self.replay().await
    }

    /// The last request as it was sent, to change it and send it [as it is](Self::send_as_it_is).
    pub fn last_request(&self) -> Option<Request<Bytes>> {
        self.last.clone()
    }

    /// Sends the last request again, byte for byte.
    ///
    /// # Panics
    ///
    /// When nothing was sent before.
    pub async fn replay(&self) -> TestReport {
        let request = self
            .last
            .clone()
            .expect("something was sent before")
            .map(Body::from);
        let report: Report = Arc::clone(&self.endpoint)
            .receive(request, self.state.clone(), self.now)
            .await;
        TestReport::of(report).await
    }
}

impl<S> std::fmt::Debug for TestReceiver<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestReceiver")
            .field("now", &self.now)
            .field("sent", &self.sent)
            .finish_non_exhaustive()
    }
}
