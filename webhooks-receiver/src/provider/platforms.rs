//! Files, customers, identities.

use super::Provider;
use crate::event_name::{EventName, MessageId};
use webhooks_signature::Scheme;

/// # Files, customers, identities
impl Provider {
    /// `WorkOS`: `user.created`; the payload is at `/data`.
    pub const WORKOS: Self = Self::new("workos", Scheme::WORKOS)
        .event_name(EventName::json("/event"))
        .payload_at("/data")
        .message_id(MessageId::json("/id"));

    /// HubSpot (signature v3): `contact.creation`; a batch, whose elements are the payloads. HubSpot signs the URL: say
    /// which with [`public_url`](crate::Receiver::public_url).
    pub const HUBSPOT: Self = Self::new("hubspot", Scheme::HUBSPOT_V3)
        .batch_at("")
        .event_name(EventName::json("/subscriptionType"));

    /// Box: `FILE.UPLOADED`; the payload is the whole body.
    pub const BOX: Self = Self::new("box", Scheme::BOX)
        .event_name(EventName::json("/trigger"))
        .message_id(MessageId::header("box-delivery-id"));

    /// Orb: `invoice.issued`; the payload is the whole body.
    pub const ORB: Self = Self::new("orb", Scheme::ORB).message_id(MessageId::json("/id"));
}
