//! The pairs of schemas that are compared: each once, whatever leads to it.

use std::collections::{HashSet, VecDeque};

use indexmap::IndexSet;
use serde_json::Value;

use super::shape;
use crate::diff::change::{Draft, Side};
use crate::diff::error::DiffError;
use crate::document::DocumentError;
use crate::pointer::Pointer;
use crate::reference::{Part, References};

/// What came of comparing one pair.
#[derive(Debug, Default)]
pub(super) struct Unit {
    pub(super) drafts: Vec<Draft>,
    /// The numbers of the pairs below.
    pub(super) leads_to: Vec<usize>,
}

/// Who writes what a schema describes; the other party reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::diff) enum Writer {
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
pub(in crate::diff) struct Comparison<'a> {
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
    pub(in crate::diff) fn new(old: &'a Value, new: &'a Value) -> Self {
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
    pub(in crate::diff) fn add_root(&mut self, old: Part<'a>, new: Part<'a>, writer: Writer) {
        let root = self.number(old, new, writer);
        self.roots.extend(root);
    }

    /// The numbers of the pairs added since the last call.
    pub(in crate::diff) fn take_roots(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.roots)
    }

    /// The next pair to compare; its [unit](Self::push) is pushed before the next is asked for.
    pub(super) fn next(&mut self) -> Option<(Part<'a>, Part<'a>, Writer)> {
        self.waiting.pop_front()
    }

    pub(super) fn push(&mut self, unit: Unit) {
        self.units.push(unit);
    }

    /// The first `$ref` that could not be followed.
    pub(super) fn failure(&mut self) -> Option<DiffError> {
        self.failure.take()
    }

    /// Whether these two schemas were compared with one another.
    pub(in crate::diff) fn is_compared(&self, old: &Pointer, new: &Pointer) -> bool {
        let pair = |writer| Pair {
            old: old.clone(),
            new: new.clone(),
            writer,
        };
        [Writer::Sender, Writer::Receiver]
            .into_iter()
            .any(|writer| self.pairs.contains(&pair(writer)))
    }

    /// The schema that a schema of the old document was compared with first.
    pub(in crate::diff) fn counterpart(&self, old: &Pointer) -> Option<&Pointer> {
        let pair = self.pairs.iter().find(|pair| pair.old == *old)?;
        Some(&pair.new)
    }

    /// The changes that can be met from some pairs.
    pub(in crate::diff) fn reached_from(&self, roots: &[usize]) -> Vec<Draft> {
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
    pub(super) fn number(&mut self, old: Part<'a>, new: Part<'a>, writer: Writer) -> Option<usize> {
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

    /// Follows a `$ref` that is alone in its schema. One with further constraints is a schema of its own.
    pub(super) fn end(&mut self, side: Side, mut part: Part<'a>) -> Option<Part<'a>> {
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
    pub(super) fn step(&mut self, side: Side, part: &Part<'a>) -> Option<Option<Part<'a>>> {
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
