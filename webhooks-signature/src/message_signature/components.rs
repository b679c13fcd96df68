//! The signed text of a message signature (RFC 9421 section 2.5): one line for each component that is covered.

use std::borrow::Cow;

use super::address::Address;
use super::structured::{InnerList, Parameters, write_item};
use crate::error::MessageSignatureProblem as Problem;
use crate::field::is_name;
use crate::request::Headers;

/// The parts of a request of which components are made.
pub(super) struct Parts<'r> {
    pub(super) method: &'r str,
    pub(super) address: &'r Address,
    pub(super) headers: &'r dyn Headers,
}

/// The signature base.
pub(super) fn signature_base(input: &InnerList, parts: &Parts<'_>) -> Result<String, Problem> {
    let mut base = String::new();
    for (index, (name, parameters)) in input.items.iter().enumerate() {
        // Section 2.5 step 2.1: a component is covered once.
        let earlier = &input.items[..index];
        if earlier
            .iter()
            .any(|(one, others)| one == name && others == parameters)
        {
            return Err(Problem::Malformed);
        }
        let value = parts.value(name, parameters)?;
        write_item(name, parameters, &mut base);
        base.push_str(": ");
        base.push_str(&value);
        base.push('\n');
    }
    base.push_str("\"@signature-params\": ");
    base.push_str(&input.to_text());
    Ok(base)
}

impl Parts<'_> {
    fn value(&self, name: &str, parameters: &Parameters) -> Result<Cow<'_, str>, Problem> {
        if name == "@query-param" {
            return self.query_parameter(parameters).map(Cow::Owned);
        }
        // `sf`, `key`, `bs`, `req` and `tr` need to know the field's own type, or another message.
        if !parameters.is_empty() {
            return Err(Problem::ComponentUnknown);
        }
        let address = self.address;
        Ok(match name {
            "@method" => self.method.into(),
            "@target-uri" => address.target_uri().into(),
            "@authority" => address.authority().into(),
            "@scheme" => address.scheme().into(),
            "@request-target" => address.request_target().into(),
            "@path" => address.path().into(),
            // With the question mark, also where there is no query (section 2.2.7).
            "@query" => format!("?{}", address.query().unwrap_or_default()).into(),
            name if name.starts_with('@') || !is_lower_case_name(name) => {
                return Err(Problem::ComponentUnknown);
            }
            name => self.field(name)?.into(),
        })
    }

    /// All values of a header, without the white space around them, joined (section 2.1).
    fn field(&self, name: &str) -> Result<String, Problem> {
        field_values(self.headers, name)?.ok_or(Problem::ComponentMissing)
    }

    /// Section 2.2.8: the name is compared decoded, the value is written encoded in one way.
    fn query_parameter(&self, parameters: &Parameters) -> Result<String, Problem> {
        let (Some(wanted), 1) = (parameters.text("name"), parameters.len()) else {
            return Err(Problem::ComponentUnknown);
        };
        let pairs = self.address.query().unwrap_or_default().split('&');
        let mut found = pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .filter(|(name, _)| form_encoded(name) == wanted)
            .map(|(_, value)| form_encoded(value));
        match (found.next(), found.next()) {
            (Some(value), None) => Ok(value),
            (Some(_), Some(_)) => Err(Problem::ComponentUnknown),
            (None, _) => Err(Problem::ComponentMissing),
        }
    }
}

/// All values of a header as one text, which must be ASCII; `None` where there is no such header.
pub(super) fn field_values(headers: &dyn Headers, name: &str) -> Result<Option<String>, Problem> {
    let mut joined: Option<String> = None;
    let mut index = 0;
    while let Some(value) = headers.value(name, index) {
        let value = std::str::from_utf8(value)
            .ok()
            .filter(|text| text.is_ascii());
        let value = value.ok_or(Problem::Malformed)?;
        let value = value.trim_matches([' ', '\t']);
        match &mut joined {
            Some(text) => {
                text.push_str(", ");
                text.push_str(value);
            }
            None => joined = Some(value.to_owned()),
        }
        index += 1;
    }
    Ok(joined)
}

fn is_lower_case_name(name: &str) -> bool {
    is_name(name) && !name.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Decodes a form's text and encodes it again with the percent-encoding of the URL standard.
fn form_encoded(text: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
        .remove(b'*')
        .remove(b'-')
        .remove(b'.')
        .remove(b'_');
    let text = text.replace('+', " ");
    let decoded: Vec<u8> = percent_encoding::percent_decode_str(&text).collect();
    percent_encoding::percent_encode(&decoded, KEPT).to_string()
}
