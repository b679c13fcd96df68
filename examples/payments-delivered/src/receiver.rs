//! The receiver: another party's application, which verifies each request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use webhooks_signature::{Request, Scheme, SchemeVerifier, Secret, SetupError, Verifier as _};

#[derive(Clone)]
pub(crate) struct Receiver(Arc<Inner>);

struct Inner {
    verifier: SchemeVerifier,
    failures_left: AtomicU32,
    accepted: AtomicU32,
}

impl Receiver {
    pub(crate) fn new(secret: &Secret) -> Result<Self, SetupError> {
        let verifier = Scheme::STANDARD_WEBHOOKS.verifier([secret])?;
        Ok(Self(Arc::new(Inner { verifier, failures_left: AtomicU32::new(0), accepted: AtomicU32::new(0) })))
    }

    pub(crate) fn route(&self) -> Router {
        Router::new().route("/hooks", post(receive)).with_state(self.clone())
    }

    /// Answers the next requests with 500.
    pub(crate) fn fail(&self, times: u32) {
        self.0.failures_left.store(times, Ordering::SeqCst);
    }

    pub(crate) fn accepted(&self) -> u32 {
        self.0.accepted.load(Ordering::SeqCst)
    }

    pub(crate) async fn wait_for(&self, count: u32) {
        while self.accepted() < count {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn receive(State(Receiver(inner)): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let pairs: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let Ok(verified) = inner.verifier.verify(&Request::new(&pairs, &body), SystemTime::now()) else {
        return StatusCode::UNAUTHORIZED;
    };
    let id = verified.id().unwrap_or_default();
    let fails =
        inner.failures_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    if fails.is_ok() {
        println!("  receiver: {id} refused with 500");
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    println!("  receiver: {id} verified: {}", String::from_utf8_lossy(&body));
    inner.accepted.fetch_add(1, Ordering::SeqCst);
    StatusCode::NO_CONTENT
}
