//! Payloads, before their schemas are looked into.

use super::change::{Draft, Side};
use super::rule::Rule;
use super::schema::{Comparison, Writer};
use crate::catalogue::{Body, Operation};

const ADDED: Rule = Rule {
    name: "payload-added",
    breaking: false,
    reason: "a receiver that reads no body ignores it",
};
const REMOVED: Rule = Rule {
    name: "payload-removed",
    breaking: true,
    reason: "a receiver that reads the body finds none",
};
const OPTIONAL: Rule = Rule {
    name: "payload-optional",
    breaking: true,
    reason: "a receiver that reads the body may find none",
};
const REQUIRED: Rule = Rule {
    name: "payload-required",
    breaking: false,
    reason: "a receiver that could do without still can",
};
const MEDIA_TYPE_ADDED: Rule = Rule {
    name: "media-type-added",
    breaking: true,
    reason: "a receiver may get a body in a form that it cannot read",
};
const MEDIA_TYPE_REMOVED: Rule = Rule {
    name: "media-type-removed",
    breaking: false,
    reason: "what still comes is in a form that receivers know",
};

pub(super) const RULES: &[&Rule] = &[
    &ADDED,
    &REMOVED,
    &OPTIONAL,
    &REQUIRED,
    &MEDIA_TYPE_ADDED,
    &MEDIA_TYPE_REMOVED,
];

pub(super) fn compare<'a>(
    before: &Operation<'a>,
    after: &Operation<'a>,
    comparison: &mut Comparison<'a>,
) -> Vec<Draft> {
    match (&before.body, &after.body) {
        (None, None) => Vec::new(),
        (None, Some(new)) => {
            let message = format!("{} carries a payload now", after.title());
            vec![Draft::new(
                &ADDED,
                Side::New,
                new.part.pointer.clone(),
                message,
            )]
        }
        (Some(old), None) => {
            let message = format!("{} carries no payload any more", after.title());
            vec![Draft::new(
                &REMOVED,
                Side::Old,
                old.part.pointer.clone(),
                message,
            )]
        }
        (Some(old), Some(new)) => compare_bodies(old, new, comparison),
    }
}

fn compare_bodies<'a>(
    old: &Body<'a>,
    new: &Body<'a>,
    comparison: &mut Comparison<'a>,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let place = new.part.pointer.child("required");
    match (old.required, new.required) {
        (true, false) => drafts.push(Draft::new(
            &OPTIONAL,
            Side::New,
            place,
            "the payload may be missing",
        )),
        (false, true) => drafts.push(Draft::new(
            &REQUIRED,
            Side::New,
            place,
            "the payload is always there",
        )),
        _ => {}
    }
    drafts.extend(compare_media_types(old, new, comparison));
    drafts
}

/// Media types that came or went; the schemas of those that stayed are compared.
fn compare_media_types<'a>(
    old: &Body<'a>,
    new: &Body<'a>,
    comparison: &mut Comparison<'a>,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for content in &old.content {
        match new
            .content
            .iter()
            .find(|one| one.media_type.eq_ignore_ascii_case(content.media_type))
        {
            None => {
                let message = format!("the payload is no longer sent as {}", content.media_type);
                drafts.push(Draft::new(
                    &MEDIA_TYPE_REMOVED,
                    Side::Old,
                    content.part.pointer.clone(),
                    message,
                ));
            }
            Some(now) => {
                if let (Some(old), Some(new)) = (&content.schema, &now.schema) {
                    comparison.add_root(old.clone(), new.clone(), Writer::Sender);
                }
            }
        }
    }
    for content in &new.content {
        if !old
            .content
            .iter()
            .any(|one| one.media_type.eq_ignore_ascii_case(content.media_type))
        {
            let message = format!("the payload is sent as {} too", content.media_type);
            drafts.push(Draft::new(
                &MEDIA_TYPE_ADDED,
                Side::New,
                content.part.pointer.clone(),
                message,
            ));
        }
    }
    drafts
}
