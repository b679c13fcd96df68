//! Chat, telephony and mail.

use super::description::Provider;
use crate::handshake::Plain;
use crate::source::{EventSource, MessageIdSource, MessageShape};
use webhooks_signature::Scheme;

/// # Chat, telephony and mail
impl Provider {
    /// Slack, with everything on one URL: events (`app_mention`; the payload is the inner event), notices about them
    /// (`app_rate_limited`; the whole body), interactions (`block_actions`; the JSON in the form) and commands
    /// (`/deploy`; the form). Slack's handshakes are answered.
    pub const SLACK: Self = Self::new("slack", Scheme::SLACK)
        .event_name(EventSource::json("/event/type"))
        .payload_at("/event")
        .other_shapes(&[
            MessageShape::new(EventSource::json("/type")),
            MessageShape::new(EventSource::json("/command")),
        ])
        .form_field("payload")
        .message_id(MessageIdSource::json("/event_id"))
        .handshake(Plain::Slack);

    /// Discord's webhook events: `APPLICATION_AUTHORIZED`; the payload is at `/event/data`. Pings are answered.
    pub const DISCORD_EVENTS: Self = Self::new("discord", Scheme::DISCORD)
        .event_name(EventSource::json("/event/type"))
        .payload_at("/event/data")
        .handshake(Plain::DiscordEvents);

    /// Discord's interactions: the number of the type, `2` for a command; the payload is the whole body, and the
    /// handler returns Discord's answer as a `Json`. Pings are answered.
    pub const DISCORD_INTERACTIONS: Self = Self::new("discord", Scheme::DISCORD)
        .message_id(MessageIdSource::json("/id"))
        .handshake(Plain::DiscordInteractions);

    /// Zoom: `meeting.started`; the payload is at `/payload`. The validation of the URL is answered.
    pub const ZOOM: Self = Self::new("zoom", Scheme::ZOOM)
        .event_name(EventSource::json("/event"))
        .payload_at("/payload")
        .handshake(Plain::Zoom);

    /// Meta (WhatsApp, and the other products that send changes): the changed field, `messages`; a batch, whose
    /// payloads are the values. Add [`Handshake::meta`](crate::Handshake::meta) with your verify token.
    pub const META: Self = Self::new("meta", Scheme::META)
        .batch_at("/entry/*/changes")
        .event_name(EventSource::json("/field"))
        .payload_at("/value");

    /// LINE: `message`; a batch, whose elements are the payloads.
    pub const LINE: Self = Self::new("line", Scheme::LINE).batch_at("/events");

    /// Twilio: always `request`, since the URL says what it is for; the payload is the form. Twilio signs the URL: say
    /// which with [`public_url`](crate::Receiver::public_url) or [`public_origin`](crate::Receiver::public_origin).
    pub const TWILIO: Self = Self::new("twilio", Scheme::TWILIO)
        .event_name(EventSource::fixed("request"))
        .forms_unless_hashed("bodySHA256");

    /// SendGrid's signed event webhook: `delivered`; a batch, whose elements are the payloads.
    pub const SENDGRID: Self = Self::new("sendgrid", Scheme::SENDGRID)
        .batch_at("")
        .event_name(EventSource::json("/event"));

    /// Mandrill (Mailchimp Transactional): `open`; a batch in the form's field `mandrill_events`, whose elements are
    /// the payloads. Mandrill signs the URL: say which with [`public_url`](crate::Receiver::public_url). Its HEAD is
    /// answered.
    pub const MANDRILL: Self = Self::new("mandrill", Scheme::MANDRILL)
        .only_forms("mandrill_events")
        .batch_at("")
        .event_name(EventSource::json("/event"))
        .handshake(Plain::Head);

    /// Telnyx: `message.received`; the payload is at `/data/payload`.
    pub const TELNYX: Self = Self::new("telnyx", Scheme::TELNYX)
        .event_name(EventSource::json("/data/event_type"))
        .payload_at("/data/payload")
        .message_id(MessageIdSource::json("/data/id"));
}
