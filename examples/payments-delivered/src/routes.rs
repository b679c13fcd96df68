//! What the application serves: payments, the management API, a portal for customers and a dashboard for operators.

use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use sqlx::sqlite::{Sqlite, SqlitePool};
use webhooks_api::{Ability, Access, Api};
use webhooks_portal::{Brand, Links, Portal};
use webhooks_sender::Sender;

use crate::app::{Payment, pay};

pub(crate) fn routes(pool: SqlitePool, sender: Sender<Sqlite>) -> Router {
    let api = Api::new(&sender, access);
    let brand = Brand::new("Acme Payments");
    let mut portal = Portal::new(&sender, customer)
        .brand(brand.clone())
        .api("/webhooks")
        .open_by_links();
    if let Some(origin) = embedding_site() {
        portal = portal.embed_in(origin);
    }
    let dashboard = Portal::new(&sender, operator).brand(brand);
    Router::new()
        .route("/payments", post(create_payment))
        .route("/portal-links", post(create_link))
        .merge(api.at("/webhooks"))
        .merge(portal.documentation("/docs").at("/portal"))
        .merge(dashboard.documentation("/docs").at("/operator"))
        .with_state((pool, sender))
}

/// Who asks. A real application takes its session as an argument and looks up whose it is; here there is one customer
/// with one token, who may do all that customers may.
async fn access(headers: HeaderMap) -> Result<Access, StatusCode> {
    let token = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
    if token != Some(b"Bearer acct_1") {
        return Err(StatusCode::UNAUTHORIZED);
    }
    Ok(Access::owner("acct_1").allow(Ability::CUSTOMER))
}

/// Who looks at the portal: here the one customer, without a login. A real application takes its session, as above.
async fn customer() -> Result<Access, StatusCode> {
    Ok(Access::owner("acct_1").allow(Ability::CUSTOMER))
}

/// Who looks at the dashboard. This example listens on this machine alone.
async fn operator() -> Result<Access, StatusCode> {
    Ok(Access::operator().allow(Ability::CUSTOMER))
}

/// The site of the product that shows the portal in a frame, such as `http://localhost:3000`.
fn embedding_site() -> Option<String> {
    std::env::var("EMBED_IN").ok()
}

/// A link by which the customer opens the portal without a login: from an e-mail, or in a frame of the product.
async fn create_link(
    State((_, sender)): State<(SqlitePool, Sender<Sqlite>)>,
    headers: HeaderMap,
) -> Result<String, StatusCode> {
    access(headers).await?;
    let mut link = Links::new(&sender).to("acct_1").allow(Ability::CUSTOMER);
    if let Some(origin) = embedding_site() {
        link = link.embed_in(origin);
    }
    let created = link.create().await;
    let created = created.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(created.url("/portal"))
}

async fn create_payment(
    State((pool, sender)): State<(SqlitePool, Sender<Sqlite>)>,
    Json(payment): Json<Payment>,
) -> StatusCode {
    match pay(&pool, &sender, payment.amount).await {
        Ok(()) => StatusCode::CREATED,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
