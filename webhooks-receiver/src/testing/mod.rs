//! Testing receivers: signed requests for any scheme, without network and clock.
//!
//! [`Receiver::testing`](crate::Receiver::testing) gives a receiver with a fixed clock that signs its own requests:
//!
//! ```
//! use serde_json::json;
//! use webhooks_receiver::{Provider, Receiver, RecentMessages};
//!
//! #[derive(serde::Deserialize)]
//! struct Charge {
//!     amount: u64,
//! }
//!
//! async fn charged(charge: Charge) -> Result<(), String> {
//!     if charge.amount > 0 { Ok(()) } else { Err("a charge of nothing".into()) }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), webhooks_receiver::SetupError> {
//! let stripe = Receiver::new(Provider::STRIPE)
//!     .secret("whsec_1")?
//!     .deduplicate(RecentMessages::new(100))
//!     .on_event("charge.succeeded", charged);
//! let mut test = stripe.testing(());
//!
//! test.send("charge.succeeded", json!({ "amount": 5 })).await.assert_handled_by("charged").assert_status(200);
//! test.replay().await.assert_repeat();
//! test.send("charge.succeeded", json!({ "amount": 0 })).await.assert_status(500);
//! test.send("charge.succeeded", json!({ "amount": "5" })).await.assert_status(422);
//! test.send("charge.refunded", json!({})).await.assert_unhandled().assert_status(204);
//! # Ok(())
//! # }
//! ```
//!
//! [`SignedRequest`] is the signed request alone, for a whole `Router`.

pub mod conformance;
mod report;
mod signed_request;
mod test_receiver;

pub use report::TestReport;
pub use signed_request::SignedRequest;
pub use test_receiver::TestReceiver;
pub use webhooks_signature::Signer;
