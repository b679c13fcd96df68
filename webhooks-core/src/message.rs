//! One occurrence of an event: what a declared function returns and a sender delivers.
//!
//! The payload is serialised immediately. A message therefore borrows nothing, knows nothing of the payload's type, and
//! messages of different webhooks fit one list.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::SystemTime;

use serde::Serialize;

use crate::descriptor::{Descriptor, ParameterLocation, Payload, RawPayload, parameter_texts};
use crate::finite::{self, WriteError};
use crate::method::Method;
use crate::webhook::Webhook;

/// Stands for a webhook that is known at run time only; see [`Message`].
#[derive(Debug)]
pub enum AnyWebhook {}

/// One occurrence of an event, ready to be sent.
///
/// A declared function builds it: `payment_created(payment)` is a `Message<payment_created>`. `Message` without a
/// parameter is the same with the webhook forgotten; every typed message turns into it.
///
/// ```
/// use webhooks_core::{Message, whpost};
///
/// /// Sent when a thing has a new name.
/// #[whpost("thing.renamed")]
/// async fn thing_renamed(name: String);
///
/// let message: Message = thing_renamed("lamp".to_owned()).into();
/// assert_eq!(message.event(), "thing.renamed");
/// assert_eq!(message.payload()?, Some(&br#""lamp""#[..]));
/// # Ok::<(), webhooks_core::MessageError>(())
/// ```
#[must_use = "building a message sends nothing"]
pub struct Message<W = AnyWebhook> {
    draft: Draft,
    webhook: PhantomData<fn() -> W>,
}

/// The data of a message, independent of its type so that its code is compiled once.
#[derive(Debug, Clone)]
#[doc(hidden)]
#[must_use]
pub struct Draft {
    descriptor: &'static Descriptor,
    method: Method,
    time: Option<SystemTime>,
    content_type: Option<&'static str>,
    payload: Option<Vec<u8>>,
    parameters: Vec<(ParameterLocation, Cow<'static, str>, String)>,
    typed: bool,
    error: Option<MessageError>,
}

impl Draft {
    /// A message of this webhook without payload and parameters, with the default method.
    pub fn new(descriptor: &'static Descriptor) -> Self {
        Self {
            descriptor,
            method: descriptor.methods[0],
            time: None,
            content_type: None,
            payload: None,
            parameters: Vec::new(),
            typed: false,
            error: None,
        }
    }

    /// Sets the payload, as JSON.
    pub fn json<T: Payload + ?Sized>(self, data: &T) -> Self {
        self.written(finite::write(data, |data| serde_json::to_vec(&data)))
    }

    /// Sets the payload, as it is.
    pub fn bytes<T: RawPayload + ?Sized>(self, data: &T) -> Self {
        self.written(Ok(data.as_ref().to_vec()))
    }

    /// Sets a parameter.
    pub fn parameter<T: Serialize + ?Sized>(
        mut self,
        location: ParameterLocation,
        name: &'static str,
        value: &T,
    ) -> Self {
        match parameter_texts(value) {
            Ok(texts) => {
                self.parameters.extend(
                    texts
                        .into_iter()
                        .map(|text| (location, Cow::Borrowed(name), text)),
                );
            }
            Err(error) => self.fail(name, error),
        }
        self
    }

    /// Names the webhook.
    pub fn of<W: Webhook>(mut self) -> Message<W> {
        self.typed = true;
        Message {
            draft: self,
            webhook: PhantomData,
        }
    }

    pub(crate) fn written(mut self, payload: Result<Vec<u8>, WriteError>) -> Self {
        match payload {
            Ok(bytes) => {
                self.content_type = self.descriptor.payload.map(|payload| payload.content_type);
                self.payload = Some(bytes);
            }
            Err(error) => self.fail("the payload", error),
        }
        self
    }

    fn fail(&mut self, part: &str, error: WriteError) {
        // The first failure is what a person mends first.
        self.error.get_or_insert_with(|| MessageError {
            event: self.descriptor.name,
            reason: format!("{part} could not be written: {error}"),
            source: error.source,
        });
    }
}

impl Message {
    /// A message of a webhook that is known at run time only, with a JSON payload; `null` means no payload where the
    /// webhook has none, or an optional one.
    ///
    /// Nothing compares the payload with the declared type here; a sender validates it against the
    /// [schema](crate::PayloadInfo::json_schema). A payload for a webhook without one, or for one that is not JSON, is
    /// reported by [`payload`](Self::payload).
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Message};
    ///
    /// static PING: Descriptor = Descriptor::post("ping").payload::<serde_json::Value>();
    ///
    /// let message = Message::untyped(&PING, &serde_json::json!({ "at": 12 }));
    /// assert_eq!(message.payload()?, Some(&br#"{"at":12}"#[..]));
    /// # Ok::<(), webhooks_core::MessageError>(())
    /// ```
    pub fn untyped<T: Serialize + ?Sized>(descriptor: &'static Descriptor, payload: &T) -> Self {
        let mut draft = Draft::new(descriptor);
        let payload = finite::write(payload, |payload| serde_json::to_vec(&payload));
        let is_null = payload.as_ref().is_ok_and(|payload| payload == b"null");
        match descriptor.payload {
            Some(info) if is_null && info.optional => {}
            Some(info) if info.is_json() => draft = draft.written(payload),
            Some(info) => draft.fail(
                "the payload",
                format!("it is {}, not JSON", info.content_type).into(),
            ),
            None if is_null => {}
            None => draft.fail("the payload", "the webhook has none".to_owned().into()),
        }
        Self {
            draft,
            webhook: PhantomData,
        }
    }
}

impl<W> Message<W> {
    /// The name of the event, as declared.
    pub fn event(&self) -> &'static str {
        self.draft.descriptor.name
    }

    /// The webhook's declaration.
    pub fn descriptor(&self) -> &'static Descriptor {
        self.draft.descriptor
    }

    /// Whether the webhook's own function built it, so that the compiler has compared the payload with the declaration.
    ///
    /// ```
    /// use webhooks_core::{Message, Webhook, whpost};
    ///
    /// /// Sent when a thing has a new name.
    /// #[whpost("thing.renamed", register = false)]
    /// async fn thing_renamed(name: String);
    ///
    /// assert!(thing_renamed("lamp".to_owned()).is_typed());
    /// assert!(!Message::untyped(thing_renamed::DESCRIPTOR, &17).is_typed());
    /// ```
    pub fn is_typed(&self) -> bool {
        self.draft.typed
    }

    /// The payload's bytes as they go into the request; none where the method carries no body.
    ///
    /// # Errors
    ///
    /// When serde could not write the payload or a parameter, when a number in one is NaN or infinite, which JSON does not
    /// have, or when the chosen method is not one of the webhook's.
    pub fn payload(&self) -> Result<Option<&[u8]>, MessageError> {
        self.payload_for(self.draft.method)
    }

    /// As [`payload`](Self::payload) with another of the webhook's methods, which a subscriber may have chosen.
    ///
    /// # Errors
    ///
    /// As [`payload`](Self::payload).
    pub fn payload_for(&self, method: Method) -> Result<Option<&[u8]>, MessageError> {
        match &self.draft.error {
            Some(error) => Err(error.clone()),
            None if method.carries_body() => Ok(self.draft.payload.as_deref()),
            None => Ok(None),
        }
    }

    /// The payload's content type; none where there is no payload.
    pub fn content_type(&self) -> Option<&'static str> {
        self.draft
            .content_type
            .filter(|_| self.draft.method.carries_body())
    }

    /// The method: the one [chosen](Self::with_method), else the first that was declared.
    pub fn method(&self) -> Method {
        self.draft.method
    }

    /// Chooses among the methods of a webhook with several.
    ///
    /// A method that the webhook does not have is reported by [`payload`](Self::payload), so that a sender refuses it.
    pub fn with_method(mut self, method: Method) -> Self {
        if !self.draft.descriptor.methods.contains(&method) {
            self.draft.fail(
                "the request",
                format!("{method} is not one of the declared methods").into(),
            );
        }
        self.draft.method = method;
        self
    }

    /// When the event happened, if that was [said](Self::happened_at); a sender takes the current time otherwise.
    pub fn time(&self) -> Option<SystemTime> {
        self.draft.time
    }

    /// Says when the event happened.
    pub fn happened_at(mut self, time: SystemTime) -> Self {
        self.draft.time = Some(time);
        self
    }

    /// The declared headers with their values, in the order of declaration.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters(ParameterLocation::Header)
    }

    /// The declared query parameters with their values, not yet percent-encoded.
    pub fn query(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters(ParameterLocation::Query)
    }

    /// The declared cookies with their values.
    pub fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters(ParameterLocation::Cookie)
    }

    fn parameters(&self, location: ParameterLocation) -> impl Iterator<Item = (&str, &str)> {
        let all = self.draft.parameters.iter();
        all.filter(move |(place, ..)| *place == location)
            .map(|(_, name, value)| (&**name, &**value))
    }
}

impl<W: Webhook> From<Message<W>> for Message {
    fn from(message: Message<W>) -> Self {
        Self {
            draft: message.draft,
            webhook: PhantomData,
        }
    }
}

impl<W> Clone for Message<W> {
    fn clone(&self) -> Self {
        Self {
            draft: self.draft.clone(),
            webhook: PhantomData,
        }
    }
}

impl<W> fmt::Debug for Message<W> {
    // The payload is left out: it is the customers' data, and messages end up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("event", &self.event())
            .field("method", &self.draft.method)
            .field(
                "payload_bytes",
                &self.draft.payload.as_ref().map_or(0, Vec::len),
            )
            .finish_non_exhaustive()
    }
}

/// A message that cannot be sent: its payload or a parameter could not be written, or its method is not the webhook's.
///
/// Its source is what the serializer said, where there was one.
#[derive(Debug, Clone)]
pub struct MessageError {
    event: &'static str,
    reason: String,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the message `{}` cannot be sent: {}",
            self.event, self.reason
        )
    }
}

/// Equal event and reason: the reason has the words of the source.
impl PartialEq for MessageError {
    fn eq(&self, other: &Self) -> bool {
        (self.event, &self.reason) == (other.event, &other.reason)
    }
}

impl Eq for MessageError {}

impl Error for MessageError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_ref()?;
        Some(source.as_ref())
    }
}
