//! Bad input: every message names the document and the place in it, nothing panics, nothing takes for ever.

use std::time::Duration;

use serde_json::{Value, json};

use crate::program::{Kept, run, run_with_input, sound};

const COMMANDS: [&str; 3] = ["events", "lint", "diff"];

/// What each command says to a document; `diff` has a sound one to compare with.
fn refusals(document: &[u8]) -> Vec<String> {
    let sound = Kept::json(&sound());
    let refused = COMMANDS.iter().map(|&command| {
        let mut arguments = vec![command, "-"];
        if command == "diff" {
            arguments.push(sound.path());
        }
        let answer = run_with_input(&arguments, document);
        assert_eq!(
            (answer.code, answer.output.as_str()),
            (Some(2), ""),
            "{command}"
        );
        answer.error
    });
    refused.collect()
}

#[test]
fn what_is_no_openapi_document_of_version_3_is_refused_by_every_command() {
    let cases: [(&[u8], &str); 9] = [
        (b"", "#: the document is empty"),
        (
            b"[]",
            "#: an OpenAPI document is an object, this is an array",
        ),
        (
            b"42",
            "#: an OpenAPI document is an object, this is a number",
        ),
        (b"<html></html>", "#: this is HTML or XML"),
        (
            br#"{"swagger": "2.0", "info": {}}"#,
            "#/swagger: this is Swagger 2.0",
        ),
        (
            br#"{"openapi": "2.9"}"#,
            "#/openapi: OpenAPI `2.9` is not read",
        ),
        (br#"{"info": {}}"#, "#/openapi: the member is missing"),
        (
            br#"{"openapi": "3.1.0", "webhooks": 7}"#,
            "#/webhooks: expected an object",
        ),
        (
            b"{\"openapi\": \"3.1.0\", \"a\": {\"b\": \"\xff\"}}",
            "#/a/b: this is not JSON",
        ),
    ];
    for (document, expected) in cases {
        for error in refusals(document) {
            let expected = format!("error: standard input: {expected}");
            assert!(
                error.starts_with(&expected),
                "expected {expected}, found {error}"
            );
        }
    }
}

#[test]
fn text_that_breaks_off_is_refused_at_the_place_where_it_does() {
    let whole = sound().to_string();
    let cut = whole.find("Sent when").expect("the description") + 3;
    for error in refusals(&whole.as_bytes()[..cut]) {
        let expected = "error: standard input: #/webhooks/payment.created/post/description: this is not JSON: EOF";
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn a_member_that_stands_twice_is_a_finding_for_lint_and_refused_by_the_others() {
    let text = sound()
        .to_string()
        .replacen("\"paths\":{}", "\"paths\":{},\"paths\":{}", 1);
    let refused = run_with_input(&["events", "-"], text.as_bytes());
    assert!(
        refused
            .error
            .starts_with("error: standard input: #/paths: the object has this member twice")
    );
    assert_eq!(refused.code, Some(2));
    let found = run_with_input(&["lint", "-", "--json"], text.as_bytes());
    assert_eq!(found.json()["findings"][0]["rule"], "duplicate-member");
}

#[test]
fn references_that_lead_nowhere_or_in_a_circle_are_named_by_every_command() {
    for target in ["#/webhooks/a", "#/nowhere", "other.json", "#anchor"] {
        let document =
            json!({ "openapi": "3.1.0", "webhooks": { "a": { "$ref": target } } }).to_string();
        let answer = run_with_input(&["events", "-"], document.as_bytes());
        let expected = format!("error: standard input: #/webhooks/a/$ref: `{target}` leads ");
        assert!(answer.error.starts_with(&expected), "{}", answer.error);
        let answer = run_with_input(&["lint", "-"], document.as_bytes());
        assert!(
            answer.output.contains("#/webhooks/a/$ref: "),
            "{}",
            answer.output
        );
    }
    let mut dangling = sound();
    dangling["components"]["schemas"]["Payment"]["properties"]["amount"] =
        json!({ "$ref": "#/components/schemas/No" });
    let (old, new) = (Kept::json(&sound()), Kept::json(&dangling));
    let answer = run(&["diff", old.path(), new.path()]);
    assert_eq!(answer.code, Some(2));
    let expected = format!(
        "error: {}: #/components/schemas/Payment/properties/amount/$ref: ",
        new.path()
    );
    assert!(answer.error.starts_with(&expected), "{}", answer.error);
}

#[test]
fn files_are_named_in_what_is_said_about_them() {
    let missing = run(&["lint", "no/such/file.json"]);
    assert!(
        missing.code == Some(2) && missing.error.starts_with("error: no/such/file.json: "),
        "{}",
        missing.error
    );
    let folder = run(&["lint", env!("CARGO_TARGET_TMPDIR")]);
    assert!(
        folder.code == Some(2) && folder.error.starts_with("error: "),
        "{}",
        folder.error
    );
}

#[test]
fn standard_input_cannot_be_both_documents() {
    let answer = run_with_input(&["diff", "-", "-"], b"{}");
    assert!(
        answer.code == Some(2) && answer.error.contains("not both"),
        "{}",
        answer.error
    );
}

#[test]
fn a_document_cannot_steer_the_terminal() {
    let mut document = sound();
    let operation = &mut document["webhooks"]["payment.created"]["post"];
    operation["summary"] = json!("\u{1b}[2J\u{1b}]0;evil\u{7}\u{202e}");
    operation["tags"] = json!(["a\u{1b}[31m"]);
    for command in ["events", "lint"] {
        let answer = run_with_input(&[command, "-"], document.to_string().as_bytes());
        assert!(
            !answer.output.contains(['\u{1b}', '\u{7}', '\u{202e}']),
            "{}",
            answer.output
        );
    }
    let answer = run_with_input(&["events", "-"], b"{\"openapi\": \"\\u001b[2J\"}");
    assert!(!answer.error.contains('\u{1b}'), "{}", answer.error);
}

#[test]
fn fifty_megabytes_are_read_and_more_than_64_mib_are_not() {
    let mut document = sound();
    document["x-large"] = Value::String("x".repeat(50_000_000));
    let answer = run_with_input(&["lint", "-"], document.to_string().as_bytes());
    assert_eq!(answer.code, Some(0), "{}", answer.error);

    document["x-large"] = Value::String("x".repeat(65 * 1024 * 1024));
    let answer = run_with_input(&["lint", "-"], document.to_string().as_bytes());
    assert!(
        answer.code == Some(2) && answer.error.contains("larger than 64 MiB"),
        "{}",
        answer.error
    );
}

#[test]
fn many_events_are_no_reason_to_wait() {
    let mut document = sound();
    let webhook = document["webhooks"]["payment.created"].clone();
    for number in 0..3_000 {
        let mut webhook = webhook.clone();
        webhook["post"]["operationId"] = json!(format!("event_{number}"));
        document["webhooks"][format!("event.{number}")] = webhook;
    }
    let mut other = document.clone();
    other["components"]["schemas"]["Payment"]["properties"]["amount"]["type"] = json!("string");
    let (old, new) = (Kept::json(&document), Kept::json(&other));
    for arguments in [
        &["lint", old.path()][..],
        &["events", old.path()],
        &["diff", old.path(), new.path()],
    ] {
        let answer = run(arguments);
        assert!(
            answer.took < Duration::from_mins(1),
            "{arguments:?} took {:?}",
            answer.took
        );
        assert_ne!(answer.code, Some(2), "{}", answer.error);
    }
}
