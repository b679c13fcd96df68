//! Compares one schema with another. The schemas below are queued, and compared later.

use serde_json::{Value, json};

use super::comparison::{Comparison, Unit, Writer};
use super::shape::{self, Shape};
use super::work::{Effect, Work, cut};
use super::{keyword, variant};
use crate::diff::change::{Draft, Side};
use crate::pointer::Pointer;
use crate::reference::Part;

/// The kinds of changes of schemas.
pub(in crate::diff) const RULES: &[&str] = &[
    "bound-loosened",
    "bound-tightened",
    "constraint-added",
    "constraint-changed",
    "constraint-removed",
    "enum-value-added",
    "enum-value-removed",
    "format-added",
    "format-changed",
    "format-removed",
    "members-allowed",
    "members-forbidden",
    "null-allowed",
    "null-forbidden",
    "property-added",
    "property-optional",
    "property-removed",
    "property-required",
    "required-property-added",
    "type-changed",
    "type-narrowed",
    "type-widened",
    "variant-added",
    "variant-removed",
];

pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    old: &Part<'a>,
    new: &Part<'a>,
    writer: Writer,
) -> Unit {
    let mut shape_of =
        |side, part| shape::of(part, &mut |one| comparison.step(side, one).flatten());
    let (before, after) = (shape_of(Side::Old, old), shape_of(Side::New, new));
    let mut work = Work::new(comparison, writer);
    work.compare((old, &before), (new, &after));
    work.into_unit()
}

impl<'a> Work<'_, 'a> {
    fn compare(
        &mut self,
        (old, before): (&Part<'a>, &Shape<'a>),
        (new, after): (&Part<'a>, &Shape<'a>),
    ) {
        let place = &after.pointer;
        match (before.variants.is_empty(), after.variants.is_empty()) {
            (true, false) if before.is_anything() => {
                return self.add(
                    "constraint-added",
                    Effect::Narrowed,
                    place.clone(),
                    "only some variants are allowed",
                );
            }
            (false, true) if after.is_anything() => {
                return self.add(
                    "constraint-removed",
                    Effect::Widened,
                    place.clone(),
                    "anything is allowed",
                );
            }
            (true, false) if after.has_no_structure() => {
                self.compare_null(before, after);
                return variant::compare(self, std::slice::from_ref(old), &after.variants);
            }
            (false, true) if before.has_no_structure() => {
                self.compare_null(before, after);
                return variant::compare(self, &before.variants, std::slice::from_ref(new));
            }
            (true, true) => {}
            _ => variant::compare(self, &before.variants, &after.variants),
        }
        self.compare_null(before, after);
        if self.compare_types(before, after) {
            self.compare_values(before, after);
            keyword::compare(self, before, after);
            self.compare_properties(before, after);
            self.compare_members(before, after);
            self.compare_items(before, after);
        }
    }

    fn compare_items(&mut self, before: &Shape<'a>, after: &Shape<'a>) {
        let says = |items: &Option<Part<'a>>| {
            items
                .clone()
                .filter(|part| *part.value != Value::Bool(true) && *part.value != json!({}))
        };
        match (says(&before.items), says(&after.items)) {
            (Some(old), Some(new)) => self.go_on(old, new),
            (Some(old), None) => {
                let message = "items of any kind are allowed";
                self.add_old("constraint-removed", Effect::Widened, old.pointer, message);
            }
            (None, Some(new)) => {
                self.add(
                    "constraint-added",
                    Effect::Narrowed,
                    new.pointer,
                    "only some items are allowed",
                );
            }
            (None, None) => {}
        }
    }

    fn compare_null(&mut self, before: &Shape<'a>, after: &Shape<'a>) {
        let place = after.pointer.clone();
        match (before.allows_null(), after.allows_null()) {
            (false, true) => self.add("null-allowed", Effect::Widened, place, "null is allowed"),
            (true, false) => self.add(
                "null-forbidden",
                Effect::Narrowed,
                place,
                "null is no longer allowed",
            ),
            _ => {}
        }
    }

    /// Whether there is a type in common, so that the rest can be compared.
    fn compare_types(&mut self, before: &Shape<'a>, after: &Shape<'a>) -> bool {
        let (old, new) = (before.all_types(), after.all_types());
        if old == new {
            return true;
        }
        let message = format!("the type was {} and is {}", shown(&old), shown(&new));
        let place = after.pointer.child("type");
        if old.is_subset(&new) {
            self.add("type-widened", Effect::Widened, place, message);
        } else if new.is_subset(&old) {
            self.add("type-narrowed", Effect::Narrowed, place, message);
        } else {
            self.add("type-changed", Effect::Changed, place, message);
            return false;
        }
        true
    }

    fn compare_values(&mut self, before: &Shape<'a>, after: &Shape<'a>) {
        match (&before.values, &after.values) {
            (None, None) => {}
            (None, Some((place, _))) => {
                self.add(
                    "constraint-added",
                    Effect::Narrowed,
                    place.clone(),
                    "only some values are allowed",
                );
            }
            (Some((place, _)), None) => {
                let message = "all values of the type are allowed";
                self.add_old(
                    "constraint-removed",
                    Effect::Widened,
                    place.clone(),
                    message,
                );
            }
            (Some((old_place, old)), Some((place, new))) => {
                // Null was compared already.
                for value in new
                    .iter()
                    .filter(|value| !value.is_null() && !old.contains(value))
                {
                    let message = format!("the value {} is allowed", cut(&value.to_string()));
                    self.add("enum-value-added", Effect::Widened, place.clone(), message);
                }
                for value in old
                    .iter()
                    .filter(|value| !value.is_null() && !new.contains(value))
                {
                    let message =
                        format!("the value {} is no longer allowed", cut(&value.to_string()));
                    self.add_old(
                        "enum-value-removed",
                        Effect::Narrowed,
                        old_place.clone(),
                        message,
                    );
                }
            }
        }
    }

    fn compare_properties(&mut self, before: &Shape<'a>, after: &Shape<'a>) {
        for (name, old) in &before.properties {
            let Some(new) = after.properties.get(name) else {
                self.property_removed(name, old.pointer.clone(), after.is_open());
                continue;
            };
            match (
                before.required.contains(name),
                after.required.contains(name),
            ) {
                (true, false) => {
                    let message = format!("`{name}` may be missing");
                    self.add(
                        "property-optional",
                        Effect::Widened,
                        new.pointer.clone(),
                        message,
                    );
                }
                (false, true) => {
                    let message = format!("`{name}` is always there");
                    self.add(
                        "property-required",
                        Effect::Narrowed,
                        new.pointer.clone(),
                        message,
                    );
                }
                _ => {}
            }
            self.go_on(old.clone(), new.clone());
        }
        for (name, new) in &after.properties {
            if !before.properties.contains_key(name) {
                let required = after.required.contains(name);
                self.property_added(name, new.pointer.clone(), before.is_open(), required);
            }
        }
    }

    fn property_removed(&mut self, name: &str, place: Pointer, is_open: bool) {
        let verdict = match self.writer() {
            Writer::Sender => (true, "a receiver that reads it does not find it"),
            Writer::Receiver if is_open => (false, "a receiver may go on writing it"),
            Writer::Receiver => (true, "a receiver that writes it writes what is not allowed"),
        };
        let message = format!("the property `{name}` is gone");
        self.push(Draft::judged(
            "property-removed",
            verdict,
            (Side::Old, place),
            message,
        ));
    }

    fn property_added(&mut self, name: &str, place: Pointer, was_open: bool, required: bool) {
        let verdict = match self.writer() {
            // For a program that ignores what it does not know this is harmless; a catalogue cannot know that
            // every receiver is one.
            Writer::Sender if required => (
                true,
                "a receiver that checks payloads against the new document refuses those made before: retries, replays, \
                 what it has kept; let it be optional, or ignore this rule",
            ),
            Writer::Sender if was_open => {
                (false, "a receiver ignores members that it does not know")
            }
            Writer::Sender => (
                true,
                "the old document ruled out further members; a receiver may refuse them",
            ),
            Writer::Receiver if required => {
                (true, "a receiver that does not write it answers wrongly")
            }
            Writer::Receiver => (false, "a receiver need not write it"),
        };
        let (rule, kind) = if required {
            ("required-property-added", "required ")
        } else {
            ("property-added", "")
        };
        let message = format!("the {kind}property `{name}` is new");
        self.push(Draft::judged(rule, verdict, (Side::New, place), message));
    }

    fn compare_members(&mut self, before: &Shape<'a>, after: &Shape<'a>) {
        let place = || {
            after
                .additional
                .as_ref()
                .map_or(after.pointer.clone(), |part| part.pointer.clone())
        };
        match (before.is_open(), after.is_open()) {
            (true, false) => {
                self.add(
                    "members-forbidden",
                    Effect::Narrowed,
                    place(),
                    "further members are no longer allowed",
                );
            }
            (false, true) => {
                self.add(
                    "members-allowed",
                    Effect::Widened,
                    place(),
                    "further members are allowed",
                );
            }
            _ => {}
        }
        if let (Some(old), Some(new)) = (&before.additional, &after.additional)
            && old.value.is_object()
            && new.value.is_object()
        {
            self.go_on(old.clone(), new.clone());
        }
    }
}

fn shown(types: &std::collections::BTreeSet<&str>) -> String {
    let is_number = types.contains("fraction") && types.contains("integer");
    let names = types
        .iter()
        .filter(|name| !(is_number && **name == "integer"));
    let names: Vec<&str> = names
        .map(|name| if *name == "fraction" { "number" } else { name })
        .collect();
    match names.len() {
        0 => "nothing".to_owned(),
        5.. => "anything".to_owned(),
        _ => names.join(" or "),
    }
}
