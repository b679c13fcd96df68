//! The names of the headers that a scheme reads, parsed when its verifier is made.

use std::ops::Range;

use crate::error::{Reason, VerifyResult};
use crate::few::Few;
use crate::request::{FieldName, Headers};
use crate::request_fields::{Field, RequestFields};
use crate::scheme::Scheme;
use crate::template::Template;

/// The headers that the scheme reads, parsed once.
pub(crate) struct FieldNames {
    /// All of them; what they are for is in the ranges.
    names: Vec<FieldName>,
    signature: Range<usize>,
    timestamp: Range<usize>,
    id: Range<usize>,
    /// Those in the signed text.
    signed: Range<usize>,
    required: Range<usize>,
    /// The values that those that are required must have.
    expected: Vec<String>,
}

impl FieldNames {
    pub(crate) fn new(scheme: &Scheme, template: &Template) -> Self {
        let mut names = Vec::new();
        Self {
            signature: added(&mut names, scheme.signature_headers()),
            timestamp: added(&mut names, scheme.timestamp_headers()),
            id: added(&mut names, scheme.id_headers()),
            signed: added(&mut names, template.headers()),
            required: added(&mut names, scheme.required_headers().map(|(name, _)| name)),
            expected: scheme
                .required_headers()
                .map(|(_, value)| value.to_owned())
                .collect(),
            names,
        }
    }

    /// Nothing found yet.
    #[inline]
    pub(crate) fn none<'r>(&self) -> RequestFields<'r> {
        RequestFields::new(self.names.len())
    }

    /// Finds the headers in a request.
    #[inline]
    pub(crate) fn look_up<'r>(&self, headers: &'r dyn Headers, found: &mut RequestFields<'r>) {
        found.look_up(headers, &self.names);
    }

    /// The fields that count as the signature's: the first that is there, or `each` of them. At least one has a value.
    #[inline]
    pub(crate) fn signature<'f, 'r>(
        &self,
        found: &'f RequestFields<'r>,
        each: bool,
    ) -> VerifyResult<&'f [Field<'r>]> {
        let mut is_found = false;
        for index in self.signature.clone() {
            if self.single(found, index)?.is_none() {
                continue;
            }
            if !each {
                return Ok(&found.fields()[index..=index]);
            }
            is_found = true;
        }
        if is_found {
            Ok(&found.fields()[self.signature.clone()])
        } else {
            let header = self.first(&self.signature).to_owned();
            Err(Box::new(Reason::MissingSignature { header }))
        }
    }

    #[inline]
    pub(crate) fn timestamp<'r>(
        &self,
        found: &RequestFields<'r>,
    ) -> VerifyResult<Option<&'r [u8]>> {
        self.first_of(found, &self.timestamp)
    }

    /// The message id, which is there where the scheme has one.
    #[inline]
    pub(crate) fn id<'r>(&self, found: &RequestFields<'r>) -> VerifyResult<Option<&'r [u8]>> {
        if self.id.is_empty() {
            return Ok(None);
        }
        match self.first_of(found, &self.id)? {
            Some(id) => Ok(Some(id)),
            None => Err(Box::new(self.missing(self.id.start))),
        }
    }

    /// Whether each header that must have a fixed value has it.
    #[inline]
    pub(crate) fn check_required(&self, found: &RequestFields<'_>) -> VerifyResult<()> {
        for (index, expected) in self.required.clone().zip(&self.expected) {
            match self.single(found, index)? {
                Some(value) if value == expected.as_bytes() => {}
                Some(_) => {
                    let header = self.names[index].as_str().to_owned();
                    return Err(Box::new(Reason::UnexpectedHeader { header }));
                }
                None => return Err(Box::new(self.missing(index))),
            }
        }
        Ok(())
    }

    /// Adds the values of the headers in the signed text, in its order.
    #[inline]
    pub(crate) fn add_signed<'r>(
        &self,
        found: &RequestFields<'r>,
        values: &mut Few<&'r [u8]>,
    ) -> VerifyResult<()> {
        for index in self.signed.clone() {
            match self.single(found, index)? {
                Some(value) => values.push(value),
                None => return Err(Box::new(self.missing(index))),
            }
        }
        Ok(())
    }

    #[inline]
    fn single<'r>(
        &self,
        found: &RequestFields<'r>,
        index: usize,
    ) -> VerifyResult<Option<&'r [u8]>> {
        found.fields()[index].single(&self.names[index])
    }

    /// The first of several alternative headers that is there.
    #[inline]
    fn first_of<'r>(
        &self,
        found: &RequestFields<'r>,
        range: &Range<usize>,
    ) -> VerifyResult<Option<&'r [u8]>> {
        for index in range.clone() {
            if let Some(value) = self.single(found, index)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    #[cold]
    fn missing(&self, index: usize) -> Reason {
        let header = self.names[index].as_str().to_owned();
        Reason::MissingHeader { header }
    }

    fn first(&self, range: &Range<usize>) -> &str {
        self.names[range.clone()]
            .first()
            .map_or("", FieldName::as_str)
    }
}

/// Adds names; returns where they stand.
fn added<'n>(names: &mut Vec<FieldName>, more: impl Iterator<Item = &'n str>) -> Range<usize> {
    let start = names.len();
    names.extend(more.map(FieldName::new));
    start..names.len()
}
