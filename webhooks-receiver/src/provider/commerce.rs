//! Payments and shops.

use super::description::Provider;
use crate::handshake::Plain;
use crate::source::{EventSource, MessageIdSource, MessageShape};
use webhooks_signature::Scheme;

/// # Payments and shops
impl Provider {
    /// Stripe: `charge.succeeded`; the payload is the object, at `/data/object`. Of a thin event
    /// (`v1.billing.meter.error_report_triggered`), which has no object, it is the whole body. To have
    /// `previous_attributes` too, take the whole body or `/data` with
    /// [`payload_at`](crate::Receiver::payload_at).
    pub const STRIPE: Self = Self::new("stripe", Scheme::STRIPE)
        .payload_at("/data/object")
        .other_shapes(&[MessageShape::new(EventSource::json("/type"))])
        .known_events(include_str!("events/stripe.txt"))
        .message_id(MessageIdSource::json("/id"));

    /// Paddle Billing: `transaction.completed`; the payload is the entity, at `/data`.
    pub const PADDLE: Self = Self::new("paddle", Scheme::PADDLE)
        .event_name(EventSource::json("/event_type"))
        .payload_at("/data")
        .message_id(MessageIdSource::json("/event_id"));

    /// Shopify: `products/create`; the payload is the whole body. The topic is not signed.
    pub const SHOPIFY: Self = Self::new("shopify", Scheme::SHOPIFY)
        .event_name(EventSource::any_header(&[
            "x-shopify-topic",
            "shopify-topic",
        ]))
        .message_id(MessageIdSource::any_header(&[
            "x-shopify-webhook-id",
            "shopify-webhook-id",
        ]));

    /// Square: `payment.created`; the payload is at `/data`. Square signs the URL: say which with
    /// [`public_url`](crate::Receiver::public_url).
    pub const SQUARE: Self = Self::new("square", Scheme::SQUARE)
        .payload_at("/data")
        .message_id(MessageIdSource::json("/event_id"));

    /// Razorpay: `payment.captured`; the payload is at `/payload`.
    pub const RAZORPAY: Self = Self::new("razorpay", Scheme::RAZORPAY)
        .event_name(EventSource::json("/event"))
        .payload_at("/payload")
        .message_id(MessageIdSource::header("x-razorpay-event-id"));

    /// GoCardless: resource and action, `payments.confirmed`; a batch, whose elements are the payloads.
    pub const GOCARDLESS: Self = Self::new("gocardless", Scheme::GOCARDLESS)
        .batch_at("/events")
        .event_name(EventSource::json("/resource_type").join("/action"));

    /// WooCommerce: `order.created`; the payload is the whole body. The topic and the delivery id are not signed. The ping
    /// of a new webhook, which is not signed, is answered.
    pub const WOOCOMMERCE: Self = Self::new("woocommerce", Scheme::WOOCOMMERCE)
        .event_name(EventSource::header("x-wc-webhook-topic"))
        .message_id(MessageIdSource::header("x-wc-webhook-delivery-id"))
        .handshake(Plain::WooCommerce);

    /// Coinbase Commerce: `charge:created`; the payload is at `/event/data`.
    pub const COINBASE_COMMERCE: Self = Self::new("coinbase-commerce", Scheme::COINBASE_COMMERCE)
        .event_name(EventSource::json("/event/type"))
        .payload_at("/event/data")
        .message_id(MessageIdSource::json("/event/id"));
}
