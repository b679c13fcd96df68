//! Reading the payload of a message into the type that a handler asks for.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::log_text::{LogText, SENDER};
use crate::message::{Format, IncomingMessage, Payload};
use crate::via::ViaPayload;

/// What the first parameter of a handler can be: a payload (`T: Deserialize`), or
/// [`Received<T>`](crate::Received) for the payload with everything around it.
///
/// `M` only tells the implementations apart; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the payload of a handler",
    label = "not a payload",
    note = "the first parameter of a handler is the payload: a type with `#[derive(serde::Deserialize)]`, `Received<T>`, or `Received` to leave it unread; extractors such as `State` follow it"
)]
pub trait FromMessage<M>: Sized {
    /// The type of the payload.
    type Payload;

    /// Reads the payload.
    #[doc(hidden)]
    fn from_message(
        message: &IncomingMessage,
        headers: &axum::http::HeaderMap,
    ) -> Result<Self, DecodeError>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromMessage<ViaPayload> for T {
    type Payload = T;

    fn from_message(
        message: &IncomingMessage,
        _: &axum::http::HeaderMap,
    ) -> Result<Self, DecodeError> {
        decode(&message.payload)
    }
}

/// A payload that is not what a handler asks for.
#[derive(Debug)]
pub struct DecodeError {
    /// Compressed or in several parts, which is not read here whatever its content.
    pub(crate) unsupported: bool,
    path: String,
    reason: String,
}

impl DecodeError {
    /// The place in the payload; empty where it has none.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.reason),
            path => write!(f, "at `{path}`: {}", self.reason),
        }
    }
}

/// Without a source: the words of serde hold the sender's value.
impl std::error::Error for DecodeError {}

pub(crate) fn decode<T: DeserializeOwned>(payload: &Payload) -> Result<T, DecodeError> {
    match payload.format {
        // Keeping track of the path costs as much as reading, so it is done only when reading has failed.
        Format::Json => {
            serde_json::from_slice(&payload.bytes).or_else(|_| json_with_path(&payload.bytes))
        }
        Format::Form => {
            serde_html_form::from_bytes(&payload.bytes).or_else(|_| form_with_path(&payload.bytes))
        }
        Format::Opaque => Err(DecodeError {
            unsupported: true,
            path: String::new(),
            reason: "the body is compressed or has several parts, and neither is read here"
                .to_owned(),
        }),
    }
}

fn json_with_path<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(failed)?;
    json.end().map_err(|error| DecodeError {
        unsupported: false,
        path: String::new(),
        reason: without_value(&error.to_string()),
    })?;
    Ok(value)
}

fn form_with_path<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    serde_path_to_error::deserialize(serde_html_form::Deserializer::from_bytes(bytes))
        .map_err(failed)
}

fn failed<E: fmt::Display>(error: serde_path_to_error::Error<E>) -> DecodeError {
    let path = error.path().to_string();
    let mut path = if path == "." { String::new() } else { path };
    let reason = error.into_inner().to_string();
    if let Some(field) = missing(&reason) {
        let dot = if path.is_empty() { "" } else { "." };
        path = format!("{path}{dot}{field}");
    }
    DecodeError {
        unsupported: false,
        path: LogText(path, SENDER).to_string(),
        reason: without_value(&reason),
    }
}

/// serde's text without the sender's value, escaped and cut: a payload holds personal data, which does not belong into
/// the log, and a line break in it would make a line of its own there.
///
/// serde writes a value that it did not expect between the kind of value and what it did expect:
/// `invalid type: string "..", expected u64 at line 1 column 5`, ``unknown variant `..`, expected `a` or `b` ``.
fn without_value(reason: &str) -> String {
    let known = [
        "invalid type: ",
        "invalid value: ",
        "unknown variant ",
        "unknown field ",
    ];
    let Some(head) = known.into_iter().find(|head| reason.starts_with(head)) else {
        return LogText(reason, SENDER).to_string();
    };
    let rest = &reason[head.len()..];
    let kind = rest.split(['`', '"']).next().unwrap_or_default();
    // The value may hold these words too; what serde itself wrote is the last of them.
    let expected = [", expected ", ", there are no "]
        .into_iter()
        .find_map(|words| rest.rfind(words))
        .map_or("", |at| &rest[at..]);
    let kind = kind.split(',').next().unwrap_or_default();
    let text = format!("{}{expected}", format!("{head}{kind}").trim_end());
    LogText(text, SENDER).to_string()
}

/// The field that is not there: the path ends where it should be, and only serde's text names it.
fn missing(reason: &str) -> Option<&str> {
    reason
        .strip_prefix("missing field `")?
        .split_once('`')
        .map(|(field, _)| field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Payment {
        amount: u64,
        lines: Vec<Line>,
    }

    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Line {
        text: String,
    }

    fn payload(text: &'static str, format: Format) -> Payload {
        Payload {
            bytes: text.into(),
            format,
        }
    }

    #[test]
    fn a_payload_that_is_not_what_is_asked_for_says_where() {
        let error = decode::<Payment>(&payload(
            r#"{"amount":1,"lines":[{"text":1}]}"#,
            Format::Json,
        ))
        .unwrap_err();
        assert_eq!(error.path(), "lines[0].text");
        let error = decode::<Payment>(&payload(r#"{"lines":[]}"#, Format::Json)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "at `amount`: missing field `amount` at line 1 column 12"
        );
        let error =
            decode::<Payment>(&payload(r#"{"amount":1,"lines":[{}]}"#, Format::Json)).unwrap_err();
        assert_eq!(error.path(), "lines[0].text");
        let error = decode::<Payment>(&payload("", Format::Json)).unwrap_err();
        assert_eq!(error.path(), "");
    }

    #[test]
    fn a_form_is_read_like_a_payload() {
        #[derive(serde::Deserialize)]
        struct Message {
            body: String,
            count: u32,
        }
        let message: Message = decode(&payload("body=a+b%21&count=2", Format::Form)).unwrap();
        assert_eq!((message.body.as_str(), message.count), ("a b!", 2));
        let error = decode::<Message>(&payload("body=a&count=x", Format::Form))
            .err()
            .unwrap();
        assert_eq!(error.path(), "count");
        let error = decode::<Message>(&payload("body=a", Format::Form))
            .err()
            .unwrap();
        assert_eq!(error.path(), "count");
    }

    #[test]
    fn the_text_of_a_mistake_holds_no_value_of_the_sender() {
        #[derive(serde::Deserialize, Debug)]
        enum Color {
            #[serde(rename = "red")]
            Red,
        }
        fn text<T: DeserializeOwned + fmt::Debug>(json: String) -> String {
            let bytes = json.into();
            decode::<T>(&Payload {
                bytes,
                format: Format::Json,
            })
            .unwrap_err()
            .to_string()
        }
        let secret = "4111 1111\\n2026 INFO paid";
        assert_eq!(
            text::<u64>(format!("\"{secret}, expected\"")),
            "invalid type: string, expected u64 at line 1 column 37"
        );
        let unknown = text::<Color>(format!("\"{secret}\""));
        assert_eq!(
            unknown,
            "unknown variant, expected `red` at line 1 column 27"
        );
        assert!(text::<u64>(format!("\"{}\"", "x".repeat(1 << 20))).len() < 100);
        let map = text::<std::collections::BTreeMap<String, u64>>(format!("{{\"{secret}\":true}}"));
        assert!(
            map.contains("4111 1111\\u{a}2026") && !map.contains('\n'),
            "{map}"
        );
    }

    #[test]
    fn what_is_not_read_here_is_told_apart_from_what_is_wrong() {
        assert!(
            decode::<Payment>(&payload("{}", Format::Opaque))
                .unwrap_err()
                .unsupported
        );
        assert!(
            !decode::<Payment>(&payload("{}", Format::Json))
                .unwrap_err()
                .unsupported
        );
    }
}
