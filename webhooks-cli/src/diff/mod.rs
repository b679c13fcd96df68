//! Compares two versions of a catalogue from the point of view of a receiver that was written for the old one.
//!
//! A receiver reads payloads, headers and signatures: the new catalogue breaks it when something may arrive that the
//! old one ruled out, or when something it could rely on may be missing. A receiver writes responses: there it is the
//! other way round. Texts, examples, tags and other things that no program depends on are not compared.
//!
//! # What is not compared
//!
//! Servers and links, which a webhook has none of: it goes to the address of its subscription. Keywords that need a
//! proof (`not`, `if`, `patternProperties`, ..): when such a keyword changed, the change counts as breaking. Regular
//! expressions are compared as texts.

mod change;
mod event;
mod operation;
mod parameter;
mod payload;
mod response;
mod rule;
mod schema;
mod security;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;

use indexmap::IndexMap;

use self::change::Draft;
pub use self::change::{Change, Side};
pub use self::rule::{Rule, rules};
use self::schema::Comparison;
use crate::catalogue::{Catalogue, Operation};
use crate::document::{Document, DocumentError};

/// A document that cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffError {
    /// Which of the two.
    pub side: Side,
    /// What is wrong with it.
    pub error: DocumentError,
}

impl fmt::Display for DiffError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} document: {}", self.side, self.error)
    }
}

impl Error for DiffError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.error)
    }
}

/// All changes of the catalogue: the breaking ones first, then in the order of places.
///
/// A change of a schema that several events share is one change, with all the events.
///
/// ```
/// use webhooks_cli::{Document, diff};
///
/// let version = |method| {
///     let text = format!(r#"{{"openapi": "3.1.0", "webhooks": {{"paid": {{"{method}": {{}}}}}}}}"#);
///     Document::parse(text.as_bytes())
/// };
/// let changes = diff::diff(&version("post")?, &version("put")?)?;
/// let rules: Vec<_> = changes.iter().map(|change| change.rule).collect();
/// assert_eq!(rules, ["method-removed", "method-added"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When a part of the webhooks is not of the form that OpenAPI gives it, or a `$ref` leads nowhere.
pub fn diff(old: &Document, new: &Document) -> Result<Vec<Change>, DiffError> {
    let on = |side| move |error| DiffError { side, error };
    let before = Catalogue::whole(old).map_err(on(Side::Old))?;
    let after = Catalogue::whole(new).map_err(on(Side::New))?;
    let mut collected = Collected::default();
    event::compare(&before, &after, &mut collected);
    let mut comparison = Comparison::new(old.root(), new.root());
    let mut roots = Vec::new();
    for (before, after) in pairs(&before, &after) {
        let mut drafts = operation::compare(before, after);
        drafts.extend(parameter::compare(before, after, &mut comparison));
        drafts.extend(payload::compare(before, after, &mut comparison));
        drafts.extend(security::compare((before, old.root()), (after, new.root())));
        drafts.extend(response::compare(before, after, &mut comparison));
        for draft in drafts {
            collected.add(draft, before.event);
        }
        roots.push((before.event, comparison.take_roots()));
    }
    comparison.finish()?;
    for (event, roots) in roots {
        for draft in comparison.reached_from(&roots) {
            collected.add(draft, event);
        }
    }
    Ok(collected.into_changes())
}

/// The operations that both documents have.
fn pairs<'c, 'a>(
    before: &'c Catalogue<'a>,
    after: &'c Catalogue<'a>,
) -> impl Iterator<Item = (&'c Operation<'a>, &'c Operation<'a>)> {
    let key = |operation: &'c Operation<'a>| (operation.event, operation.method.as_str());
    let index: std::collections::HashMap<_, _> = after
        .operations
        .iter()
        .map(|operation| (key(operation), operation))
        .collect();
    before
        .operations
        .iter()
        .filter_map(move |before| Some((before, *index.get(&key(before))?)))
}

/// Changes with the events they were met in.
#[derive(Default)]
struct Collected {
    changes: IndexMap<Draft, BTreeSet<String>>,
}

impl Collected {
    fn add(&mut self, draft: Draft, event: &str) {
        self.changes
            .entry(draft)
            .or_default()
            .insert(event.to_owned());
    }

    fn into_changes(self) -> Vec<Change> {
        let changes = self.changes.into_iter();
        let mut changes: Vec<Change> = changes
            .map(|(draft, events)| draft.into_change(events.into_iter().collect()))
            .collect();
        changes.sort_by(|a, b| {
            let key = |change: &Change| (!change.breaking, change.pointer.clone(), change.rule);
            key(a).cmp(&key(b))
        });
        changes
    }
}
