//! Events and methods that came or went.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Draft, Side};
use super::change_set::ChangeSet;
use super::rule::Rule;
use crate::catalogue::Catalogue;
use crate::pointer::Pointer;

const EVENT_ADDED: Rule = Rule {
    name: "event-added",
    breaking: false,
    reason: "it is sent to those who subscribe to it; others answer any unknown event with 2xx",
};
const EVENT_REMOVED: Rule = Rule {
    name: "event-removed",
    breaking: true,
    reason: "a receiver waits for messages that never come",
};
const METHOD_ADDED: Rule = Rule {
    name: "method-added",
    breaking: true,
    reason: "a receiver that routes the known methods answers others with 405",
};
const METHOD_REMOVED: Rule = Rule {
    name: "method-removed",
    breaking: true,
    reason: "a receiver waits for messages that never come",
};

pub(super) const RULES: &[&Rule] = &[&EVENT_ADDED, &EVENT_REMOVED, &METHOD_ADDED, &METHOD_REMOVED];

type Events<'a> = BTreeMap<&'a str, (Pointer, BTreeSet<&'a str>)>;

pub(super) fn compare(before: &Catalogue<'_>, after: &Catalogue<'_>, collected: &mut ChangeSet) {
    let (old, new) = (events(before), events(after));
    for (event, (pointer, methods)) in &old {
        match new.get(event) {
            None => {
                let message = format!("the event `{event}` is gone");
                collected.add(
                    Draft::new(&EVENT_REMOVED, Side::Old, pointer.clone(), message),
                    event,
                );
            }
            Some((_, now)) => {
                for method in methods.difference(now) {
                    let message = format!("`{event}` is no longer sent with {method}");
                    let place = pointer.child(&method.to_lowercase());
                    collected.add(
                        Draft::new(&METHOD_REMOVED, Side::Old, place, message),
                        event,
                    );
                }
            }
        }
    }
    for (event, (pointer, methods)) in &new {
        match old.get(event) {
            None => {
                let message = format!("the event `{event}` is new");
                collected.add(
                    Draft::new(&EVENT_ADDED, Side::New, pointer.clone(), message),
                    event,
                );
            }
            Some((_, formerly)) => {
                for method in methods.difference(formerly) {
                    let message = format!("`{event}` is now sent with {method} too");
                    let place = pointer.child(&method.to_lowercase());
                    collected.add(Draft::new(&METHOD_ADDED, Side::New, place, message), event);
                }
            }
        }
    }
}

fn events<'c>(catalogue: &'c Catalogue<'_>) -> Events<'c> {
    let names = catalogue.events.iter();
    let mut events: Events<'_> = names
        .map(|event| (event.name, (event.written.pointer.clone(), BTreeSet::new())))
        .collect();
    for operation in &catalogue.operations {
        if let Some((_, methods)) = events.get_mut(operation.event) {
            methods.insert(&operation.method);
        }
    }
    events
}
