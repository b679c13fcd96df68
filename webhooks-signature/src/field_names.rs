//! The names of the headers that a scheme reads, parsed when its verifier is made.

use crate::error::{Reason, VerifyResult};
use crate::few::Few;
use crate::field::single;
use crate::request::{FieldName, Headers};
use crate::scheme::Scheme;
use crate::template::Template;

/// The headers that the scheme reads, parsed once.
pub(crate) struct FieldNames {
    pub(crate) signature: Vec<FieldName>,
    pub(crate) timestamp: Vec<FieldName>,
    pub(crate) id: Vec<FieldName>,
    /// Those in the signed text.
    signed: Vec<FieldName>,
    /// With the values that they must have.
    required: Vec<(FieldName, String)>,
}

impl FieldNames {
    pub(crate) fn new(scheme: &Scheme, template: &Template) -> Self {
        let required = scheme.required_headers();
        Self {
            signature: scheme.signature_headers().map(FieldName::new).collect(),
            timestamp: scheme.timestamp_headers().map(FieldName::new).collect(),
            id: scheme.id_headers().map(FieldName::new).collect(),
            signed: template.headers().map(FieldName::new).collect(),
            required: required
                .map(|(name, value)| (FieldName::new(name), value.to_owned()))
                .collect(),
        }
    }

    /// Whether each header that must have a fixed value has it.
    pub(crate) fn check_required(&self, headers: &dyn Headers) -> VerifyResult<()> {
        for (name, expected) in &self.required {
            let header = || name.as_str().to_owned();
            match single(headers, name)? {
                Some(value) if value == expected.as_bytes() => {}
                Some(_) => return Err(Box::new(Reason::UnexpectedHeader { header: header() })),
                None => return Err(Box::new(Reason::MissingHeader { header: header() })),
            }
        }
        Ok(())
    }

    /// The values of the headers in the signed text, in its order.
    pub(crate) fn signed<'r>(&self, headers: &'r dyn Headers) -> VerifyResult<Few<&'r [u8]>> {
        let mut values = Few::new();
        for name in &self.signed {
            let value = single(headers, name)?;
            values.push(value.ok_or_else(|| Reason::MissingHeader {
                header: name.as_str().to_owned(),
            })?);
        }
        Ok(values)
    }
}
