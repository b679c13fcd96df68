//! Files, customers, identities.

use super::description::Provider;
use crate::handshake::Plain;
use crate::source::{EventSource, MessageIdSource, MessageShape};
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
        .event_name(EventSource::json("/subscriptionType"))
        // HubSpot's own documentation has it under both names.
        .other_shapes(&[MessageShape::new(EventSource::json("/eventType"))]);

    /// Box: `FILE.UPLOADED`; the payload is the whole body.
    pub const BOX: Self = Self::new("box", Scheme::BOX)
        .event_name(EventSource::json("/trigger"))
        .message_id(MessageIdSource::header("box-delivery-id"));

    /// Dropbox: always `changed`; the payload is the whole body, which lists the accounts. The GET that registers a URL is
    /// answered.
    pub const DROPBOX: Self = Self::new("dropbox", Scheme::DROPBOX)
        .event_name(EventSource::fixed("changed"))
        .handshake(Plain::Dropbox);

    /// OpenAI: `response.completed`; the payload is at `/data`.
    pub const OPENAI: Self = Self::new("openai", Scheme::OPENAI).payload_at("/data");

    /// Orb: `invoice.issued`; the payload is the whole body.
    pub const ORB: Self = Self::new("orb", Scheme::ORB).message_id(MessageIdSource::json("/id"));
}
