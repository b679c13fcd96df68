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

    /// Standard Webhooks with a bare payload, as our own sender sends it: the header `webhook-event` names the event
    /// and is [bound to the id](EventSource::bound_to_id), the body is the payload.
    pub const STANDARD_WEBHOOKS_BARE: Self =
        Self::new("standard-webhooks", Scheme::STANDARD_WEBHOOKS).event_name(EventSource::BARE);

    /// Svix and the many who send through it: `user.created`; `data` is the payload.
    pub const SVIX: Self = Self::new("svix", Scheme::SVIX).payload_at("/data");
}
