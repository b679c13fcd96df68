//! A message with the options of its sending.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use webhooks_core::Message;

use crate::trace::TraceContext;

/// A message with the options of its sending: when, until when, under which key. A message alone turns into one.
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
    pub(crate) idempotency_key: Option<String>,
    pub(crate) send_at: Option<SystemTime>,
    pub(crate) expires_after: Option<Duration>,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) event: Option<String>,
    pub(crate) order_key: Option<String>,
    pub(crate) traceparent: Option<String>,
    pub(crate) tracestate: Option<String>,
}

impl Outbound {
    /// The message without options: sent immediately, and retried until the schedule ends.
    pub fn new<W>(message: Message<W>) -> Self
    where
        Message<W>: Into<Message>,
    {
        Self {
            message: message.into(),
            idempotency_key: None,
            send_at: None,
            expires_after: None,
            labels: BTreeMap::new(),
            event: None,
            order_key: None,
            traceparent: None,
            tracestate: None,
        }
    }

    /// Names the event, where the catalogue lists the message's webhook under several names, behind gateways with
    /// different prefixes.
    ///
    /// ```
    /// use webhooks_core::{WebhookGateway, Webhooks, whpost};
    /// use webhooks_sender::{Error, Outbound, Sender, Subscription};
    ///
    /// /// Sent when an order has been placed.
    /// #[whpost("order.placed", register = false)]
    /// async fn order_placed(number: u32);
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let [eu, us] = ["eu", "us"].map(|prefix| WebhookGateway::new(order_placed).prefix(prefix));
    /// let webhooks = Webhooks::new().with(eu).with(us).build().unwrap();
    /// let sender = Sender::testing().webhooks(webhooks).start().await?;
    /// sender.send("acct_1", Outbound::new(order_placed(17)).as_event("eu.order.placed")).await?;
    ///
    /// let unsaid = sender.send("acct_1", order_placed(17)).await;
    /// assert!(matches!(unsaid, Err(Error::Ambiguous { .. })));
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    pub fn as_event(mut self, event: impl Into<String>) -> Self {
        self.event = Some(event.into());
        self
    }

    /// Sends at most one message with this key for this owner, as long as messages are kept: sending again returns
    /// the first one's id. A key has 1 to 256 bytes without control characters.
    ///
    /// Payloads are not compared: the first one counts. The same key with another event is an
    /// [error](crate::Error::KeyReused). A message that no subscription wants is not kept, and its key is not remembered.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Makes the first attempt at this time instead of immediately.
    pub fn send_at(mut self, time: SystemTime) -> Self {
        self.send_at = Some(time);
        self
    }

    /// Gives up deliveries that have not succeeded within this time. 100 years at most.
    pub fn expires_after(mut self, time: Duration) -> Self {
        self.expires_after = Some(time);
        self
    }

    /// Keeps the order of messages with this key: to each subscription they are delivered one after the other, in the order
    /// in which their transactions were committed. A retry delays what stands behind it. What happens to that when a
    /// delivery is given up is the subscription's [choice](crate::Subscription::stop_when_given_up). A key has 1 to 256 bytes
    /// without control characters.
    ///
    /// Messages without a key, or with others, are not held up.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Message};
    /// use webhooks_sender::Outbound;
    ///
    /// static SHIPPED: Descriptor = Descriptor::post("order.shipped").payload::<u32>();
    ///
    /// let outbound = Outbound::new(Message::untyped(&SHIPPED, &17)).order_key("order-17");
    /// # let _ = outbound;
    /// ```
    #[doc(alias = "fifo")]
    #[doc(alias = "ordering")]
    #[doc(alias = "partition key")]
    pub fn order_key(mut self, key: impl Into<String>) -> Self {
        self.order_key = Some(key.into());
        self
    }

    /// A short text to search by; all of them together have at most 4,096 bytes as JSON.
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(name.into(), value.into());
        self
    }

    /// The [trace](https://www.w3.org/TR/trace-context/) that the requests continue, where it is not the one that the message
    /// is [sent in](crate::trace): the value of a `traceparent` header. Each attempt is a span of its own in it, sampled if
    /// the parent was. An invalid value is ignored.
    pub fn traceparent(mut self, traceparent: impl Into<String>) -> Self {
        self.traceparent = Some(traceparent.into());
        self
    }

    /// The `tracestate` that belongs to the [`traceparent`](Self::traceparent); passed on as it is. An invalid value is
    /// ignored.
    pub fn tracestate(mut self, tracestate: impl Into<String>) -> Self {
        self.tracestate = Some(tracestate.into());
        self
    }

    /// The trace that was given.
    pub(crate) fn trace(&self) -> Option<TraceContext> {
        let context = TraceContext::new(self.traceparent.clone()?)?;
        Some(match &self.tracestate {
            Some(state) => context.state(state.clone()),
            None => context,
        })
    }
}

/// What can be sent: a message, alone or as an [`Outbound`] with the options of its sending.
///
/// A trait of its own and not `Into<Outbound>`, so that a payload in a message's place is answered with what to do.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a message",
    label = "not a message",
    note = "the function that declares the webhook makes the message: `sender.send(owner, payment_created(payment))`",
    note = "where the webhook is known at run time only: `sender.send_untyped(owner, \"payment.created\", &payload)`"
)]
pub trait IntoOutbound {
    #[doc(hidden)]
    fn into_outbound(self) -> Outbound;
}

impl IntoOutbound for Outbound {
    fn into_outbound(self) -> Outbound {
        self
    }
}

impl<W> IntoOutbound for Message<W>
where
    Message<W>: Into<Message>,
{
    fn into_outbound(self) -> Outbound {
        Outbound::new(self)
    }
}
