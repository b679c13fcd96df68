//! Files, customers, identities.

use super::description::Provider;
use crate::source::{EventSource, MessageIdSource};
use webhooks_signature::Scheme;

/// # Files, customers, identities
impl Provider {
    /// `WorkOS`: `user.created`; the payload is at `/data`.
    pub const WORKOS: Self = Self::new("workos", Scheme::WORKOS)
        .event_name(EventSource::json("/event"))
        .payload_at("/data")
        .message_id(MessageIdSource::json("/id"));

    /// HubSpot (signature v3): `contact.creation`; a batch, whose elements are the payloads. HubSpot signs the URL: say
    /// which with [`public_url`](crate::Receiver::public_url).
    pub const HUBSPOT: Self = Self::new("hubspot", Scheme::HUBSPOT_V3)
        .batch_at("")
        .event_name(EventSource::json("/subscriptionType"));

    /// Box: `FILE.UPLOADED`; the payload is the whole body.
    pub const BOX: Self = Self::new("box", Scheme::BOX)
        .event_name(EventSource::json("/trigger"))
        .message_id(MessageIdSource::header("box-delivery-id"));

    /// Orb: `invoice.issued`; the payload is the whole body.
    pub const ORB: Self = Self::new("orb", Scheme::ORB).message_id(MessageIdSource::json("/id"));
}
