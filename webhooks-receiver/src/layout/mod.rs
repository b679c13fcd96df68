//! Where a provider puts what: from a verified body to the messages in it.

mod compose;

pub(crate) use compose::TestMessage;

use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use bytes::Bytes;
use webhooks_core::binding::is_bound_to;
use webhooks_signature::Verified;

use crate::message::{Format, IncomingMessage, Payload};
use crate::pointer::{self, Pointer};
use crate::rejection::Rejection;
use crate::scan::{self, ScanError};
use crate::source::{EventSource, IdSource, MessageIdSource, NameSource};

/// Names the event of a bare payload.
const BARE_HEADER: &str = "webhook-event";
const ENVELOPE_BUT_BARE: &str = "the request has the header `webhook-event` and no envelope of that name: it is in the \
     bare form, which `Provider::STANDARD_WEBHOOKS_BARE` receives";
const BARE_BUT_ENVELOPE: &str = "the request has an envelope and no header `webhook-event`: it is in the enveloped form, \
     which `Provider::STANDARD_WEBHOOKS` receives";

/// What the receiver was told about names, ids and payloads, parsed once.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    name: NameSource,
    name_pointer: Pointer,
    join: Pointer,
    bound: bool,
    payload: Pointer,
    batch: Option<Vec<Pointer>>,
    id: Option<IdSource>,
    id_pointer: Pointer,
    form_field: &'static str,
}

/// A request whose signature is right.
pub(crate) struct AuthenticRequest<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a Bytes,
    pub(crate) verified: &'a Verified,
    /// The parameter of the route that holds the event's name, where one does.
    pub(crate) path_parameter: Option<&'a str>,
}

impl Layout {
    pub(crate) fn new(name: EventSource, form_field: &'static str) -> Self {
        let mut layout = Self {
            name: name.source,
            name_pointer: Pointer::default(),
            join: Pointer::default(),
            bound: false,
            payload: Pointer::default(),
            batch: None,
            id: None,
            id_pointer: Pointer::default(),
            form_field,
        };
        layout.set_name(name);
        layout
    }

    pub(crate) fn set_name(&mut self, name: EventSource) {
        let pointer = if let NameSource::Json(pointer) = name.source {
            pointer
        } else {
            ""
        };
        self.name = name.source;
        self.name_pointer = Pointer::parse(pointer);
        self.join = Pointer::parse(name.join.unwrap_or_default());
        self.bound = name.bound;
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
        self.payload = Pointer::parse(pointer);
    }

    pub(crate) fn set_batch(&mut self, pointer: &str) {
        self.batch = Some(pointer::through_lists(pointer));
    }

    /// The parameter of the route that holds the event's name.
    pub(crate) fn path_parameter(&self) -> Option<&'static str> {
        if let NameSource::Path(parameter) = self.name {
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
        let document = document(request, self.form_field)?;
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
        let told = request.headers.get(BARE_HEADER);
        if self.name == EventSource::ENVELOPE.source {
            // A bare payload can happen to have a `type` of its own.
            told.filter(|told| event.is_none_or(|event| *told != event))
                .map(|_| ENVELOPE_BUT_BARE)
        } else if self.name == EventSource::BARE.source && told.is_none() && event.is_none() {
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
        let [name, joined, payload, id] = find(
            item,
            [&self.name_pointer, &self.join, &self.payload, id_pointer],
        )?;
        let event = self.event(request, name, joined)?;
        let id = match of_batch {
            Some(id) => id.clone(),
            None => self.id(request, id)?,
        };
        let payload = match (self.payload.is_root(), payload) {
            (true, _) => item.clone(),
            (false, Some(FieldValue::Json(text))) => item.part(text),
            (false, _) => Payload {
                bytes: Bytes::from_static(b"null"),
                format: Format::Json,
            },
        };
        let timestamp = request.verified.timestamp();
        Ok(IncomingMessage {
            event,
            id,
            timestamp,
            body: request.body.clone(),
            payload,
        })
    }

    fn event(
        &self,
        request: &AuthenticRequest<'_>,
        found: Option<FieldValue<'_>>,
        joined: Option<FieldValue<'_>>,
    ) -> Result<String, Rejection> {
        let name = match self.name {
            NameSource::Json(_) => found.and_then(FieldValue::text),
            NameSource::Header(name) => header(request.headers, name)?,
            NameSource::AnyHeader(names) => first_header(request.headers, names)?,
            NameSource::Path(_) => request.path_parameter.map(str::to_owned),
            NameSource::Fixed(name) => Some(name.to_owned()),
        };
        let mut event = name
            .filter(|name| !name.trim().is_empty())
            .ok_or(Rejection::NoEventName)?;
        if let Some(joined) = joined
            .and_then(FieldValue::text)
            .filter(|joined| !joined.is_empty())
        {
            event.push('.');
            event.push_str(&joined);
        }
        if self.bound
            && !request
                .verified
                .id()
                .is_some_and(|id| is_bound_to(id, &event))
        {
            tracing::warn!("the name of the event does not belong to the id of the message");
            return Err(Rejection::NotAuthenticated(None));
        }
        Ok(event)
    }

    /// The id that the signature covers, else the one that stands where the receiver was told.
    fn id(
        &self,
        request: &AuthenticRequest<'_>,
        found: Option<FieldValue<'_>>,
    ) -> Result<Option<String>, Rejection> {
        if let Some(id) = request.verified.id() {
            return Ok(Some(id.to_owned()));
        }
        let id = match self.id {
            Some(IdSource::Header(name)) => header(request.headers, name)?,
            Some(IdSource::AnyHeader(names)) => first_header(request.headers, names)?,
            Some(IdSource::Json(_)) => found.and_then(FieldValue::text),
            None => None,
        };
        Ok(id.filter(|id| !id.is_empty()))
    }
}

/// The body as what its headers say it is.
fn document(request: &AuthenticRequest<'_>, form_field: &str) -> Result<Payload, Rejection> {
    let bytes = request.body.clone();
    let is_encoded = request
        .headers
        .get(CONTENT_ENCODING)
        .is_some_and(|coding| coding != "identity");
    let media_type = request
        .headers
        .get(CONTENT_TYPE)
        .map_or(&b""[..], |value| value.as_bytes());
    let is = |wanted: &str| {
        media_type
            .get(..wanted.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(wanted.as_bytes()))
    };
    if is_encoded || is("multipart/") {
        return Ok(Payload {
            bytes,
            format: Format::Opaque,
        });
    }
    if !is("application/x-www-form-urlencoded") {
        return Ok(Payload {
            bytes,
            format: Format::Json,
        });
    }
    match field(&bytes, form_field)? {
        // GitHub and Slack send JSON in a field of a form.
        Some(json) => Ok(Payload {
            bytes: json.into(),
            format: Format::Json,
        }),
        None => Ok(Payload {
            bytes,
            format: Format::Form,
        }),
    }
}

/// What stands at a pointer.
enum FieldValue<'d> {
    /// JSON, as it is written.
    Json(&'d str),
    /// The value of a field.
    Field(String),
}

impl FieldValue<'_> {
    fn text(self) -> Option<String> {
        match self {
            Self::Json(json) => scan::scalar(json),
            Self::Field(value) => Some(value),
        }
    }
}

fn find<'d, const N: usize>(
    item: &'d Payload,
    pointers: [&Pointer; N],
) -> Result<[Option<FieldValue<'d>>; N], Rejection> {
    if pointers.iter().all(|pointer| pointer.is_root()) {
        return Ok([const { None }; N]);
    }
    match item.format {
        Format::Json => match scan::find(&item.bytes, pointers) {
            Ok(found) => Ok(found.map(|found| found.map(FieldValue::Json))),
            Err(ScanError::NotJson) => Err(Rejection::NotJson),
            Err(ScanError::Repeated) => Err(Rejection::Ambiguous),
        },
        Format::Form => {
            let mut found = [const { None }; N];
            for (found, pointer) in found.iter_mut().zip(pointers) {
                if let [name] = pointer.tokens() {
                    *found = field(&item.bytes, name)?.map(FieldValue::Field);
                }
            }
            Ok(found)
        }
        Format::Opaque => Err(Rejection::Unsupported),
    }
}

/// The elements at the end of a way through lists.
fn through_lists(document: Payload, way: &[Pointer]) -> Result<Vec<Payload>, Rejection> {
    let mut items = vec![document];
    for pointer in way {
        let mut further = Vec::new();
        for item in &items {
            let list = match find(item, [pointer])? {
                _ if pointer.is_root() && item.format == Format::Json => item.clone(),
                [Some(FieldValue::Json(text))] => item.part(text),
                _ => return Err(Rejection::NoBatch),
            };
            let elements = scan::elements(&list.bytes).ok_or(Rejection::NoBatch)?;
            further.extend(elements.into_iter().map(|element| list.part(element)));
        }
        items = further;
    }
    Ok(items)
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

/// The value of a form's field that must not come twice.
fn field(form: &[u8], name: &str) -> Result<Option<String>, Rejection> {
    let fields: Vec<(String, String)> =
        serde_html_form::from_bytes(form).map_err(|_| Rejection::NotJson)?;
    let mut values = fields
        .into_iter()
        .filter(|(field, _)| field == name)
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        (_, Some(_)) => Err(Rejection::Ambiguous),
    }
}
