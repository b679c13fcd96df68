//! Which named types are written out where they are used, and which once under "Types" with links to them.
//!
//! A type is written out where that costs little: it is used once, or its rows times its uses stay under a
//! limit. Types that contain one another are always linked. So the page grows with the document, not with the
//! product of events and fields, and a small document has no links at all.

use std::collections::{HashMap, HashSet};

use indexmap::IndexSet;
use serde_json::Value;

use super::{resolver::Resolver, rows::Walk};

/// Repeating a type may cost this many rows in the whole page.
const REPEATED_ROWS: usize = 300;
/// A type this small is always written out.
const SMALL: usize = 6;
/// A body that is used no more often than this is always written out.
const BODIES: usize = 3;
/// How deep sizes of sizes are asked for before a type counts as too big.
const NESTING: usize = 24;

/// The document with what is known of its named types.
pub(super) struct TypeUses<'a> {
    pub(super) resolver: Resolver<'a>,
    uses: HashMap<&'a str, usize>,
    sizes: HashMap<&'a str, usize>,
    /// The types being measured, each because of the one before.
    measuring: Vec<&'a str>,
    /// Types that contain one another.
    recursive: HashSet<&'a str>,
    /// Types that something on the page links to.
    linked: IndexSet<&'a str>,
}

impl<'a> TypeUses<'a> {
    pub(super) fn new(root: &'a Value) -> Self {
        Self {
            resolver: Resolver::new(root),
            uses: uses(root),
            sizes: HashMap::new(),
            measuring: Vec::new(),
            recursive: HashSet::new(),
            linked: IndexSet::new(),
        }
    }

    /// Whether the fields of a type are written out at each place that uses it.
    pub(super) fn is_written_out(&mut self, reference: &'a str) -> bool {
        let uses = self.uses_of(reference);
        if uses <= 1 {
            return true;
        }
        let size = self.size(reference);
        size <= SMALL || size.saturating_mul(uses) <= REPEATED_ROWS
    }

    /// Whether the fields of a type are written out where it is the whole body, which is where one looks for
    /// them.
    pub(super) fn is_written_out_as_body(&mut self, reference: &'a str) -> bool {
        self.uses_of(reference) <= BODIES || self.is_written_out(reference)
    }

    /// Remembers that the page links to this type, so that it gets its place under "Types".
    pub(super) fn link(&mut self, reference: &'a str) {
        self.linked.insert(reference);
    }

    /// The type linked as the nth.
    pub(super) fn linked(&self, nth: usize) -> Option<&'a str> {
        self.linked.get_index(nth).copied()
    }

    fn uses_of(&self, reference: &str) -> usize {
        self.uses.get(reference).copied().unwrap_or_default()
    }

    /// The rows of a type; `usize::MAX` for too many, and for types that contain one another: written out
    /// inside each other they would multiply.
    fn size(&mut self, reference: &'a str) -> usize {
        if let Some(known) = self.sizes.get(reference) {
            return *known;
        }
        if let Some(begin) = self
            .measuring
            .iter()
            .position(|measured| *measured == reference)
        {
            self.recursive.extend(&self.measuring[begin..]);
            return usize::MAX;
        }
        let Some(target) = self.resolver.target(reference) else {
            return 0;
        };
        if self.measuring.len() >= NESTING {
            return usize::MAX;
        }
        self.measuring.push(reference);
        let rows = Walk::bounded(self, REPEATED_ROWS)
            .type_rows(reference, target)
            .len();
        self.measuring.pop();
        let too_big = rows > REPEATED_ROWS || self.recursive.contains(reference);
        let size = if too_big { usize::MAX } else { rows };
        self.sizes.insert(reference, size);
        size
    }
}

/// How often each reference occurs.
fn uses(root: &Value) -> HashMap<&str, usize> {
    let mut uses = HashMap::new();
    let mut pending = vec![root];
    while let Some(value) = pending.pop() {
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    *uses.entry(reference).or_default() += 1;
                }
                pending.extend(members.values());
            }
            _ => {}
        }
    }
    uses
}
