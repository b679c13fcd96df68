//! What a handler gets that asks for more than the payload.

use std::time::SystemTime;

use axum::http::HeaderMap;
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::message::IncomingMessage;
use crate::payload::{DecodeError, FromMessage, decode};
use crate::via::{ViaReceived, ViaUnread};

/// A message with its payload: id, event, time, headers and the bytes that were signed.
///
/// `Received` without a parameter leaves the payload unread, for handlers of all events or of bodies that are not
/// JSON.
///
/// ```
/// use webhooks_receiver::{Received, on};
///
/// #[derive(serde::Deserialize)]
/// struct Payment {
///     amount: u64,
/// }
///
/// #[on("payment.created")]
/// async fn created(payment: Received<Payment>) {
///     println!("{:?}: {}", payment.id(), payment.data.amount);
/// }
///
/// #[on("*")]
/// async fn count(any: Received) {
///     println!("{} with {} bytes", any.event(), any.body().len());
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Received<T = Unread> {
    /// The payload.
    pub data: T,
    event: String,
    id: Option<String>,
    timestamp: Option<SystemTime>,
    headers: HeaderMap,
    body: Bytes,
}

/// Stands for a payload that the handler leaves unread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unread;

impl<T> Received<T> {
    /// A message of your own, to call a handler in a unit test. A received one is never made this way.
    ///
    /// ```
    /// use webhooks_receiver::{Received, on};
    ///
    /// #[on("payment.created")]
    /// async fn created(amount: Received<u64>) -> Result<(), String> {
    ///     if amount.data > 0 { Ok(()) } else { Err(format!("{} for nothing", amount.id().unwrap_or("?"))) }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let refused = created(Received::new("payment.created", 0).with_id("msg_1")).await;
    /// assert_eq!(refused.unwrap_err(), "msg_1 for nothing");
    /// # }
    /// ```
    pub fn new(event: impl Into<String>, data: T) -> Self {
        Self {
            data,
            event: event.into(),
            id: None,
            timestamp: None,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// Sets the id.
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the time.
    pub fn with_timestamp(mut self, timestamp: SystemTime) -> Self {
        self.timestamp = Some(timestamp);
        self
    }

    /// Sets the headers.
    pub fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    /// Sets the body.
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// The name of the event, as the provider writes it.
    pub fn event(&self) -> &str {
        &self.event
    }

    /// The id of the message, the same when it is sent again. None where the provider sends none, or where the
    /// receiver does not know where it is.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// When the request was signed; none where the scheme signs no time.
    pub fn timestamp(&self) -> Option<SystemTime> {
        self.timestamp
    }

    /// The headers of the request. Most schemes do not sign them.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Which of the subscription's deliveries it is, counted by the sender from 1 without gaps: the header
    /// `webhook-sequence`, where the sender numbers them. A number that does not come is a message that was missed. It is not
    /// signed.
    ///
    /// ```
    /// use axum::http::{HeaderMap, HeaderValue};
    /// use webhooks_receiver::Received;
    ///
    /// let numbered = HeaderMap::from_iter([("webhook-sequence".parse().unwrap(), HeaderValue::from_static("17"))]);
    /// assert_eq!(Received::new("payment.created", ()).with_headers(numbered).sequence_number(), Some(17));
    /// assert_eq!(Received::new("payment.created", ()).sequence_number(), None);
    /// ```
    #[doc(alias = "gap detection")]
    pub fn sequence_number(&self) -> Option<u64> {
        let header = self.headers.get("webhook-sequence")?;
        header.to_str().ok()?.parse().ok()
    }

    /// The body exactly as it came and was verified, also where the payload is only a part of it.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    fn of<U>(data: U, message: &IncomingMessage, headers: &HeaderMap) -> Received<U> {
        Received {
            data,
            event: message.event.clone(),
            id: message.id.clone(),
            timestamp: message.timestamp,
            headers: headers.clone(),
            body: message.body.clone(),
        }
    }
}

impl<T: DeserializeOwned> FromMessage<ViaReceived> for Received<T> {
    type Payload = T;

    fn from_message(message: &IncomingMessage, headers: &HeaderMap) -> Result<Self, DecodeError> {
        Ok(Self::of(decode(&message.payload)?, message, headers))
    }
}

impl FromMessage<ViaUnread> for Received {
    type Payload = Unread;

    fn from_message(message: &IncomingMessage, headers: &HeaderMap) -> Result<Self, DecodeError> {
        Ok(Self::of(Unread, message, headers))
    }
}
