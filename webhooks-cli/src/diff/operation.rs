//! What an operation says of itself and programs may depend on.

use super::change::{Draft, Side};
use super::rule::Rule;
use crate::catalogue::Operation;

const DEPRECATED: Rule = Rule {
    name: "event-deprecated",
    breaking: false,
    reason: "it is still sent; receivers have time to move on",
};
const ID_CHANGED: Rule = Rule {
    name: "operation-id-changed",
    breaking: false,
    reason: "nothing changes on the wire; code that is generated anew gets other names",
};

pub(super) const RULES: &[&Rule] = &[&DEPRECATED, &ID_CHANGED];

pub(super) fn compare(before: &Operation<'_>, after: &Operation<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let place = |name| after.part.pointer.child(name);
    if after.is_deprecated() && !before.is_deprecated() {
        let message = format!("{} is deprecated", after.title());
        drafts.push(Draft::new(
            &DEPRECATED,
            Side::New,
            place("deprecated"),
            message,
        ));
    }
    if let (Some(old), Some(new)) = (before.text("operationId"), after.text("operationId"))
        && old != new
    {
        let message = format!("the operationId `{old}` became `{new}`");
        drafts.push(Draft::new(
            &ID_CHANGED,
            Side::New,
            place("operationId"),
            message,
        ));
    }
    drafts
}
