//! What makes the portal worth looking at: other customers, targets that fail in different ways, events that go on.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;
use sqlx::sqlite::Sqlite;
use webhooks_sender::query::Poll;
use webhooks_sender::{Sender, Subscription, SubscriptionRequest};

use crate::Result;
use crate::app::{Payment, Payout, Refund, payment_created, payment_refunded, payout_paid};

/// Targets of other parties, all of them on this machine: one works, the others fail as targets do.
pub(crate) fn targets() -> Router {
    let wants_fewer = || async {
        let later = [(header::RETRY_AFTER, "900")];
        (StatusCode::TOO_MANY_REQUESTS, later, "slow down, please")
    };
    Router::new()
        .route(
            "/targets/warehouse",
            post(|| async { Json(json!({ "received": true })) }),
        )
        .route("/targets/crm", post(crm))
        .route("/targets/ledger", post(ledger))
        .route("/targets/old-shop", post(|| async { StatusCode::GONE }))
        .route("/targets/analytics", post(wants_fewer))
}

/// Its application fails.
async fn crm() -> impl IntoResponse {
    let answer = json!({ "error": "relation \"contact\" does not exist", "request": "c7d0a1" });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(answer))
}

/// It does its work before it answers.
async fn ledger() -> StatusCode {
    tokio::time::sleep(Duration::from_millis(2_400)).await;
    StatusCode::OK
}

/// Customers and their targets: owner, path, events, and what it is for.
const SUBSCRIPTIONS: [(&str, &str, &str, &str); 8] = [
    ("acct_1", "warehouse", "payout.*", "Warehouse"),
    ("acct_1", "crm", "payment.refunded", "CRM, support team"),
    ("acct_1", "ledger", "payout.paid", "Ledger"),
    (
        "acct_1",
        "old-shop",
        "payment.refunded",
        "The shop before the move",
    ),
    ("globex", "warehouse", "*", ""),
    ("globex", "crm", "payment.*", "Globex CRM"),
    ("initech", "analytics", "payment.*", "Analytics"),
    ("initech", "missing", "payout.paid", "A path with a typo"),
];

/// Makes the subscriptions, then lets an event happen every few seconds, for as long as the program runs.
pub(crate) async fn keep_alive(sender: &Sender<Sqlite>, address: SocketAddr) -> Result<()> {
    for (owner, path, events, description) in SUBSCRIPTIONS {
        let target = format!("http://{address}/targets/{path}");
        let subscription = Subscription::new(owner, target).event(events);
        sender
            .operator()
            .subscribe(subscription.description(description))
            .await?;
    }
    let account = sender.of("acct_1");
    let plant = SubscriptionRequest::poll()
        .event("payout.*")
        .description("The plant, behind a firewall");
    let plant = account.subscribe(plant).await?.id;
    let mut handled = Vec::new();
    for round in 0_u32.. {
        let refund = Refund {
            amount: 5 + round % 7,
            reason: "returned".to_owned(),
        };
        let payout = Payout {
            amount: 9_007_199_254_740_993 + u64::from(round),
            currency: "EUR".to_owned(),
            iban: "DE02 1203 0000 0000 2020 51".to_owned(),
        };
        let amount = 10 + round % 50;
        sender
            .send("acct_1", payment_refunded(refund.clone()))
            .await?;
        sender.send("acct_1", payout_paid(payout.clone())).await?;
        sender
            .send("globex", payment_created(Payment { amount }))
            .await?;
        sender.send("globex", payment_refunded(refund)).await?;
        sender
            .send("initech", payment_created(Payment { amount }))
            .await?;
        sender.send("initech", payout_paid(payout)).await?;
        // The plant asks now and then, and acknowledges what it was given before.
        let question = Poll::new().acknowledge(std::mem::take(&mut handled));
        let answer = account.poll(&plant, question).await?;
        handled.extend(answer.messages.into_iter().map(|message| message.receipt));
        // The first ones come quickly, so that no page is empty.
        let pause = if round < 20 { 50 } else { 5_000 };
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    Ok(())
}
