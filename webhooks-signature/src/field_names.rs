//! The names of the headers that a scheme reads, parsed when its verifier is made.

use crate::request::FieldName;
use crate::scheme::Scheme;
use crate::template::Template;

/// The headers that the scheme reads, parsed once.
pub(crate) struct FieldNames {
    pub(crate) signature: Vec<FieldName>,
    pub(crate) timestamp: Vec<FieldName>,
    pub(crate) id: Vec<FieldName>,
    /// Those in the signed text.
    pub(crate) signed: Vec<FieldName>,
    /// With the values that they must have.
    pub(crate) required: Vec<(FieldName, String)>,
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
}
