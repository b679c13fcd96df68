//! What the maker of a subscription is answered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_signature::Secret;

use super::SubscriptionId;

/// A new subscription with what is shown only now. In JSON the secret is in the clear: answer it once, and never log it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Subscribed {
    /// Its id.
    pub id: SubscriptionId,
    /// The secret with which its requests are signed; none in a dialect that signs nothing. It cannot be read again.
    #[serde(serialize_with = "exposed")]
    #[schemars(with = "Option<String>")]
    pub secret: Option<Secret>,
    /// Whether it had been made before, by a request with the same
    /// [key](crate::SubscriptionRequest::idempotency_key). Its secret is then shown once more, unless it was changed since.
    #[schemars(
        description = "Whether it had been made before, by a request with the same idempotency key. Its secret is then \
                       shown once more, unless it was changed since."
    )]
    pub repeated: bool,
    /// Its revision: a change that names it is refused when another one was faster.
    pub revision: i64,
}

#[expect(clippy::ref_option, reason = "serde passes fields by reference")]
fn exposed<S: serde::Serializer>(
    secret: &Option<Secret>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(Secret::expose).serialize(serializer)
}
