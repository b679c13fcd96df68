//! Rules about `$ref`s, and about components that nothing refers to.

use std::collections::HashSet;

use serde_json::Value;

use super::rule::{Report, Rule, Severity};
use super::subject::Subject;
use crate::reference::{Fault, Part};
use crate::walk;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "reference-dangling",
        severity: Severity::Error,
        reason: "readers refuse the document or leave the part out",
        check: |subject, report| add_faults(subject, report, Fault::Dangling),
    },
    Rule {
        name: "reference-cyclic",
        severity: Severity::Error,
        reason: "no reader ever arrives at a value",
        check: |subject, report| add_faults(subject, report, Fault::Cyclic),
    },
    Rule {
        name: "reference-outside",
        severity: Severity::Warning,
        reason: "pages with a strict policy, importers and generators without a network cannot follow it",
        check: |subject, report| add_faults(subject, report, Fault::Outside),
    },
    Rule {
        name: "reference-malformed",
        severity: Severity::Error,
        reason: "a `$ref` that is not a text leads nowhere",
        check: |subject, report| add_faults(subject, report, Fault::NoText),
    },
    Rule {
        name: "component-unused",
        severity: Severity::Warning,
        reason: "it is noise, mostly left behind by a framework; generators make a type of it",
        check: |subject, report| {
            let used = used(subject);
            for (_, part) in subject.component_schemas() {
                if !used.contains(part.pointer.as_str()) {
                    report.add(part.pointer, "nothing refers to this schema; leave it out");
                }
            }
        },
    },
];

fn add_faults(subject: &Subject<'_>, report: &mut Report<'_>, fault: Fault) {
    walk::objects(subject.document.root(), &mut |place, value| {
        if value.get("$ref").is_some()
            && let Err(error) = subject.references.follow(Part::new(place.clone(), value))
            && error.fault == fault
            // Where it leads has faults of its own.
            && error.pointer == place.child("$ref")
        {
            report.add(error.pointer.clone(), error.to_string());
        }
    });
}

/// What is referred to: targets of `$ref`s, and of the mappings of discriminators.
fn used(subject: &Subject<'_>) -> HashSet<String> {
    let mut used = HashSet::new();
    walk::objects(subject.document.root(), &mut |place, value| {
        if let Ok(Some(target)) = subject.references.step(&Part::new(place.clone(), value)) {
            // A reference into a schema uses the whole of it: `/components/schemas/A/properties/id`.
            let pointer = target.pointer.as_str();
            let end = pointer
                .match_indices('/')
                .nth(3)
                .map_or(pointer.len(), |(end, _)| end);
            used.insert(pointer[..end].to_owned());
        }
        let mapping = value
            .get("discriminator")
            .and_then(|discriminator| discriminator.get("mapping"));
        let targets = mapping
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(serde_json::Map::values);
        for target in targets.filter_map(Value::as_str) {
            // Either a pointer or the bare name of a schema.
            let name = target.trim_start_matches("#/components/schemas/");
            used.insert(format!("/components/schemas/{name}"));
        }
    });
    used
}
