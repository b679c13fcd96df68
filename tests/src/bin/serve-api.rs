//! The management API over a database that is in use, for tools of other languages: `DATABASE` says `sqlite` or `postgres`,
//! `PORT` where it listens. Its requests reach no network; a caller's token is its owner, or `operator`.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use sqlx::{Postgres, Sqlite};
use tokio::net::TcpListener;
use webhooks_api::{Ability, Access, Api, Sources};
use webhooks_core::{Descriptor, Message, Webhooks};
use webhooks_sender::notices::operational_webhooks;
use webhooks_sender::settings::RetrySchedule;
use webhooks_sender::testing::{TestAnswer, TestTransport};
use webhooks_sender::{Sender, SubscriptionRequest};
use webhooks_tests::database::Kind;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

static PAYMENT: Descriptor = Descriptor::post("payment.created")
    .docs("Sent as soon as the bank has confirmed a payment.")
    .payload::<Payment>();

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Payment {
    amount: u32,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    match std::env::var("DATABASE").as_deref() {
        Ok(Sqlite::KIND) => serve::<Sqlite>().await,
        Ok(Postgres::KIND) => serve::<Postgres>().await,
        _ => Err("DATABASE must be `sqlite` or `postgres`".into()),
    }
}

async fn access(headers: HeaderMap) -> std::result::Result<Access, StatusCode> {
    let value = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| value.strip_prefix("Bearer "));
    match token {
        None => Err(StatusCode::UNAUTHORIZED),
        Some("operator") => Ok(Access::operator().allow(Ability::ALL).actor("operator")),
        Some(owner) => Ok(Access::owner(owner).allow(Ability::CUSTOMER).actor(owner)),
    }
}

async fn serve<K: Kind>() -> Result<()> {
    let place = K::place().await;
    let transport = Arc::new(TestTransport::default());
    let webhooks = Webhooks::new().with(&PAYMENT).with(operational_webhooks());
    let sender = Sender::new(K::open(&place.address).await?)
        .webhooks(webhooks.build()?)
        .transport(Arc::clone(&transport))
        .retries(RetrySchedule::new([Duration::from_hours(1)]))
        .subscriptions_per_owner(100_000)
        .start()
        .await?;
    let request = SubscriptionRequest::new("https://example.com/hook").event("*");
    sender.of("acct_1").subscribe(request).await?;
    for amount in 0..20 {
        if amount % 3 == 0 {
            transport.answer(TestAnswer::status(500).body("broken"));
        }
        let message = Message::untyped(&PAYMENT, &Payment { amount });
        sender.send("acct_1", message).await?;
    }
    let api = Api::new(&sender, access).sources(Sources::new(["192.0.2.0/24"])?);
    let app = Router::new().merge(api.at("/webhooks"));
    let port = std::env::var("PORT").unwrap_or_else(|_| "0".to_owned());
    let listener = TcpListener::bind(("127.0.0.1", port.parse::<u16>()?)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
