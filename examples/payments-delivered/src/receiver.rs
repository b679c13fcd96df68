//! The receiver: another party's application, which verifies each request and calls the function for its event.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use webhooks_receiver::{Provider, Received, Secret, SetupError, on};

use crate::app::{Payment, payment_created};

/// What the other party keeps: how many payments it was told of, and how often it will still fail.
#[derive(Clone, Default)]
pub(crate) struct Books(Arc<Counts>);

#[derive(Default)]
struct Counts {
    failures_left: AtomicU32,
    accepted: AtomicU32,
}

impl Books {
    /// Fails the next requests.
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

/// Answers 500, so that the sender tries again.
#[derive(Debug)]
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the books are closed")
    }
}

impl std::error::Error for Broken {}

#[on(payment_created)]
async fn book(
    payment: Received<Payment>,
    State(Books(counts)): State<Books>,
) -> Result<(), Broken> {
    let id = payment.id().unwrap_or_default();
    let failing = |left: u32| left.checked_sub(1);
    if counts
        .failures_left
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, failing)
        .is_ok()
    {
        println!("  receiver: {id} answered with 500");
        return Err(Broken);
    }
    println!(
        "  receiver: {id} verified: {} of {}",
        payment.event(),
        payment.data.amount
    );
    counts.accepted.fetch_add(1, Ordering::SeqCst);
    Ok(())
}

/// The route for the sender's requests.
pub(crate) fn route(secret: &Secret, books: Books) -> Result<Router, SetupError> {
    let receiver = webhooks_receiver::Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(secret.clone())?
        .on(book);
    Ok(Router::new()
        .route("/hooks", receiver.into())
        .with_state(books))
}
