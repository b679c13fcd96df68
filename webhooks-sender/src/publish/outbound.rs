//! A message with what can be said about its sending.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use webhooks_core::Message;

/// A message with what can be said about its sending. A message alone turns into one.
///
/// ```
/// use std::time::Duration;
/// use webhooks_core::{Descriptor, Message};
/// use webhooks_sender::Outbound;
///
/// static PING: Descriptor = Descriptor::post("ping").payload::<u32>();
///
/// let outbound = Outbound::new(Message::untyped(&PING, &12))
///     .idempotency_key("order-17")
///     .expires_after(Duration::from_secs(3600));
/// # let _ = outbound;
/// ```
#[derive(Debug)]
#[must_use = "it is not sent before it is given to a sender"]
pub struct Outbound {
    pub(crate) message: Message,
    pub(crate) event: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) send_at: Option<SystemTime>,
    pub(crate) expires_after: Option<Duration>,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) order_key: Option<String>,
    pub(crate) traceparent: Option<String>,
    pub(crate) tracestate: Option<String>,
}

impl Outbound {
    /// Nothing but the message: sent at once, without an end.
    pub fn new(message: impl Into<Message>) -> Self {
        Self {
            message: message.into(),
            event: None,
            idempotency_key: None,
            send_at: None,
            expires_after: None,
            labels: BTreeMap::new(),
            order_key: None,
            traceparent: None,
            tracestate: None,
        }
    }

    /// Says which event of the catalogue it is, where gateways list one declaration under several names.
    pub fn named(mut self, event: impl Into<String>) -> Self {
        self.event = Some(event.into());
        self
    }

    /// Sends at most one message with this key for this owner, as long as messages are kept: sending again returns
    /// the first one's id.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Makes the first attempt at this time instead of at once.
    pub fn send_at(mut self, time: SystemTime) -> Self {
        self.send_at = Some(time);
        self
    }

    /// Gives the deliveries up when they are not through in this time.
    pub fn expires_after(mut self, time: Duration) -> Self {
        self.expires_after = Some(time);
        self
    }

    /// A short text to search by.
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(name.into(), value.into());
        self
    }

    /// Messages that belong in one order. Kept for a later version; it changes nothing yet.
    pub fn order_key(mut self, key: impl Into<String>) -> Self {
        self.order_key = Some(key.into());
        self
    }

    /// The [trace](https://www.w3.org/TR/trace-context/) that the requests continue: the value of the `traceparent`
    /// header of the request that the application is answering. Each attempt is a span of its own in it, sampled if the
    /// parent was. A value that is none is left out.
    pub fn traceparent(mut self, traceparent: impl Into<String>) -> Self {
        self.traceparent = Some(traceparent.into());
        self
    }

    /// The `tracestate` that belongs to the [`traceparent`](Self::traceparent); passed on as it is, or left out when it
    /// is none.
    pub fn tracestate(mut self, tracestate: impl Into<String>) -> Self {
        self.tracestate = Some(tracestate.into());
        self
    }
}

impl<M: Into<Message>> From<M> for Outbound {
    fn from(message: M) -> Self {
        Self::new(message)
    }
}
