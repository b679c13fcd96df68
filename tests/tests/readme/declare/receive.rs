//! Receiving: one's own events.

use super::{Payment, payment_created};

// README
use axum::Router;
use webhooks_receiver::{Provider, Received, Receiver, SetupError, on};

#[on(payment_created)] // another payload does not compile
async fn booked(payment: Received<Payment>) {
    println!("{:?}: {}", payment.id(), payment.data.amount);
}

fn own(secret: &str) -> Result<Router, SetupError> {
    // The sender's default: the body is the payload, and a header names the event. With `.envelope(Envelope::Standard)`
    // on the sender's webhooks it is `Provider::STANDARD_WEBHOOKS`: the body names the event next to the payload.
    let receiver = Receiver::new(Provider::STANDARD_WEBHOOKS_BARE)
        .secret(secret)?
        .on(booked);
    Ok(Router::new().route("/hooks", receiver.into()))
}
// end
