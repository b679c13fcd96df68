//! The variants of `oneOf` and `anyOf`: which of the old is which of the new, and what came or went.

use serde_json::Value;

use super::work::{Effect, Work, cut};
use crate::diff::change::Side;
use crate::reference::Part;

pub(super) fn compare<'a>(work: &mut Work<'_, 'a>, old: &[Part<'a>], new: &[Part<'a>]) {
    let mut old: Vec<Part<'a>> = old.iter().map(|part| work.end(Side::Old, part)).collect();
    let mut new: Vec<Part<'a>> = new.iter().map(|part| work.end(Side::New, part)).collect();
    // The same component, the same schema, the same title: each more daring than the one before.
    pair(work, &mut old, &mut new, |old, new| {
        is_component(old) && old.pointer == new.pointer
    });
    pair(work, &mut old, &mut new, |old, new| old.value == new.value);
    pair(work, &mut old, &mut new, |old, new| {
        title(old).is_some() && title(old) == title(new)
    });
    // What is left and has no name is taken in its order.
    pair(work, &mut old, &mut new, |old, new| {
        !is_component(old) && !is_component(new)
    });
    if let ([before], [after]) = (old.as_slice(), new.as_slice()) {
        work.go_on(before.clone(), after.clone());
        return;
    }
    for part in new {
        let message = format!("there is a further variant, {}", shown(&part));
        work.add("variant-added", Effect::Widened, part.pointer, message);
    }
    for part in old {
        let message = format!("the variant {} is gone", shown(&part));
        work.add_old("variant-removed", Effect::Narrowed, part.pointer, message);
    }
}

/// Takes out the pairs that are alike and has them compared.
fn pair<'a>(
    work: &mut Work<'_, 'a>,
    old: &mut Vec<Part<'a>>,
    new: &mut Vec<Part<'a>>,
    is_alike: impl Fn(&Part<'a>, &Part<'a>) -> bool,
) {
    old.retain(|before| {
        let Some(index) = new.iter().position(|after| is_alike(before, after)) else {
            return true;
        };
        work.go_on(before.clone(), new.remove(index));
        false
    });
}

fn is_component(part: &Part<'_>) -> bool {
    let pointer = part.pointer.as_str();
    pointer
        .strip_prefix("/components/schemas/")
        .is_some_and(|name| !name.contains('/'))
}

fn title<'a>(part: &Part<'a>) -> Option<&'a str> {
    part.value.get("title").and_then(Value::as_str)
}

fn shown(part: &Part<'_>) -> String {
    let name = part
        .pointer
        .as_str()
        .rsplit('/')
        .next()
        .filter(|_| is_component(part));
    match name.or_else(|| title(part)) {
        Some(name) => format!("`{}`", cut(name)),
        None => cut(&part.value.to_string()),
    }
}
