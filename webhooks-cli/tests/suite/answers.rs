//! Good questions and their answers.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::program::{Kept, finish, program, run, run_with_input, sound};

/// The examples of the workspace, each with the document that it serves.
fn examples() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let entries = fs::read_dir(folder).expect("the examples");
    let documents = entries.map(|entry| entry.expect("an entry").path().join("openapi.json"));
    let found: Vec<_> = documents
        .filter(|path| path.exists())
        .map(|path| path.display().to_string())
        .collect();
    assert!(!found.is_empty(), "no example has a document");
    found
}

#[test]
fn events_are_listed_in_columns() {
    let document = Kept::json(&sound());
    let answer = run(&["events", document.path()]);
    assert_eq!((answer.code, answer.error.as_str()), (Some(0), ""));
    assert_eq!(
        answer.output,
        "EVENT            METHOD  PAYLOAD  TAGS      SUMMARY\n\
         payment.created  POST    Payment  payments  Payment Created\n"
    );
}

#[test]
fn events_are_told_to_programs_in_full() {
    let answer = run_with_input(&["events", "--json", "-"], sound().to_string().as_bytes());
    let expected = json!([{
        "event": "payment.created",
        "method": "POST",
        "summary": "Payment Created",
        "description": "Sent when a payment is made.",
        "tags": ["payments"],
        "deprecated": false,
        "operationId": "payment_created_post",
        "payload": "Payment",
        "pointer": "/webhooks/payment.created/post",
    }]);
    assert_eq!(answer.json(), expected);
}

#[test]
fn an_enveloped_payload_is_listed_by_its_own_name() {
    let mut document = sound();
    let schemas = &mut document["components"]["schemas"];
    schemas["PaymentCreatedEnvelope"] = json!({ "type": "object", "properties": {
        "type": { "const": "payment.created" },
        "timestamp": { "type": "string", "format": "date-time" },
        "data": { "$ref": "#/components/schemas/Payment" },
    } });
    let content = "/webhooks/payment.created/post/requestBody/content/application~1json/schema";
    *document.pointer_mut(content).expect("a schema") =
        json!({ "$ref": "#/components/schemas/PaymentCreatedEnvelope" });
    let answer = run_with_input(&["events", "--json", "-"], document.to_string().as_bytes());
    assert_eq!(answer.json()[0]["payload"], "Payment");
}

#[test]
fn a_document_without_webhooks_has_no_events() {
    let document = json!({ "openapi": "3.1.0", "paths": {} }).to_string();
    let answer = run_with_input(&["events", "-"], document.as_bytes());
    assert_eq!(
        (answer.code, answer.output.as_str()),
        (Some(0), "The document has no webhooks.\n")
    );
    assert_eq!(
        run_with_input(&["events", "-", "--json"], document.as_bytes()).json(),
        json!([])
    );
}

#[test]
fn webhooks_of_3_0_are_read_from_their_extension() {
    let mut document = sound();
    document["openapi"] = json!("3.0.3");
    document["x-webhooks"] = document["webhooks"].take();
    document
        .as_object_mut()
        .expect("an object")
        .remove("webhooks");
    let answer = run_with_input(&["events", "-", "--json"], document.to_string().as_bytes());
    assert_eq!(
        answer.json()[0]["pointer"],
        "/x-webhooks/payment.created/post"
    );
}

#[test]
fn a_sound_document_passes_lint() {
    let answer = run_with_input(&["lint", "-", "--strict"], sound().to_string().as_bytes());
    assert_eq!(
        (answer.code, answer.output.as_str()),
        (Some(0), "No rule is broken.\n")
    );
}

#[test]
fn an_error_fails_lint_and_a_warning_only_when_strict() {
    let mut warned = sound();
    warned["webhooks"]["payment.created"]["post"]["tags"] = json!([]);
    let input = warned.to_string();
    let answer = run_with_input(&["lint", "-"], input.as_bytes());
    assert_eq!(answer.code, Some(0));
    assert!(
        answer
            .output
            .starts_with("#/webhooks/payment.created/post/tags: warning: add a tag"),
        "{}",
        answer.output
    );
    assert!(
        answer.output.ends_with("\n0 errors, 1 warning\n"),
        "{}",
        answer.output
    );
    assert_eq!(
        run_with_input(&["lint", "-", "--strict"], input.as_bytes()).code,
        Some(1)
    );

    let mut wrong = sound();
    wrong.as_object_mut().expect("an object").remove("paths");
    assert_eq!(
        run_with_input(&["lint", "-"], wrong.to_string().as_bytes()).code,
        Some(1)
    );
    let ignored = run_with_input(
        &["lint", "-", "--ignore", "paths-missing"],
        wrong.to_string().as_bytes(),
    );
    assert_eq!(ignored.code, Some(0));
}

#[test]
fn findings_are_told_to_programs_with_rule_place_and_reason() {
    let answer = run_with_input(
        &["lint", "-", "--json"],
        br#"{"openapi": "3.1.0", "info": {"title": "A", "version": "1"}}"#,
    );
    let found = answer.json();
    assert_eq!(
        (answer.code, &found["errors"], &found["warnings"]),
        (Some(1), &json!(1), &json!(1))
    );
    let first = &found["findings"][0];
    assert_eq!(
        (&first["rule"], &first["pointer"]),
        (&json!("paths-missing"), &json!("/paths"))
    );
    assert_eq!(first["severity"], "error");
    assert!(
        first["reason"]
            .as_str()
            .is_some_and(|reason| reason.contains("openapi-explorer"))
    );
}

#[test]
fn the_examples_keep_the_rules() {
    for example in examples() {
        let answer = run(&["lint", "--strict", &example]);
        assert_eq!(answer.code, Some(0), "{example}\n{}", answer.output);
    }
}

#[test]
fn a_document_that_other_linters_accept_hides_two_names_and_is_else_sound() {
    let baseline = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../interop/lint/green-baseline.json"
    );
    let found = run(&["lint", baseline, "--json"]).json();
    let found: Vec<_> = found["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|one| (&one["rule"], &one["pointer"]))
        .collect();
    let hidden = json!("event-name-hidden");
    let places = [
        "/webhooks/account.closed/get",
        "/webhooks/shared.event/post",
    ]
    .map(Value::from);
    assert_eq!(found, [(&hidden, &places[0]), (&hidden, &places[1])]);
}

#[test]
fn the_rules_can_be_listed_and_a_wrong_name_is_corrected() {
    let answer = run(&["lint", "--rules"]);
    assert!(
        answer.code == Some(0) && answer.output.contains("\npaths-missing "),
        "{}",
        answer.output
    );
    let listed = run(&["lint", "--rules", "--json"]).json();
    assert!(
        listed[0]["name"].is_string() && listed[0]["reason"].is_string(),
        "{listed}"
    );
    let answer = run(&["lint", "-", "--ignore", "path-missing"]);
    assert!(
        answer.code == Some(2) && answer.error.contains("paths-missing"),
        "{}",
        answer.error
    );
}

#[test]
fn a_breaking_change_fails_diff_and_a_compatible_one_does_not() {
    let old = Kept::json(&sound());
    let mut document = sound();
    document["components"]["schemas"]["Payment"]["properties"]["note"] =
        json!({ "type": "string" });
    let new = Kept::json(&document);
    let answer = run(&["diff", old.path(), new.path()]);
    assert_eq!(answer.code, Some(0), "{}", answer.output);
    assert!(answer.output.contains(
        "compatible: the property `note` is new [property-added]\n    payment.created\n"
    ));
    assert!(
        answer
            .output
            .ends_with("\n0 breaking changes, 1 compatible\n"),
        "{}",
        answer.output
    );

    let answer = run(&["diff", new.path(), old.path()]);
    assert_eq!(answer.code, Some(1));
    let place = "old #/components/schemas/Payment/properties/note: breaking: ";
    assert!(answer.output.starts_with(place), "{}", answer.output);
    let answer = run(&[
        "diff",
        new.path(),
        old.path(),
        "--ignore",
        "property-removed",
    ]);
    assert_eq!(answer.code, Some(0), "{}", answer.output);
    let answer = run(&[
        "diff",
        new.path(),
        old.path(),
        "--ignore",
        "property-remove",
    ]);
    assert!(
        answer.code == Some(2) && answer.error.contains("property-removed"),
        "{}",
        answer.error
    );
}

#[test]
fn compatible_changes_can_be_left_out() {
    let mut document = sound();
    document["webhooks"]["new"] = json!({ "post": {} });
    let (old, new) = (Kept::json(&sound()), Kept::json(&document));
    let changes = run(&["diff", "--breaking", "--json", old.path(), new.path()]).json();
    assert_eq!(
        changes,
        json!({ "breaking": 0, "compatible": 1, "changes": [] })
    );
}

#[test]
fn changes_are_told_to_programs_with_events_and_reason() {
    let mut document = sound();
    document["webhooks"] = json!({});
    let new = Kept::json(&document);
    let answer = finish(
        program(&["diff", "-", new.path(), "--json"]).stdin(Stdio::piped()),
        sound().to_string().as_bytes(),
    );
    let change = &answer.json()["changes"][0];
    assert_eq!(change["rule"], "event-removed");
    assert_eq!(change["events"], json!(["payment.created"]));
    assert_eq!(
        (&change["document"], &change["pointer"]),
        (&json!("old"), &json!("/webhooks/payment.created"))
    );
    assert!(change["reason"].is_string() && change["breaking"] == Value::Bool(true));
}

#[test]
fn the_same_document_twice_has_no_changes() {
    let document = Kept::json(&sound());
    let answer = run(&["diff", document.path(), document.path()]);
    assert_eq!(answer.code, Some(0));
    assert_eq!(
        answer.output,
        "Nothing changed that a receiver could notice.\n"
    );
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let document = Kept::json(&sound());
    let colourful =
        |command: &mut std::process::Command| finish(command, &[]).output.contains('\u{1b}');
    let arguments = ["events", document.path()];
    assert!(!colourful(&mut program(&arguments)), "the output is piped");
    assert!(colourful(program(&arguments).env("CLICOLOR_FORCE", "1")));
    assert!(!colourful(
        program(&arguments)
            .env("CLICOLOR_FORCE", "1")
            .env("NO_COLOR", "1")
    ));
    assert!(colourful(&mut program(&[
        "--color",
        "always",
        "events",
        document.path()
    ])));
    assert!(!colourful(
        program(&["--color", "never", "events", document.path()]).env("CLICOLOR_FORCE", "1")
    ));
}

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let answer = run(&["completion", shell]);
        assert_eq!(answer.code, Some(0), "{shell}");
        for word in ["events", "lint", "diff", "export", "completion"] {
            assert!(answer.output.contains(word), "{shell} does not know {word}");
        }
    }
}

#[test]
fn help_goes_to_standard_output_and_names_the_exit_codes() {
    let answer = run(&["--help"]);
    assert_eq!((answer.code, answer.error.as_str()), (Some(0), ""));
    assert!(answer.output.contains("Exit codes:") && answer.output.contains("breaking change"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut webhooks = serde_json::Map::new();
    for number in 0..5_000 {
        webhooks.insert(
            format!("event-{number}"),
            json!({ "post": { "summary": "x".repeat(60) } }),
        );
    }
    let document = Kept::json(&json!({ "openapi": "3.1.0", "webhooks": webhooks }));
    let mut child = program(&["events", document.path()])
        .spawn()
        .expect("the program can be started");
    let mut first = [0; 16];
    child
        .stdout
        .take()
        .expect("a pipe")
        .read_exact(&mut first)
        .expect("the first line");
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}
