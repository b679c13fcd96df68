//! A view in a module of its own: it knows nothing of the app and of the gateway around it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use webhooks_core::{whpost, whview};

/// Why money went back.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Reason {
    /// The customer asked for it.
    Requested {
        /// What the customer said.
        text: Option<String>,
    },
    /// The bank took it back.
    Chargeback {
        /// The bank's case.
        case: String,
    },
}

/// Money that went back.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Refund {
    /// In the currency of the payment.
    amount: f64,
    /// Why.
    reason: Reason,
    /// When the bank confirmed it.
    refunded_at: Timestamp,
}

/// What happens to refunds.
pub(crate) struct Refunds;

#[whview(prefix = "refund")]
impl Refunds {
    /// Sent when a refund was asked for.
    #[whpost("requested", replaced_by = "refund.opened")]
    async fn requested(&self, data: Refund);

    /// Sent when a refund was asked for, or the bank demands one.
    #[whpost("opened")]
    async fn opened(&self, data: Refund);

    /// Sent when the money is with the customer.
    #[whpost("paid")]
    async fn paid(&self, data: Refund);
}

/// One refund that a customer asked for, and one that the bank took.
pub(crate) fn refund_everything() {
    let requested = Reason::Requested {
        text: Some("too small".to_owned()),
    };
    for reason in [
        requested,
        Reason::Chargeback {
            case: "C-12".to_owned(),
        },
    ] {
        let refund = Refund {
            amount: 12.0,
            reason,
            refunded_at: Timestamp::now(),
        };
        println!("{:?}", Refunds.opened(refund));
    }
}
