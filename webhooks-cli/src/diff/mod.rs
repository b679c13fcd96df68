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
mod change_set;
mod component;
mod error;
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

pub use self::change::{Change, Side};
use self::change_set::ChangeSet;
pub use self::error::DiffError;
pub use self::rule::Rule;
use self::schema::Comparison;
use crate::catalogue::{Catalogue, Operation};
use crate::document::Document;

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
    let mut collected = ChangeSet::default();
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
    schema::finish(&mut comparison)?;
    for (event, roots) in roots {
        for draft in comparison.reached_from(&roots) {
            collected.add(draft, event);
        }
    }
    component::compare(
        (&before, old.root()),
        (&after, new.root()),
        &comparison,
        &mut collected,
    );
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

/// The names of all kinds of changes. Those of schemas are breaking or not depending on who writes what is described:
/// see the reason of each change.
pub fn rules() -> Vec<&'static str> {
    let groups: [&[&'static Rule]; 7] = [
        component::RULES,
        event::RULES,
        operation::RULES,
        parameter::RULES,
        payload::RULES,
        security::RULES,
        response::RULES,
    ];
    let fixed = groups.into_iter().flatten().map(|rule| rule.name);
    fixed.chain(schema::RULES.iter().copied()).collect()
}
