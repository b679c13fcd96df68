//! What became of a test request.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use webhooks_signature::RejectionKind;

use crate::report::{Reception, Report};

/// The answer to a test request, and which handlers ran. The assertions return the report, so that they chain.
#[derive(Clone, Debug)]
pub struct TestReport {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    ran: Vec<&'static str>,
    problems: Vec<String>,
    reception: Reception,
}

impl TestReport {
    pub(super) async fn of(report: Report) -> Self {
        let (ran, problems, reception) = (report.handlers, report.problems, report.reception);
        let (status, headers, body) = taken_apart(report.response).await;
        Self {
            status,
            headers,
            body,
            ran,
            problems,
            reception,
        }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body of the answer, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The handlers that were called, in their order, by the path of their function or type.
    pub fn handlers(&self) -> &[&'static str] {
        &self.ran
    }

    /// What went wrong, in words that the sender does not get: why the request could not be authenticated, say, or which
    /// handler failed and how.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Whether the message was recognised as one that came before.
    pub fn is_repeat(&self) -> bool {
        self.reception == Reception::Repeat
    }

    /// What became of the request; of one that could not be authenticated, with the reason.
    pub fn reception(&self) -> &Reception {
        &self.reception
    }

    /// Why the request could not be authenticated, as a kind: missing, malformed, stale or a mismatch apart. None for one
    /// that could. The sender sees no difference.
    ///
    /// ```
    /// use serde_json::json;
    /// use webhooks_receiver::{Provider, Receiver, RejectionKind};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), webhooks_receiver::SetupError> {
    /// let receiver: Receiver = Receiver::new(Provider::GITHUB).secret("s3cret")?;
    /// let mut test = receiver.testing(()).sign_with("another");
    /// let report = test.send("push", json!({})).await;
    /// assert_eq!(report.rejection_kind(), Some(RejectionKind::Mismatch));
    /// # Ok(())
    /// # }
    /// ```
    pub fn rejection_kind(&self) -> Option<RejectionKind> {
        match &self.reception {
            Reception::NotAuthenticated(reason) => Some(reason.kind()),
            _ => None,
        }
    }

    /// # Panics
    ///
    /// When the status is another one.
    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(
            self.status.as_u16(),
            status,
            "{}: {:?}",
            self.text(),
            self.problems
        );
        self
    }

    /// `handler` is the end of its path: `created`, `hooks::created`, `Hooks::created`.
    ///
    /// # Panics
    ///
    /// When no handler of this name was called.
    #[track_caller]
    pub fn assert_handled_by(&self, handler: &str) -> &Self {
        let is_it = |path: &&str| {
            path.strip_suffix(handler)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
        };
        assert!(
            self.ran.iter().any(is_it),
            "`{handler}` was not called, but {:?}; {:?}",
            self.ran,
            self
        );
        self
    }

    /// # Panics
    ///
    /// When a handler was called.
    #[track_caller]
    pub fn assert_unhandled(&self) -> &Self {
        assert!(self.ran.is_empty(), "called: {:?}", self.ran);
        self
    }

    /// # Panics
    ///
    /// When the message was taken for a new one, or a handler was called.
    #[track_caller]
    pub fn assert_repeat(&self) -> &Self {
        assert!(self.is_repeat(), "taken for a new message: {self:?}");
        self.assert_unhandled()
    }
}

async fn taken_apart(response: Response) -> (StatusCode, HeaderMap, Bytes) {
    let (parts, body) = response.into_parts();
    // A handler's own streamed response may break; what came until then is nothing a test can rely on.
    let body = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    (parts.status, parts.headers, body)
}
