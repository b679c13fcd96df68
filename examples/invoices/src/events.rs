//! What customers can subscribe to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use webhooks_core::whpost;

/// Where an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It waits to be paid.
    Open,
    /// It has been paid.
    Paid,
    /// It was withdrawn.
    Void,
}

impl Status {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paid => "paid",
            Self::Void => "void",
        }
    }
}

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct Invoice {
    /// Its number.
    pub id: i64,
    /// Who pays it.
    pub customer: String,
    /// The amount in the smallest unit of its currency.
    pub amount: i64,
    /// The currency by ISO 4217.
    pub currency: String,
    /// Where it stands.
    pub status: Status,
}

/// Sent when an invoice has been written.
#[whpost("invoice.created", tags = ["invoices"])]
pub async fn invoice_created(data: Invoice);

/// Sent when an invoice has been paid in full.
#[whpost("invoice.paid", tags = ["invoices"])]
pub async fn invoice_paid(data: Invoice);

/// Sent when an invoice was withdrawn.
#[whpost("invoice.voided", tags = ["invoices"])]
pub async fn invoice_voided(data: Invoice);
