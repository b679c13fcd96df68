//! Receives from several providers: `STRIPE_SECRET=new,old cargo run -p providers`.
//!
//! Each provider whose secret is set has a route. A secret is one, or several with commas between them while it is
//! being changed. `GET /ledger` shows what came in.

mod ledger;

use std::env;
use std::error::Error;
use std::time::Duration;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use webhooks_receiver::{Handshake, Provider, Received, Receiver, RecentMessages, SetupError, on};

use ledger::{Entry, Ledger};

#[derive(Deserialize)]
struct Charge {
    amount: u64,
    currency: String,
}

#[on("charge.succeeded")]
async fn charged(charge: Received<Charge>, State(ledger): State<Ledger>) -> Result<(), String> {
    let Charge { amount, currency } = &charge.data;
    if *amount == 0 {
        return Err("a charge of nothing".to_owned());
    }
    ledger.add(Entry::new(
        "stripe",
        charge.event(),
        format!("{amount} {currency}"),
    ));
    Ok(())
}

#[derive(Deserialize)]
struct Product {
    title: String,
}

#[on("products/create", "products/update")]
async fn product(product: Received<Product>, State(ledger): State<Ledger>) {
    ledger.add(Entry::new(
        "shopify",
        product.event(),
        product.data.title.clone(),
    ));
}

/// Several handlers that share a value.
struct Watch {
    who: &'static str,
}

#[on]
impl Watch {
    #[on("*")]
    async fn all(&self, message: Received, State(ledger): State<Ledger>) {
        ledger.add(Entry::new(
            self.who,
            message.event(),
            format!("{} bytes", message.body().len()),
        ));
    }
}

/// A receiver with the secrets of an environment variable; none if it is not set.
fn receiver(provider: Provider, variable: &str) -> Result<Option<Receiver<Ledger>>, SetupError> {
    let Ok(secrets) = env::var(variable) else {
        return Ok(None);
    };
    let receiver = Receiver::new(provider).secrets(secrets.split(',').map(str::trim))?;
    Ok(Some(
        receiver
            .answer_within(Duration::from_secs(2))
            .deduplicate(RecentMessages::new(10_000)),
    ))
}

fn routes() -> Result<Router<Ledger>, Box<dyn Error>> {
    let watch = |who| move |receiver: Receiver<Ledger>| receiver.on(Watch { who });
    let stripe = receiver(Provider::STRIPE, "STRIPE_SECRET")?.map(|stripe| stripe.on(charged));
    let shopify = receiver(Provider::SHOPIFY, "SHOPIFY_SECRET")?.map(|shopify| shopify.on(product));
    let mut meta = receiver(Provider::META, "META_SECRET")?.map(watch("meta"));
    if let Ok(token) = env::var("META_VERIFY_TOKEN") {
        let handshake = Handshake::meta(token)?;
        meta = meta.map(|meta| meta.handshake(handshake));
    }
    let receivers = [
        ("/stripe", stripe),
        ("/shopify", shopify),
        ("/meta", meta),
        (
            "/slack",
            receiver(Provider::SLACK, "SLACK_SECRET")?.map(watch("slack")),
        ),
        (
            "/github",
            receiver(Provider::GITHUB, "GITHUB_SECRET")?.map(watch("github")),
        ),
        (
            "/svix",
            receiver(Provider::SVIX, "SVIX_SECRET")?.map(watch("svix")),
        ),
        (
            "/standard",
            receiver(Provider::STANDARD_WEBHOOKS, "STANDARD_SECRET")?.map(watch("standard")),
        ),
    ];
    let known = receivers
        .into_iter()
        .filter_map(|(path, receiver)| Some((path, receiver?)));
    Ok(known.fold(Router::new(), |routes, (path, receiver)| {
        routes.route(path, receiver.into())
    }))
}

async fn read(State(ledger): State<Ledger>) -> Json<Vec<Entry>> {
    Json(ledger.entries())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let app = Router::new()
        .nest("/hooks", routes()?)
        .route("/ledger", get(read))
        .with_state(Ledger::default());
    let listener = example_server::listen().await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn stripe() -> Result<Receiver<Ledger>, SetupError> {
        Ok(Receiver::new(Provider::STRIPE)
            .secrets(["new", "old"])?
            .on(charged))
    }

    #[tokio::test]
    async fn a_charge_is_booked_under_the_new_secret_and_under_the_old_one()
    -> Result<(), SetupError> {
        for secret in ["new", "old"] {
            let ledger = Ledger::default();
            let mut test = stripe()?.testing(ledger.clone()).sign_with(secret);
            let charge = json!({ "amount": 5, "currency": "eur" });
            test.send("charge.succeeded", charge)
                .await
                .assert_handled_by("charged")
                .assert_status(200);
            assert_eq!(
                ledger.entries(),
                [Entry::new("stripe", "charge.succeeded", "5 eur")]
            );
        }
        Ok(())
    }

    #[tokio::test]
    async fn a_charge_of_nothing_is_sent_again() -> Result<(), SetupError> {
        let mut test = stripe()?.testing(Ledger::default());
        test.send(
            "charge.succeeded",
            json!({ "amount": 0, "currency": "eur" }),
        )
        .await
        .assert_status(500);
        Ok(())
    }
}
