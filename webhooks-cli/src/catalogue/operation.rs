//! One method of one event: its parameters, payload and responses.

use serde_json::Value;

use crate::document::{DocumentError, kind};
use crate::reference::{Part, References};

/// An operation under `webhooks`.
#[derive(Debug, Clone)]
pub(crate) struct Operation<'a> {
    pub(crate) event: &'a str,
    /// In capital letters, as in a request.
    pub(crate) method: String,
    pub(crate) part: Part<'a>,
    /// Those of the path item too, where the operation does not replace them.
    pub(crate) parameters: Vec<Parameter<'a>>,
    pub(crate) body: Option<Body<'a>>,
    pub(crate) responses: Vec<Response<'a>>,
}

/// A header, query parameter or cookie that is sent.
#[derive(Debug, Clone)]
pub(crate) struct Parameter<'a> {
    pub(crate) part: Part<'a>,
    pub(crate) name: &'a str,
    /// `header`, `query`, `cookie` or, by mistake, `path`.
    pub(crate) location: &'a str,
    pub(crate) required: bool,
}

/// The payload.
#[derive(Debug, Clone)]
pub(crate) struct Body<'a> {
    pub(crate) part: Part<'a>,
    pub(crate) required: bool,
    pub(crate) content: Vec<Content<'a>>,
}

/// One media type of a payload or response.
#[derive(Debug, Clone)]
pub(crate) struct Content<'a> {
    pub(crate) media_type: &'a str,
    pub(crate) part: Part<'a>,
    pub(crate) schema: Option<Part<'a>>,
}

/// What a receiver may answer.
#[derive(Debug, Clone)]
pub(crate) struct Response<'a> {
    /// `200`, `2XX` or `default`.
    pub(crate) status: &'a str,
    pub(crate) part: Part<'a>,
    pub(crate) headers: Vec<Header<'a>>,
    pub(crate) content: Vec<Content<'a>>,
}

/// A header of a response.
#[derive(Debug, Clone)]
pub(crate) struct Header<'a> {
    pub(crate) part: Part<'a>,
    pub(crate) name: &'a str,
    pub(crate) required: bool,
}

impl<'a> Operation<'a> {
    /// Reads an operation; parts of it that cannot be understood become problems and are left out.
    pub(super) fn read(
        references: References<'a>,
        event: &'a str,
        method: &str,
        item: &Part<'a>,
        part: Part<'a>,
        problems: &mut Vec<DocumentError>,
    ) -> Result<Self, DocumentError> {
        if !part.value.is_object() {
            let message = format!(
                "expected an operation, an object; found {}",
                kind(part.value)
            );
            return Err(DocumentError::new(part.pointer, message));
        }
        let mut reader = Reader {
            references,
            problems,
        };
        let shared = reader.parameters(item);
        let own = reader.parameters(&part);
        let shared = shared
            .into_iter()
            .filter(|one| !own.iter().any(|other| other.is_same(one)));
        Ok(Self {
            event,
            method: method.to_uppercase(),
            parameters: shared.chain(own.clone()).collect(),
            body: part.child("requestBody").and_then(|body| reader.body(body)),
            responses: reader.responses(&part),
            part,
        })
    }

    /// A text of the operation that is there and not empty.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.part
            .value
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.trim().is_empty())
    }

    /// Whether it says that it is deprecated.
    pub(crate) fn is_deprecated(&self) -> bool {
        self.part.value.get("deprecated") == Some(&Value::Bool(true))
    }

    /// Its tags.
    pub(crate) fn tags(&self) -> Vec<&'a str> {
        let tags = self.part.value.get("tags").and_then(Value::as_array);
        tags.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// `POST payment.created`
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.method, self.event)
    }
}

impl Parameter<'_> {
    /// Whether both are the same parameter: names of headers have no case (RFC 9110, section 5.1).
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.location == other.location
            && if self.location == "header" {
                self.name.eq_ignore_ascii_case(other.name)
            } else {
                self.name == other.name
            }
    }
}

struct Reader<'r, 'a> {
    references: References<'a>,
    problems: &'r mut Vec<DocumentError>,
}

impl<'a> Reader<'_, 'a> {
    fn object(&mut self, part: Part<'a>) -> Option<Part<'a>> {
        self.references
            .object(part)
            .map_err(|problem| self.problems.push(problem))
            .ok()
    }

    fn parameters(&mut self, owner: &Part<'a>) -> Vec<Parameter<'a>> {
        let Some(list) = owner.child("parameters") else {
            return Vec::new();
        };
        if !list.value.is_array() {
            let message = format!(
                "expected an array of parameters, found {}",
                kind(list.value)
            );
            self.problems
                .push(DocumentError::new(list.pointer, message));
            return Vec::new();
        }
        list.items()
            .filter_map(|part| self.parameter(part))
            .collect()
    }

    fn parameter(&mut self, part: Part<'a>) -> Option<Parameter<'a>> {
        let part = self.object(part)?;
        let text = |name| part.value.get(name).and_then(Value::as_str);
        let (Some(name), Some(location)) = (text("name"), text("in")) else {
            let message = "a parameter has a `name` and an `in`, both texts";
            self.problems
                .push(DocumentError::new(part.pointer, message));
            return None;
        };
        let required = part.value.get("required") == Some(&Value::Bool(true));
        Some(Parameter {
            part,
            name,
            location,
            required,
        })
    }

    fn body(&mut self, part: Part<'a>) -> Option<Body<'a>> {
        let part = self.object(part)?;
        let required = part.value.get("required") == Some(&Value::Bool(true));
        Some(Body {
            content: self.content(&part),
            required,
            part,
        })
    }

    fn responses(&mut self, operation: &Part<'a>) -> Vec<Response<'a>> {
        let Some(responses) = operation
            .child("responses")
            .and_then(|part| self.object(part))
        else {
            return Vec::new();
        };
        let named = responses
            .members()
            .filter(|(status, _)| !status.starts_with("x-"));
        named
            .filter_map(|(status, part)| {
                let part = self.object(part)?;
                Some(Response {
                    status,
                    headers: self.headers(&part),
                    content: self.content(&part),
                    part,
                })
            })
            .collect()
    }

    fn headers(&mut self, response: &Part<'a>) -> Vec<Header<'a>> {
        let Some(headers) = response.child("headers").and_then(|part| self.object(part)) else {
            return Vec::new();
        };
        let read = headers.members().filter_map(|(name, part)| {
            let part = self.object(part)?;
            let required = part.value.get("required") == Some(&Value::Bool(true));
            Some(Header {
                part,
                name,
                required,
            })
        });
        // OpenAPI says that this one is ignored: the media type is in `content`.
        read.filter(|header| !header.name.eq_ignore_ascii_case("content-type"))
            .collect()
    }

    fn content(&mut self, owner: &Part<'a>) -> Vec<Content<'a>> {
        let Some(content) = owner.child("content").and_then(|part| self.object(part)) else {
            return Vec::new();
        };
        content
            .members()
            .filter_map(|(media_type, part)| {
                let part = self.object(part)?;
                Some(Content {
                    media_type,
                    schema: part.child("schema"),
                    part,
                })
            })
            .collect()
    }
}
