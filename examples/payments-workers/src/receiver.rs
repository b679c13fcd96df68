//! The other party: verifies each request and prints what it was told, and by which worker.

use std::convert::Infallible;

use axum::Router;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use webhooks_receiver::{Provider, Received, Receiver, on};

use crate::{Payment, Result, payment_created};

#[on(payment_created)]
async fn book(
    payment: Received<Payment>,
    headers: HeaderMap,
) -> std::result::Result<(), Infallible> {
    let worker = headers
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("an unnamed worker");
    let id = payment.id().unwrap_or_default();
    println!(
        "{id} from {worker}, verified: {} of {}",
        payment.event(),
        payment.data.amount
    );
    Ok(())
}

/// Receives until it gets a signal, with the secret that `subscribe` printed.
pub(crate) async fn receive(port: u16) -> Result<()> {
    let secret = std::env::var("SECRET").map_err(|_| "set SECRET to what `subscribe` printed")?;
    let receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)
        .secret(secret)?
        .on(book);
    let listener = example_server::listen_on(port).await?;
    println!("receiving at http://{}/hooks", listener.local_addr()?);
    let routes = Router::new().route("/hooks", receiver.into());
    axum::serve(listener, routes)
        .with_graceful_shutdown(example_server::told_to_stop())
        .await?;
    Ok(())
}
