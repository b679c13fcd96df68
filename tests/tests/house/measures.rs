//! What `cargo xtask measure` counts stays within its limits.

use std::collections::BTreeSet;

use webhooks_tests::workspace;
use xtask::measure::{self, Counts};

/// Functions that are longer than a screen because they are one table or one sequence, with the reason.
const LONG: &[(&str, &str)] = &[
    (
        "webhooks-core write",
        "the terms of delivery, one sentence each",
    ),
    (
        "webhooks-receiver row",
        "the table of rejections: one row each",
    ),
    ("webhooks-sender fmt", "one text for each error"),
    ("webhooks-signature fmt", "one text for each reason"),
    ("webhooks-store fmt", "one text for each error"),
];

/// Types whose participle is the word of the design or of the field. A new one fails.
const PARTICIPLES: &[(&str, &str)] = &[
    (
        "webhooks-receiver Attributed",
        "a function with the attribute `on`",
    ),
    ("webhooks-receiver Named", "a function with names of events"),
    (
        "webhooks-receiver Received",
        "what a handler takes: a received message",
    ),
    ("webhooks-sender Sent", "what a send gives: a sent message"),
    (
        "webhooks-sender Subscribed",
        "what a subscribe gives: id and secret",
    ),
    (
        "webhooks-signature Verified",
        "what verification gives: a verified request",
    ),
    ("webhooks-store Held", "a lane that a process holds"),
    (
        "webhooks-store Recorded",
        "what the journal has of a request",
    ),
    ("webhooks-store Shared", "what wakers and sleepers share"),
];

#[test]
fn no_function_is_longer_than_60_lines() {
    let found = |counts: &Counts| {
        let long = counts.long_functions.iter();
        long.map(|(place, _)| last_word(place)).collect()
    };
    assert_known(found, LONG, "split it where a name helps");
}

#[test]
fn no_type_is_named_by_a_participle_alone() {
    let found = |counts: &Counts| {
        let types = counts.participle_types.iter();
        types.map(|place| last_word(place)).collect()
    };
    assert_known(found, PARTICIPLES, "a type is a noun");
}

/// What was found in the crates is what is known, no more and no less.
fn assert_known(found: impl Fn(&Counts) -> BTreeSet<String>, known: &[(&str, &str)], advice: &str) {
    let crates = measure::workspace(workspace::root()).expect("the source can be read");
    let with_crate = |counts: &Counts| {
        let names = found(counts).into_iter();
        names
            .map(|name| format!("{} {name}", counts.name))
            .collect::<Vec<_>>()
    };
    let found: BTreeSet<String> = crates.iter().flat_map(with_crate).collect();
    let known: BTreeSet<String> = known.iter().map(|(name, _)| (*name).to_owned()).collect();
    let new: Vec<_> = found.difference(&known).collect();
    assert!(new.is_empty(), "{advice}: {new:#?}");
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(
        gone.is_empty(),
        "these are known no longer, take them from the list: {gone:#?}"
    );
}

/// A place is `FILE:LINE NAME`.
fn last_word(place: &str) -> String {
    place.rsplit(' ').next().unwrap_or(place).to_owned()
}
