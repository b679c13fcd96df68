//! Responses: here the receiver writes, so what was right must stay right.

use super::change::{Draft, Side};
use super::rule::Rule;
use super::schema::{Comparison, Writer};
use crate::catalogue::{Header, Operation, Response};

const ADDED: Rule = Rule {
    name: "response-added",
    breaking: false,
    reason: "a receiver need not answer with it",
};
const REMOVED: Rule = Rule {
    name: "response-removed",
    breaking: true,
    reason: "a receiver that answers with this success may be taken for failing",
};
const FAILURE_REMOVED: Rule = Rule {
    name: "response-failure-removed",
    breaking: false,
    reason: "an answer that is not a success remains a failure, described or not",
};
const BODY_ADDED: Rule = Rule {
    name: "response-body-added",
    breaking: true,
    reason: "a receiver that answers without a body does not answer what is read",
};
const BODY_REMOVED: Rule = Rule {
    name: "response-body-removed",
    breaking: false,
    reason: "a body that the sender does not read does no harm",
};
const HEADER_DEMANDED: Rule = Rule {
    name: "response-header-demanded",
    breaking: true,
    reason: "a receiver that does not know the header answers without it",
};
const HEADER_OPTIONAL: Rule = Rule {
    name: "response-header-optional",
    breaking: false,
    reason: "a receiver may go on answering with it",
};

pub(super) const RULES: &[&Rule] = &[
    &ADDED,
    &REMOVED,
    &FAILURE_REMOVED,
    &BODY_ADDED,
    &BODY_REMOVED,
    &HEADER_DEMANDED,
    &HEADER_OPTIONAL,
];

pub(super) fn compare<'a>(
    before: &Operation<'a>,
    after: &Operation<'a>,
    comparison: &mut Comparison<'a>,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for old in &before.responses {
        if let Some(new) = covering(&after.responses, old.status) {
            drafts.extend(compare_headers(old, new, comparison));
            drafts.extend(compare_bodies(old, new, comparison));
        } else {
            let rule = if old.status.starts_with('2') {
                &REMOVED
            } else {
                &FAILURE_REMOVED
            };
            let message = format!("the response `{}` is gone", old.status);
            drafts.push(Draft::new(
                rule,
                Side::Old,
                old.part.pointer.clone(),
                message,
            ));
        }
    }
    for new in &after.responses {
        match covering(&before.responses, new.status) {
            None => {
                let message = format!("the response `{}` is new", new.status);
                drafts.push(Draft::new(
                    &ADDED,
                    Side::New,
                    new.part.pointer.clone(),
                    message,
                ));
            }
            // It was described with a range, and now on its own.
            Some(old) if !old.status.eq_ignore_ascii_case(new.status) => {
                drafts.extend(compare_headers(old, new, comparison));
                drafts.extend(compare_bodies(old, new, comparison));
            }
            Some(_) => {}
        }
    }
    drafts
}

/// The response that describes a status: itself, its range, or the default.
fn covering<'r, 'a>(responses: &'r [Response<'a>], status: &str) -> Option<&'r Response<'a>> {
    let named = |name: &str| {
        responses
            .iter()
            .find(|response| response.status.eq_ignore_ascii_case(name))
    };
    let range = status.get(..1).map(|first| format!("{first}XX"));
    named(status)
        .or_else(|| named(&range?))
        .or_else(|| named("default"))
}

fn compare_headers<'a>(
    old: &Response<'a>,
    new: &Response<'a>,
    comparison: &mut Comparison<'a>,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let same = |headers: &[Header<'a>], one: &Header<'a>| {
        headers
            .iter()
            .find(|other| other.name.eq_ignore_ascii_case(one.name))
            .cloned()
    };
    for header in &new.headers {
        let before = same(&old.headers, header);
        if header.required && !before.as_ref().is_some_and(|before| before.required) {
            let message = format!(
                "the response `{}` needs the header `{}` now",
                new.status, header.name
            );
            drafts.push(Draft::new(
                &HEADER_DEMANDED,
                Side::New,
                header.part.pointer.clone(),
                message,
            ));
        }
        if let (Some(old), Some(new)) = (
            before.and_then(|one| one.part.child("schema")),
            header.part.child("schema"),
        ) {
            comparison.add_root(old, new, Writer::Receiver);
        }
    }
    for header in old.headers.iter().filter(|header| header.required) {
        if !same(&new.headers, header).is_some_and(|now| now.required) {
            let message = format!(
                "the response `{}` may come without the header `{}`",
                old.status, header.name
            );
            drafts.push(Draft::new(
                &HEADER_OPTIONAL,
                Side::Old,
                header.part.pointer.clone(),
                message,
            ));
        }
    }
    drafts
}

fn compare_bodies<'a>(
    old: &Response<'a>,
    new: &Response<'a>,
    comparison: &mut Comparison<'a>,
) -> Vec<Draft> {
    match (old.content.is_empty(), new.content.is_empty()) {
        (true, false) => {
            let message = format!("the response `{}` has a body now", new.status);
            return vec![Draft::new(
                &BODY_ADDED,
                Side::New,
                new.part.pointer.child("content"),
                message,
            )];
        }
        (false, true) => {
            let message = format!("the response `{}` has no body any more", old.status);
            return vec![Draft::new(
                &BODY_REMOVED,
                Side::Old,
                old.part.pointer.child("content"),
                message,
            )];
        }
        _ => {}
    }
    for content in &old.content {
        let now = new
            .content
            .iter()
            .find(|one| one.media_type.eq_ignore_ascii_case(content.media_type));
        if let (Some(old), Some(new)) = (&content.schema, now.and_then(|now| now.schema.as_ref())) {
            comparison.add_root(old.clone(), new.clone(), Writer::Receiver);
        }
    }
    Vec::new()
}
