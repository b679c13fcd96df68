//! A receiver on the loopback interface that keeps what it gets.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use tokio::sync::Notify;
use webhooks_sender::target::TargetPolicy;

#[derive(Clone, Default)]
pub(crate) struct Sink(Arc<Inner>);

#[derive(Default)]
struct Inner {
    received: Mutex<Vec<(Uri, HeaderMap, Bytes)>>,
    answers: Mutex<VecDeque<StatusCode>>,
    arrived: Notify,
}

impl Sink {
    /// Serves until the test ends; the URL of its hook.
    pub(crate) async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let app = Router::new().fallback(receive).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        format!("http://{address}/hook")
    }

    pub(crate) fn answer(&self, status: u16) {
        let status = StatusCode::from_u16(status).expect("a status");
        self.0
            .answers
            .lock()
            .expect("not poisoned")
            .push_back(status);
    }

    /// Waits until so many requests have come.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<(Uri, HeaderMap, Bytes)> {
        let all = async {
            loop {
                let arrived = self.0.arrived.notified();
                let received = self.0.received.lock().expect("not poisoned").clone();
                if received.len() >= count {
                    return received;
                }
                arrived.await;
            }
        };
        let waiting = std::time::Duration::from_secs(20);
        tokio::time::timeout(waiting, all)
            .await
            .expect("the requests come within twenty seconds")
    }
}

/// Loopback targets without TLS.
pub(crate) fn loopback() -> TargetPolicy {
    TargetPolicy::default()
        .allow_http()
        .allow_net("127.0.0.0/8".parse().expect("a net"))
}

async fn receive(
    State(sink): State<Sink>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    sink.0
        .received
        .lock()
        .expect("not poisoned")
        .push((uri, headers, body));
    sink.0.arrived.notify_waiters();
    sink.0
        .answers
        .lock()
        .expect("not poisoned")
        .pop_front()
        .unwrap_or(StatusCode::NO_CONTENT)
}
