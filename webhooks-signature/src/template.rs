//! The signed text: a template such as `{id}.{ts}.{body}`, parsed once and streamed into the MAC.
//!
//! Parts are appended as bytes: a body that is not UTF-8 signs like any other, and no base string is built.

use crate::error::SchemeError;
use crate::few::Few;
use crate::field;
use crate::form::Form;
use crate::piece_buffer::PieceBuffer;

/// A parsed template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    parts: Vec<Part>,
    pub(crate) signs_url: bool,
    pub(crate) signs_form: bool,
    /// The character that ends the message id in the signed text, if a literal follows it.
    pub(crate) after_id: Option<char>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Literal(String),
    Body,
    Timestamp,
    Id,
    Url,
    Method,
    Form,
    Secret,
    /// The header at this index of [`Template::headers`].
    Header(String),
}

impl Template {
    pub(crate) fn parse(text: &str) -> Result<Self, SchemeError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            let (literal, tail) = rest.split_at(open);
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            let inner = tail.strip_prefix('{').and_then(|tail| tail.split_once('}'));
            let (name, tail) = inner.ok_or_else(|| unbalanced(text))?;
            parts.push(Part::parse(name)?);
            rest = tail;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Ok(Self {
            signs_url: parts.contains(&Part::Url),
            signs_form: parts.contains(&Part::Form),
            after_id: after_id(&parts),
            parts,
        })
    }

    pub(crate) fn contains(&self, part: &Part) -> bool {
        self.parts.contains(part)
    }

    /// Whether anything of the request reaches the signature.
    pub(crate) fn covers_the_request(&self) -> bool {
        self.parts
            .iter()
            .any(|part| !matches!(part, Part::Literal(_) | Part::Secret))
    }

    /// Names of the headers that are signed, in order.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Header(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

fn after_id(parts: &[Part]) -> Option<char> {
    let id = parts.iter().position(|part| *part == Part::Id)?;
    match parts.get(id + 1)? {
        Part::Literal(text) => text.chars().next(),
        _ => None,
    }
}

impl Part {
    fn parse(name: &str) -> Result<Self, SchemeError> {
        Ok(match name {
            "body" => Self::Body,
            "ts" => Self::Timestamp,
            "id" => Self::Id,
            "url" => Self::Url,
            "method" => Self::Method,
            "form" => Self::Form,
            "secret" => Self::Secret,
            _ => match name.strip_prefix("h:") {
                Some(header) if field::is_name(header) => Self::Header(header.to_owned()),
                _ => return Err(unknown(name)),
            },
        })
    }
}

/// What a template's placeholders stand for in one request, in one URL variant.
pub(crate) struct Base<'a> {
    pub(crate) template: &'a Template,
    pub(crate) body: &'a [u8],
    pub(crate) timestamp: &'a [u8],
    pub(crate) id: &'a [u8],
    pub(crate) url: &'a str,
    pub(crate) method: &'a str,
    pub(crate) form: &'a Form<'a>,
    /// Values in the order of [`Template::headers`].
    pub(crate) headers: &'a Few<&'a [u8]>,
}

impl Base<'_> {
    /// Feeds the signed text to `sink`, piece by piece. `secret` is what `{secret}` stands for.
    #[inline]
    pub(crate) fn write(&self, secret: &[u8], sink: &mut impl FnMut(&[u8])) {
        let mut headers = self.headers.iter();
        let mut text = PieceBuffer::new(sink);
        for part in &self.template.parts {
            match part {
                Part::Literal(literal) => text.add(literal.as_bytes()),
                Part::Body => text.add(self.body),
                Part::Timestamp => text.add(self.timestamp),
                Part::Id => text.add(self.id),
                Part::Url => text.add(self.url.as_bytes()),
                Part::Method => text.add(self.method.as_bytes()),
                Part::Form => self.form.write(&mut |bytes| text.add(bytes)),
                Part::Secret => text.add_whole(secret),
                Part::Header(_) => text.add(headers.next().copied().unwrap_or_default()),
            }
        }
        text.flush();
    }
}

fn unbalanced(text: &str) -> SchemeError {
    SchemeError::new(
        "base",
        format!("`{text}` has a brace without its partner; write `{{body}}`"),
    )
}

fn unknown(name: &str) -> SchemeError {
    SchemeError::new(
        "base",
        format!(
            "`{{{name}}}` is unknown; there are {{body}}, {{ts}}, {{id}}, {{url}}, {{method}}, {{form}}, \
             {{secret}} and {{h:header-name}}"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(template: &str) -> Result<String, SchemeError> {
        let template = Template::parse(template)?;
        let form = Form::parse(b"FO=RM").unwrap();
        let mut headers = Few::new();
        headers.push(b"ONE".as_slice());
        headers.push(b"TWO".as_slice());
        let base = Base {
            template: &template,
            body: b"BODY",
            timestamp: b"TS",
            id: b"ID",
            url: "URL",
            method: "METHOD",
            form: &form,
            headers: &headers,
        };
        let mut text = Vec::new();
        base.write(b"SECRET", &mut |bytes| text.extend_from_slice(bytes));
        Ok(String::from_utf8(text).unwrap())
    }

    #[test]
    fn every_placeholder_is_filled_in_order() {
        let text = written("v0:{ts}.{id}{url}{method}{form}{secret}{h:a}{h:b}-{body}!").unwrap();
        assert_eq!(text, "v0:TS.IDURLMETHODFORMSECRETONETWO-BODY!");
    }

    #[test]
    fn braces_without_a_partner_are_refused() {
        for template in ["{body", "body}", "{", "}", "{ts}.{", "{{body}}", "{body}}"] {
            assert_eq!(written(template).unwrap_err().field(), "base", "{template}");
        }
    }

    #[test]
    fn an_unknown_placeholder_is_named_with_what_exists() {
        let error = written("{boddy}").unwrap_err().to_string();
        assert!(
            error.contains("{boddy}") && error.contains("{body}"),
            "{error}"
        );
        for template in ["{}", "{h:}", "{h:a b}", "{ body }", "{TS}"] {
            assert!(written(template).is_err(), "{template}");
        }
    }

    #[test]
    fn the_separator_behind_the_id_is_known() {
        assert_eq!(Template::parse("{id}.{ts}").unwrap().after_id, Some('.'));
        assert_eq!(Template::parse("{id}{ts}").unwrap().after_id, None);
        assert_eq!(Template::parse("{ts}.{id}").unwrap().after_id, None);
        assert_eq!(Template::parse("{body}").unwrap().after_id, None);
    }
}
