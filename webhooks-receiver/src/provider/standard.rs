//! Standard Webhooks: in its envelope, as our own sender sends it bare, and under Svix's names.

use super::description::Provider;
use crate::source::EventSource;
use webhooks_signature::Scheme;

/// # Standard Webhooks
impl Provider {
    /// Standard Webhooks in its envelope, as our own sender sends it: `type` names the event, `data` is the payload,
    /// and both are signed.
    pub const STANDARD_WEBHOOKS: Self =
        Self::new("standard-webhooks", Scheme::STANDARD_WEBHOOKS).payload_at("/data");

    /// As [`STANDARD_WEBHOOKS`](Self::STANDARD_WEBHOOKS), signed with Ed25519 (v1a): the secret is the sender's public key,
    /// `whpk_..`.
    pub const STANDARD_WEBHOOKS_ED25519: Self =
        Self::new("standard-webhooks", Scheme::STANDARD_WEBHOOKS_ED25519).payload_at("/data");

    /// As [`STANDARD_WEBHOOKS`](Self::STANDARD_WEBHOOKS), with v1 and v1a together: each secret is used as its prefix says,
    /// `whsec_` or `whpk_`. Also where secrets are [looked up](crate::NeedsSecret::secrets_by).
    pub const STANDARD_WEBHOOKS_V1_V1A: Self =
        Self::new("standard-webhooks", Scheme::STANDARD_WEBHOOKS_V1_V1A).payload_at("/data");

    /// Standard Webhooks with a bare payload, as our own sender sends it: the header `webhook-event` names the event
    /// and is [bound to the id](EventSource::bound_to_id), the body is the payload.
    pub const STANDARD_WEBHOOKS_BARE: Self =
        Self::new("standard-webhooks", Scheme::STANDARD_WEBHOOKS).event_name(EventSource::BARE);

    /// Svix and the many who send through it: `user.created`; `data` is the payload.
    pub const SVIX: Self = Self::new("svix", Scheme::SVIX).payload_at("/data");
}
