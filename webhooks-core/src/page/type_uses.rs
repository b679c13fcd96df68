//! Which named types are written out where they are used, and which once under "Types" with links to them; and how much
//! the page may still show.
//!
//! A type is written out where that costs little: it is used once, or its rows times its uses stay under a limit. Types
//! that contain one another are always linked. So a small document has no links at all.
//!
//! The page grows with the document: all that is shown comes out of one budget, a multiple of the document's size. When it
//! is used up, the page says that the document has more.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use super::resolver::{Resolver, TypeRef};

/// Repeating a type may cost this many rows in the whole page.
pub(super) const REPEATED_ROWS: usize = 300;
/// A type this small is always written out.
const SMALL: usize = 6;
/// A body that is used no more often than this is always written out.
const BODIES: usize = 3;
/// What any page may show; a unit is a short row of a table, about 150 bytes.
const LEAST: usize = 4_000;
/// What a page may show for each value of the document.
const EACH: usize = 4;
/// What no page shows more of.
const MOST: usize = 200_000;

/// How often each type is used and how long it is, by its [address](TypeRef::address). Made once for all pages of a
/// document.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypeSizes {
    uses: HashMap<usize, usize>,
    /// Rows; `usize::MAX` for too many, and for types that contain one another: written out inside each other they would
    /// multiply.
    rows: HashMap<usize, usize>,
    budget: usize,
}

/// The document with what is known of its named types, and what is left of the page's budget.
pub(super) struct TypeUses<'a> {
    pub(super) resolver: Resolver<'a>,
    sizes: Arc<TypeSizes>,
    /// Types that something on the page links to.
    linked: IndexMap<usize, TypeRef<'a>>,
    budget: usize,
}

impl<'a> TypeUses<'a> {
    /// The types of a document of which nothing is known yet: all of them count as long.
    pub(super) fn unmeasured(root: &'a Value) -> Self {
        let (uses, weight) = survey(root);
        let budget = LEAST.saturating_add(weight.saturating_mul(EACH)).min(MOST);
        let sizes = TypeSizes {
            uses,
            rows: HashMap::new(),
            budget,
        };
        Self::measured(root, Arc::new(sizes))
    }

    /// The types of a document whose sizes are known.
    pub(super) fn measured(root: &'a Value, sizes: Arc<TypeSizes>) -> Self {
        Self {
            resolver: Resolver::new(root),
            budget: sizes.budget,
            sizes,
            linked: IndexMap::new(),
        }
    }

    /// What is known now, for [`measured`](Self::measured).
    pub(super) fn into_sizes(self) -> Arc<TypeSizes> {
        self.sizes
    }

    /// Remembers how many rows a type has.
    pub(super) fn set_rows(&mut self, named: TypeRef<'a>, rows: usize) {
        let rows = if rows > REPEATED_ROWS {
            usize::MAX
        } else {
            rows
        };
        Arc::make_mut(&mut self.sizes)
            .rows
            .insert(named.address(), rows);
    }

    /// Whether the fields of a type are written out at each place that uses it.
    pub(super) fn is_written_out(&self, named: TypeRef<'a>) -> bool {
        let uses = self.uses_of(named);
        let rows = self.rows_of(named);
        rows <= SMALL || rows.saturating_mul(uses) <= REPEATED_ROWS || self.is_used_once(named)
    }

    /// Whether the fields of a type are written out where it is the whole body, which is where one looks for them.
    pub(super) fn is_written_out_as_body(&self, named: TypeRef<'a>) -> bool {
        self.uses_of(named) <= BODIES || self.is_written_out(named)
    }

    /// Remembers that the page links to this type, so that it gets its place under "Types".
    pub(super) fn link(&mut self, named: TypeRef<'a>) {
        self.linked.entry(named.address()).or_insert(named);
    }

    /// The type linked as the nth.
    pub(super) fn linked(&self, nth: usize) -> Option<TypeRef<'a>> {
        self.linked.get_index(nth).map(|(_, named)| *named)
    }

    /// Takes from the budget. The page shows nothing more once it [is used up](Self::is_exhausted).
    pub(super) fn spend(&mut self, units: usize) {
        self.budget = self.budget.saturating_sub(units);
    }

    /// Takes from the budget what a text costs.
    pub(super) fn spend_text(&mut self, text: &str) {
        self.spend(text.len() / 64);
    }

    /// Whether the page has shown all that it may.
    pub(super) fn is_exhausted(&self) -> bool {
        self.budget == 0
    }

    /// Used in one place, and so written out there: never more than once.
    fn is_used_once(&self, named: TypeRef<'a>) -> bool {
        self.uses_of(named) <= 1
    }

    fn uses_of(&self, named: TypeRef<'a>) -> usize {
        self.sizes
            .uses
            .get(&named.address())
            .copied()
            .unwrap_or_default()
    }

    fn rows_of(&self, named: TypeRef<'a>) -> usize {
        self.sizes
            .rows
            .get(&named.address())
            .copied()
            .unwrap_or(usize::MAX)
    }
}

/// How often each type is used, and how large the document is.
fn survey(root: &Value) -> (HashMap<usize, usize>, usize) {
    let resolver = Resolver::new(root);
    let (mut uses, mut weight) = (HashMap::new(), 0_usize);
    let mut pending = vec![root];
    while let Some(value) = pending.pop() {
        weight = weight.saturating_add(1);
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(members) => {
                let reference = members.get("$ref").and_then(Value::as_str);
                if let Some(named) = reference.and_then(|text| resolver.type_ref(text)) {
                    *uses.entry(named.address()).or_default() += 1;
                }
                pending.extend(members.values());
            }
            Value::String(text) => weight = weight.saturating_add(text.len() / 64),
            _ => {}
        }
    }
    (uses, weight)
}
