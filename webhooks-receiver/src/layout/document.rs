//! A verified body as a document: JSON, a form, or something that is not read here.

use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use bytes::Bytes;

use crate::message::{Format, Payload};
use crate::pointer::Pointer;
use crate::rejection::Rejection;
use crate::scan::{self, ScanError};
use crate::source::Forms;

/// Content codings after which the bytes are something else (IANA's list of HTTP content codings). Others are not:
/// there are senders that write `utf-8` there. Names are case-insensitive (RFC 9110 section 8.4.1).
const CODINGS: [&str; 12] = [
    "aes128gcm",
    "br",
    "compress",
    "dcb",
    "dcz",
    "deflate",
    "exi",
    "gzip",
    "pack200-gzip",
    "x-compress",
    "x-gzip",
    "zstd",
];

/// The body as what its bytes are.
///
/// The content type is not signed: a person who has seen a signed JSON body could send it again as a form, in which a text
/// that some user wrote becomes a field. So bytes that begin as JSON are JSON, and forms are read only of providers that
/// send them.
pub(super) fn document(
    headers: &HeaderMap,
    query: Option<&str>,
    body: &Bytes,
    forms: Forms,
) -> Result<Payload, Rejection> {
    let bytes = body.slice_ref(scan::without_mark(body));
    let of = |format| Payload {
        bytes: bytes.clone(),
        format,
    };
    if is_coded(headers) {
        return Ok(of(Format::Opaque));
    }
    let field_of_json = match forms {
        Forms::Always(field) => field,
        Forms::UnlessHashed(parameter) if has_parameter(query, parameter) => {
            return Ok(of(Format::Json));
        }
        Forms::UnlessHashed(_) => return Ok(of(Format::Form)),
        _ if scan::begins_as_json(&bytes) => return Ok(of(Format::Json)),
        _ if has_type(headers, "multipart/") => return Ok(of(Format::Opaque)),
        Forms::Field(field) => field,
        Forms::Never if has_type(headers, "application/x-www-form-urlencoded") => {
            return Err(Rejection::UnexpectedForm);
        }
        Forms::Never => return Ok(of(Format::Json)),
    };
    Ok(match field(&bytes, field_of_json)? {
        // GitHub, Slack and Mandrill send JSON in a field of a form.
        Some(json) => Payload {
            bytes: json.into(),
            format: Format::Json,
        },
        None => of(Format::Form),
    })
}

fn is_coded(headers: &HeaderMap) -> bool {
    let codings = headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii);
    let is_known = |coding: &[u8]| {
        CODINGS
            .iter()
            .any(|known| coding.eq_ignore_ascii_case(known.as_bytes()))
    };
    codings.into_iter().any(is_known)
}

fn has_type(headers: &HeaderMap, start: &str) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|value| {
        value
            .as_bytes()
            .get(..start.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(start.as_bytes()))
    })
}

fn has_parameter(query: Option<&str>, name: &str) -> bool {
    query.is_some_and(|query| {
        query
            .split('&')
            .any(|pair| pair.split('=').next() == Some(name))
    })
}

/// The value at a pointer.
pub(super) enum FieldValue<'d> {
    /// JSON, as it is written.
    Json(&'d str),
    /// The value of a field of a form.
    Field(String),
}

impl FieldValue<'_> {
    pub(super) fn text(self) -> Option<String> {
        match self {
            Self::Json(json) => scan::scalar(json),
            Self::Field(value) => Some(value),
        }
    }
}

/// The values at these pointers, in one pass over the document. The root is not looked for.
pub(super) fn find<'d, const N: usize>(
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
pub(super) fn through_lists(document: Payload, way: &[Pointer]) -> Result<Vec<Payload>, Rejection> {
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

/// The value of a form's field that must not come twice.
fn field(form: &Bytes, name: &str) -> Result<Option<String>, Rejection> {
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
