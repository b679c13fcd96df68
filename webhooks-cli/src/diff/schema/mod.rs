//! Compares schemas: what does the new one allow that the old one ruled out, and the other way round?
//!
//! Schemas form a graph with circles. Each pair of schemas that a `$ref` leads to is compared once, whatever leads
//! there; afterwards it is known which events reach it. So the effort grows with the documents, not with what they
//! would unfold to.

mod compare;
mod comparison;
mod keyword;
mod shape;
mod variant;
mod work;

pub(super) use self::compare::RULES;
pub(super) use self::comparison::{Comparison, Writer};
use super::error::DiffError;

/// Compares everything that was added, and whatever that leads to.
pub(super) fn finish(comparison: &mut Comparison<'_>) -> Result<(), DiffError> {
    while let Some((old, new, writer)) = comparison.next() {
        let unit = compare::compare(comparison, &old, &new, writer);
        comparison.push(unit);
    }
    comparison.failure().map_or(Ok(()), Err)
}
