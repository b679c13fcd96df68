//! Compares schemas: what does the new one allow that the old one ruled out, and the other way round?
//!
//! Schemas form a graph with circles. Each pair of schemas that a `$ref` leads to is compared once, whatever leads
//! there; afterwards it is known which events reach it. So the effort grows with the documents, not with what they
//! would unfold to.

mod compare;
mod keyword;
mod shape;
mod variant;

use std::collections::{HashSet, VecDeque};

use indexmap::IndexSet;
use serde_json::Value;

pub(super) use self::compare::RULES;
use self::compare::Unit;
use super::DiffError;
use super::change::{Draft, Side};
use crate::document::DocumentError;
use crate::pointer::Pointer;
use crate::reference::{Part, References};

/// Who writes what a schema describes; the other party reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Writer {
    /// Payloads and parameters: nothing new may come.
    Sender,
    /// Responses: what was right must stay right.
    Receiver,
}

/// A schema of the old document, one of the new, and who writes what they describe.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Pair {
    old: Pointer,
    new: Pointer,
    writer: Writer,
}

/// The comparison of all schemas of two documents.
pub(super) struct Comparison<'a> {
    old: References<'a>,
    new: References<'a>,
    /// Each pair that was met; its place here is its number.
    pairs: IndexSet<Pair>,
    waiting: VecDeque<(Part<'a>, Part<'a>, Writer)>,
    /// One for each pair, in the same order.
    units: Vec<Unit>,
    roots: Vec<usize>,
    failure: Option<DiffError>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: &'a Value, new: &'a Value) -> Self {
        Self {
            old: References::new(old),
            new: References::new(new),
            pairs: IndexSet::new(),
            waiting: VecDeque::new(),
            units: Vec::new(),
            roots: Vec::new(),
            failure: None,
        }
    }

    /// Has two schemas compared, of which an operation speaks.
    pub(super) fn add_root(&mut self, old: Part<'a>, new: Part<'a>, writer: Writer) {
        let root = self.number(old, new, writer);
        self.roots.extend(root);
    }

    /// The numbers of the pairs added since the last call.
    pub(super) fn take_roots(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.roots)
    }

    /// Compares everything that was added, and whatever that leads to.
    pub(super) fn finish(&mut self) -> Result<(), DiffError> {
        while let Some((old, new, writer)) = self.waiting.pop_front() {
            let unit = compare::compare(self, &old, &new, writer);
            self.units.push(unit);
        }
        self.failure.take().map_or(Ok(()), Err)
    }

    /// The changes that can be met from some pairs.
    pub(super) fn reached_from(&self, roots: &[usize]) -> Vec<Draft> {
        let mut seen: HashSet<usize> = roots.iter().copied().collect();
        let mut open: Vec<usize> = roots.to_vec();
        let mut drafts = Vec::new();
        while let Some(number) = open.pop() {
            let unit = &self.units[number];
            drafts.extend(unit.drafts.iter().cloned());
            open.extend(
                unit.leads_to
                    .iter()
                    .copied()
                    .filter(|next| seen.insert(*next)),
            );
        }
        drafts
    }

    /// The number of a pair, after following `$ref`s; nothing if one of them cannot be followed.
    fn number(&mut self, old: Part<'a>, new: Part<'a>, writer: Writer) -> Option<usize> {
        let old = self.end(Side::Old, old)?;
        let new = self.end(Side::New, new)?;
        let pair = Pair {
            old: old.pointer.clone(),
            new: new.pointer.clone(),
            writer,
        };
        let (number, is_new) = self.pairs.insert_full(pair);
        if is_new {
            self.waiting.push_back((old, new, writer));
        }
        Some(number)
    }

    /// Follows a `$ref` that stands alone. One with constraints beside it is a schema of its own.
    fn end(&mut self, side: Side, mut part: Part<'a>) -> Option<Part<'a>> {
        let mut hops = 0;
        while shape::is_plain_reference(part.value) && hops < 64 {
            part = self.step(side, &part)??;
            hops += 1;
        }
        Some(part)
    }

    /// One `$ref` further; a failure is remembered and ends the whole comparison.
    #[expect(
        clippy::option_option,
        reason = "outside: whether it can be followed; inside: whether there is a `$ref`"
    )]
    fn step(&mut self, side: Side, part: &Part<'a>) -> Option<Option<Part<'a>>> {
        let references = if side == Side::Old {
            self.old
        } else {
            self.new
        };
        // The whole chain must end somewhere, or no step of it leads anywhere.
        let step = references
            .follow(part.clone())
            .and_then(|_| references.step(part));
        step.map_err(|error| {
            let error = DiffError {
                side,
                error: DocumentError::from(error),
            };
            self.failure.get_or_insert(error);
        })
        .ok()
    }
}
