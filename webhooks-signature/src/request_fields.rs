//! The headers of one request that a scheme reads, all found in one pass.

use crate::error::{Reason, VerifyResult};
use crate::request::{FieldName, Headers};

/// Names of most schemes.
const FEW: usize = 8;

/// What a request has under each of the names, in their order.
pub(crate) struct RequestFields<'r> {
    few: [Field<'r>; FEW],
    /// All of them where they are more than a few; empty otherwise.
    many: Vec<Field<'r>>,
}

/// What a request has under one name.
#[derive(Clone, Copy, Default)]
pub(crate) struct Field<'r> {
    value: Option<&'r [u8]>,
    /// It came more than once, with different values.
    is_ambiguous: bool,
}

impl<'r> RequestFields<'r> {
    /// Nothing yet, with room for this many names.
    #[inline]
    pub(crate) fn new(names: usize) -> Self {
        Self {
            few: [Field::default(); FEW],
            many: if names > FEW {
                vec![Field::default(); names]
            } else {
                Vec::new()
            },
        }
    }

    /// Looks all names up.
    #[inline]
    pub(crate) fn look_up(&mut self, headers: &'r dyn Headers, names: &[FieldName]) {
        let fields = if self.many.is_empty() {
            &mut self.few[..]
        } else {
            &mut self.many
        };
        headers.for_each_of(names, &mut |name, value| {
            if let Some(field) = fields.get_mut(name) {
                match field.value {
                    None => field.value = Some(value),
                    Some(first) => field.is_ambiguous |= first != value,
                }
            }
        });
    }

    /// By the index of their names.
    #[inline]
    pub(crate) fn fields(&self) -> &[Field<'r>] {
        if self.many.is_empty() {
            &self.few
        } else {
            &self.many
        }
    }
}

impl<'r> Field<'r> {
    /// The value; an empty one counts as missing.
    #[inline]
    pub(crate) fn value(&self) -> Option<&'r [u8]> {
        self.value.filter(|value| !value.is_empty())
    }

    /// The value of a header that must not come with two different ones.
    #[inline]
    pub(crate) fn single(&self, name: &FieldName) -> VerifyResult<Option<&'r [u8]>> {
        if self.is_ambiguous {
            return Err(Box::new(Reason::ConflictingHeader {
                header: name.as_str().to_owned(),
            }));
        }
        Ok(self.value())
    }
}
