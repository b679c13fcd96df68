//! Finds the messages of a verified request.

use axum::http::{HeaderMap, HeaderName};
use bytes::Bytes;
use webhooks_core::binding::is_bound_to;
use webhooks_signature::Verified;

use crate::log_text::is_plain;
use crate::message::{Format, IncomingMessage, Payload};
use crate::pointer::{self, Pointer};
use crate::rejection::Rejection;
use crate::scan;
use crate::source::{EventSource, Forms, IdSource, MessageIdSource, MessageShape, NameSource};

use super::document::{FieldValue, document, find, through_lists};

/// The longest name of an event, and the longest id, in bytes. Both go into stores, logs and comparisons.
const MAX_NAME: usize = 256;

/// Names the event of a bare payload.
static BARE_HEADER: HeaderName = HeaderName::from_static("webhook-event");
const ENVELOPE_BUT_BARE: &str = "the request has the header `webhook-event` and no envelope of that name: it is in the \
     bare form, which `Provider::STANDARD_WEBHOOKS_BARE` receives";
const BARE_BUT_ENVELOPE: &str = "the request has an envelope and no header `webhook-event`: it is in the enveloped form, \
     which `Provider::STANDARD_WEBHOOKS` receives";

/// The settings about names, ids and payloads, parsed once.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(super) shape: Shape,
    other_shapes: Vec<Shape>,
    pub(super) batch: Option<Vec<Pointer>>,
    pub(super) id: Option<IdSource>,
    pub(super) id_pointer: Pointer,
    forms: Forms,
    /// Whether the signature covers the body, so that what the body says is proved.
    signs_body: bool,
}

/// Where name and payload are.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) name: NameSource,
    pub(super) name_pointer: Pointer,
    pub(super) join: Pointer,
    pub(super) bound: bool,
    pub(super) payload: Pointer,
}

/// A request whose signature is right.
pub(crate) struct AuthenticRequest<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: Option<&'a str>,
    pub(crate) body: &'a Bytes,
    pub(crate) verified: &'a Verified,
    /// The parameter of the route that holds the event's name, where one does.
    pub(crate) path_parameter: Option<&'a str>,
}

impl Shape {
    fn new(event: EventSource, payload: &str) -> Self {
        let pointer = if let NameSource::Json(pointer) = event.source {
            pointer
        } else {
            ""
        };
        Self {
            name: event.source,
            name_pointer: Pointer::parse(pointer),
            join: Pointer::parse(event.join.unwrap_or_default()),
            bound: event.bound,
            payload: Pointer::parse(payload),
        }
    }

    /// Whether the signature covers the name, given whether it covers the body.
    fn is_signed(&self, signs_body: bool) -> bool {
        match self.name {
            NameSource::Json(_) => signs_body,
            NameSource::Fixed(_) => true,
            NameSource::Header(_) | NameSource::AnyHeader(_) | NameSource::Path(_) => self.bound,
        }
    }

    fn event(
        &self,
        request: &AuthenticRequest<'_>,
        found: Option<FieldValue<'_>>,
        joined: Option<FieldValue<'_>>,
    ) -> Result<Option<String>, Rejection> {
        let name = match self.name {
            NameSource::Json(_) => found.and_then(FieldValue::text),
            NameSource::Header(name) => header(request.headers, name)?,
            NameSource::AnyHeader(names) => first_header(request.headers, names)?,
            NameSource::Path(_) => request.path_parameter.map(str::to_owned),
            NameSource::Fixed(name) => Some(name.to_owned()),
        };
        let Some(mut event) = name.filter(|name| !name.trim().is_empty()) else {
            return Ok(None);
        };
        let joined = joined.and_then(FieldValue::text);
        if let Some(joined) = joined.filter(|joined| !joined.is_empty()) {
            event.push('.');
            event.push_str(&joined);
        }
        if self.bound
            && !request
                .verified
                .id()
                .is_some_and(|id| is_bound_to(id, &event))
        {
            return Err(Rejection::NotBound);
        }
        usable(event).map(Some)
    }
}

impl Layout {
    pub(crate) fn new(shape: MessageShape, forms: Forms, signs_body: bool) -> Self {
        Self {
            shape: Shape::new(shape.event, shape.payload),
            other_shapes: Vec::new(),
            batch: None,
            id: None,
            id_pointer: Pointer::default(),
            forms,
            signs_body,
        }
    }

    /// The name is there, and in no other shape.
    pub(crate) fn set_name(&mut self, name: EventSource) {
        let payload = std::mem::take(&mut self.shape.payload);
        self.shape = Shape {
            payload,
            ..Shape::new(name, "")
        };
        self.other_shapes.clear();
    }

    pub(crate) fn set_other_shapes(&mut self, shapes: &[MessageShape]) {
        self.other_shapes = shapes
            .iter()
            .map(|shape| Shape::new(shape.event, shape.payload))
            .collect();
    }

    pub(crate) fn set_id(&mut self, id: MessageIdSource) {
        let pointer = if let IdSource::Json(pointer) = id.0 {
            pointer
        } else {
            ""
        };
        self.id = Some(id.0);
        self.id_pointer = Pointer::parse(pointer);
    }

    pub(crate) fn set_payload(&mut self, pointer: &str) {
        self.shape.payload = Pointer::parse(pointer);
    }

    pub(crate) fn set_batch(&mut self, pointer: &str) {
        self.batch = Some(pointer::through_lists(pointer));
    }

    pub(crate) fn set_forms(&mut self, forms: Forms) {
        self.forms = forms;
    }

    /// The parameter of the route that holds the event's name.
    pub(crate) fn path_parameter(&self) -> Option<&'static str> {
        if let NameSource::Path(parameter) = self.shape.name {
            Some(parameter)
        } else {
            None
        }
    }

    /// The messages of a request, one unless it is a batch.
    pub(crate) fn messages(
        &self,
        request: &AuthenticRequest<'_>,
    ) -> Result<Vec<IncomingMessage>, Rejection> {
        let document = document(request.headers, request.query, request.body, self.forms)?;
        let Some(way) = &self.batch else {
            return Ok(vec![self.message(request, &document, None)?]);
        };
        let [found] = find(&document, [&self.id_pointer])?;
        let id = self.id(request, found)?;
        let items = through_lists(document, way)?;
        items
            .iter()
            .map(|item| self.message(request, item, Some(&id)))
            .collect()
    }

    /// Why a request of our own sender names no event here: it is in the other one of its two forms.
    pub(crate) fn wrong_form(
        &self,
        request: &AuthenticRequest<'_>,
        event: Option<&str>,
    ) -> Option<&'static str> {
        let told = request.headers.get(&BARE_HEADER);
        if self.shape.name == EventSource::ENVELOPE.source {
            // A bare payload can happen to have a `type` of its own.
            told.filter(|told| event.is_none_or(|event| *told != event))
                .map(|_| ENVELOPE_BUT_BARE)
        } else if self.shape.name == EventSource::BARE.source && told.is_none() && event.is_none() {
            let members = ["/type", "/data"].map(Pointer::parse);
            let found = scan::find(request.body, [&members[0], &members[1]]).ok()?;
            found
                .iter()
                .all(Option::is_some)
                .then_some(BARE_BUT_ENVELOPE)
        } else {
            None
        }
    }

    /// One message of the request, with the batch's id if it is part of one.
    fn message(
        &self,
        request: &AuthenticRequest<'_>,
        item: &Payload,
        of_batch: Option<&Option<String>>,
    ) -> Result<IncomingMessage, Rejection> {
        let root = Pointer::default();
        let id_pointer = if of_batch.is_some() {
            &root
        } else {
            &self.id_pointer
        };
        // The first shape whose name and payload are there; failing that, the first whose name is.
        let mut without_payload = None;
        for shape in std::iter::once(&self.shape).chain(&self.other_shapes) {
            let pointers = [&shape.name_pointer, &shape.join, &shape.payload, id_pointer];
            let [name, joined, payload, id] = find(item, pointers)?;
            let Some(event) = shape.event(request, name, joined)? else {
                continue;
            };
            let id = match of_batch {
                Some(id) => id.clone(),
                None => self.id(request, id)?,
            };
            let (is_whole, payload) = match (shape.payload.is_root(), payload) {
                (true, _) => (true, item.clone()),
                (false, Some(FieldValue::Json(text))) => (true, item.part(text)),
                (false, _) => (false, NULL),
            };
            let id_is_signed = request.verified.id().is_some()
                || (self.signs_body && matches!(self.id, Some(IdSource::Json(_))));
            let message = IncomingMessage {
                event,
                id,
                is_signed: id_is_signed && shape.is_signed(self.signs_body),
                timestamp: request.verified.timestamp(),
                body: request.body.clone(),
                payload,
            };
            if is_whole {
                return Ok(message);
            }
            without_payload.get_or_insert(message);
        }
        without_payload.ok_or(Rejection::NoEventName)
    }

    /// The id that the signature covers, else the one where the receiver is set to look.
    fn id(
        &self,
        request: &AuthenticRequest<'_>,
        found: Option<FieldValue<'_>>,
    ) -> Result<Option<String>, Rejection> {
        let id = if let Some(id) = request.verified.id() {
            Some(id.to_owned())
        } else {
            match self.id {
                Some(IdSource::Header(name)) => header(request.headers, name)?,
                Some(IdSource::AnyHeader(names)) => first_header(request.headers, names)?,
                Some(IdSource::Json(_)) => found.and_then(FieldValue::text),
                None => None,
            }
        };
        id.filter(|id| !id.is_empty()).map(usable).transpose()
    }
}

/// The payload of a message without one.
const NULL: Payload = Payload {
    bytes: Bytes::from_static(b"null"),
    format: Format::Json,
};

/// A name or an id as every store and log can take it: PostgreSQL's texts hold no NUL, lines of a log no line breaks, and
/// blanks at an end are lost somewhere on the way.
fn usable(name: String) -> Result<String, Rejection> {
    // Most are of ASCII without blanks, and need no closer look.
    let is_plain_text = |name: &str| {
        name.bytes().all(|byte| byte.is_ascii_graphic())
            || name.trim().len() == name.len() && name.chars().all(is_plain)
    };
    if name.len() <= MAX_NAME && is_plain_text(&name) {
        Ok(name)
    } else {
        Err(Rejection::UnusableName)
    }
}

/// The value of a header that must not come with two different values.
fn header(headers: &HeaderMap, name: &str) -> Result<Option<String>, Rejection> {
    let mut values = headers.get_all(name).iter();
    let Some(first) = values.next() else {
        return Ok(None);
    };
    if values.any(|other| other != first) {
        return Err(Rejection::Ambiguous);
    }
    Ok(std::str::from_utf8(first.as_bytes())
        .ok()
        .map(str::to_owned))
}

fn first_header(headers: &HeaderMap, names: &[&str]) -> Result<Option<String>, Rejection> {
    names
        .iter()
        .find(|name| headers.contains_key(**name))
        .map_or(Ok(None), |name| header(headers, name))
}
