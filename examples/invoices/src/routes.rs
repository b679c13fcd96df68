//! The HTTP API of invoices, described by utoipa, with the webhooks' API next to it.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use utoipa::ToSchema;
use webhooks_api::Api;
use webhooks_sender::trace::ContinueTrace;

use crate::App;
use crate::accounts::{Account, access};
use crate::books::{self, Failure};
use crate::database::{NewInvoice, Tables};
use crate::events::Invoice;

/// An invoice that is to be written.
#[derive(Debug, Deserialize, ToSchema)]
pub struct InvoiceRequest {
    /// Who pays it.
    customer: String,
    /// The amount in the smallest unit of its currency.
    #[schema(minimum = 1)]
    amount: i64,
    /// The currency by ISO 4217.
    #[schema(min_length = 3, max_length = 3)]
    currency: String,
}

/// Which part of the list is asked for.
#[derive(Debug, Deserialize)]
pub struct Part {
    /// The number of the last invoice that is known already.
    #[serde(default)]
    after: i64,
}

/// What a request is refused with.
#[derive(Debug)]
pub enum Refusal {
    /// The invoice makes no sense.
    Invalid(&'static str),
    /// The account has no such invoice that is open.
    NotOpen,
    /// It is our fault; the log says what.
    Failed,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Invalid(reason) => (StatusCode::UNPROCESSABLE_ENTITY, reason).into_response(),
            Self::NotOpen => (
                StatusCode::CONFLICT,
                "there is no such invoice that is open",
            )
                .into_response(),
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

impl From<Failure> for Refusal {
    fn from(error: Failure) -> Self {
        tracing::error!(error, "a request failed");
        Self::Failed
    }
}

/// Write an invoice
///
/// It is open until it is paid or withdrawn.
#[utoipa::path(
    post,
    path = "/invoices",
    tag = "invoices",
    request_body = InvoiceRequest,
    responses((status = 201, description = "Written; subscribers are notified.", body = Invoice), (status = 422, description = "The invoice makes no sense.")),
)]
async fn create<D: Tables>(
    State(app): State<App<D>>,
    account: Account,
    Json(request): Json<InvoiceRequest>,
) -> Result<(StatusCode, Json<Invoice>), Refusal> {
    if request.amount < 1 || request.currency.len() != 3 {
        return Err(Refusal::Invalid(
            "the amount must be positive, and the currency have three letters",
        ));
    }
    let new = NewInvoice {
        customer: request.customer,
        amount: request.amount,
        currency: request.currency,
    };
    let invoice = books::create(&app, &account.0, &new).await?;
    Ok((StatusCode::CREATED, Json(invoice)))
}

/// List invoices
///
/// By number; the last one that was seen asks for those behind it.
#[utoipa::path(
    get,
    path = "/invoices",
    tag = "invoices",
    params(("after" = Option<i64>, Query, description = "The number of the last invoice that is known already.")),
    responses((status = 200, description = "At most a hundred, by number.", body = [Invoice])),
)]
async fn list<D: Tables>(
    State(app): State<App<D>>,
    account: Account,
    Query(part): Query<Part>,
) -> Result<Json<Vec<Invoice>>, Refusal> {
    let mut connection = app.pool.acquire().await.map_err(Failure::from)?;
    let invoices = D::list(&mut connection, &account.0, part.after).await;
    Ok(Json(invoices.map_err(Failure::from)?))
}

/// Take note of a payment
///
/// An invoice is paid once; a second call is refused.
#[utoipa::path(
    post,
    path = "/invoices/{id}/pay",
    tag = "invoices",
    params(("id" = i64, Path, description = "The invoice's number.")),
    responses((status = 200, description = "Paid; subscribers are notified.", body = Invoice), (status = 409, description = "It is not open.")),
)]
async fn pay<D: Tables>(
    State(app): State<App<D>>,
    account: Account,
    Path(id): Path<i64>,
) -> Result<Json<Invoice>, Refusal> {
    let paid = books::pay(&app, &account.0, id).await?;
    paid.map(Json).ok_or(Refusal::NotOpen)
}

/// Withdraw an invoice
///
/// It can no longer be paid.
#[utoipa::path(
    post,
    path = "/invoices/{id}/void",
    tag = "invoices",
    params(("id" = i64, Path, description = "The invoice's number.")),
    responses((status = 200, description = "Withdrawn; subscribers are notified.", body = Invoice), (status = 409, description = "It is not open.")),
)]
async fn void<D: Tables>(
    State(app): State<App<D>>,
    account: Account,
    Path(id): Path<i64>,
) -> Result<Json<Invoice>, Refusal> {
    let voided = books::void(&app, &account.0, id).await?;
    voided.map(Json).ok_or(Refusal::NotOpen)
}

/// The document of these routes.
#[derive(Debug, utoipa::OpenApi)]
#[openapi(paths(create, list, pay, void), tags((name = "invoices", description = "What customers owe.")))]
pub struct Routes;

/// All routes: what a handler sends continues the trace of its request.
pub fn router<D: Tables>(app: App<D>) -> Router {
    let webhooks = Api::new(&app.sender, access).at("/webhooks");
    Router::new()
        .route("/invoices", get(list::<D>).post(create::<D>))
        .route("/invoices/{id}/pay", post(pay::<D>))
        .route("/invoices/{id}/void", post(void::<D>))
        .merge(webhooks)
        .layer(ContinueTrace)
        .with_state(app)
}
