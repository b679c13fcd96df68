//! `webhooks export`: each form, and what it says about what is lost.

use std::fs;

use serde_json::{Value, json};

use crate::program::{Kept, run, run_with_input, sound};

fn export(arguments: &[&str], document: &Value) -> crate::program::Answer {
    let arguments: Vec<&str> = ["export"].iter().chain(arguments).copied().collect();
    run_with_input(&arguments, document.to_string().as_bytes())
}

#[test]
fn a_document_of_3_1_is_written_as_it_was_read() {
    let answer = export(&["openapi-3.1", "-"], &sound());
    assert_eq!(
        (answer.code, answer.json(), answer.error.as_str()),
        (Some(0), sound(), "")
    );
}

#[test]
fn older_tools_get_x_webhooks_and_what_is_lost_is_told_with_its_place() {
    let mut document = sound();
    document["info"]["summary"] = json!("Money");
    let answer = export(&["openapi-3.0", "-"], &document);
    assert_eq!(answer.code, Some(0));
    let older = answer.json();
    assert_eq!(older["openapi"], "3.0.3");
    assert!(older["x-webhooks"]["payment.created"]["post"].is_object());
    assert!(
        answer.error.contains("lost: #/info/summary"),
        "{}",
        answer.error
    );
    assert_eq!(
        export(&["openapi-3.0", "-", "--strict"], &document).code,
        Some(1)
    );
    assert_eq!(
        export(&["openapi-3.0", "-", "--strict"], &sound()).code,
        Some(0)
    );
}

#[test]
fn a_document_of_3_0_comes_back_as_3_1() {
    let older = export(&["openapi-3.0", "-"], &sound()).json();
    let newer = export(&["openapi-3.1", "-"], &older).json();
    assert_eq!(newer["openapi"], "3.1.0");
    assert_eq!(newer["webhooks"], sound()["webhooks"]);
}

#[test]
fn inlined_webhooks_refer_to_nothing() {
    let inlined = export(&["openapi-3.1", "-", "--inline"], &sound()).json();
    assert!(
        !inlined["webhooks"].to_string().contains("$ref"),
        "{inlined}"
    );
    let schema = &inlined["webhooks"]["payment.created"]["post"]["requestBody"]["content"]["application/json"];
    assert_eq!(schema["schema"]["properties"]["amount"]["type"], "integer");
}

#[test]
#[cfg(feature = "yaml")]
fn yaml_reads_back_as_the_document() {
    let yaml = export(&["openapi-3.1", "-", "--yaml"], &sound());
    assert!(
        yaml.output.contains("\n  payment.created:\n    post:\n"),
        "{}",
        yaml.output
    );
    let back = run_with_input(&["export", "openapi-3.1", "-"], yaml.output.as_bytes());
    assert_eq!(back.json(), sound());
}

#[test]
fn json_schemas_stand_in_files_with_an_index() {
    let kept = Kept::new("schemas", b"");
    let folder = format!("{}.d", kept.path());
    let answer = export(
        &[
            "json-schema",
            "-",
            "--base",
            "https://a.test/",
            "--output",
            &folder,
        ],
        &sound(),
    );
    assert_eq!(
        (answer.code, answer.output.as_str()),
        (Some(0), ""),
        "{}",
        answer.error
    );
    let read = |name: &str| -> Value {
        let text = fs::read(format!("{folder}/{name}")).expect(name);
        serde_json::from_slice(&text).expect("JSON")
    };
    assert_eq!(read("index.json")["webhooks"][0]["name"], "payment.created");
    assert_eq!(
        read("payment.created.schema.json")["$id"],
        "https://a.test/payment.created.schema.json"
    );
    fs::remove_dir_all(&folder).expect("the folder was made");
    let together = export(&["json-schema", "-"], &sound()).json();
    assert_eq!(
        together["schemas"]["payment.created.schema.json"]["type"],
        "object"
    );
}

#[test]
fn an_event_cannot_write_outside_of_the_folder() {
    let mut document = sound();
    document["webhooks"] = json!({ "../../escaped": sound()["webhooks"]["payment.created"] });
    let kept = Kept::new("schemas", b"");
    let folder = format!("{}.d/inner/most", kept.path());
    export(&["json-schema", "-", "--output", &folder], &document);
    assert!(
        !fs::exists(format!("{}.d/escaped.schema.json", kept.path()))
            .expect("a folder that can be read")
    );
    fs::remove_dir_all(format!("{}.d", kept.path())).expect("the folder was made");
}

#[test]
fn options_that_mean_nothing_for_a_form_are_refused() {
    for arguments in [
        ["json-schema", "-", "--inline"],
        ["json-schema", "-", "--yaml"],
        ["openapi-3.1", "-", "--base=x"],
    ] {
        let answer = export(&arguments, &sound());
        assert!(
            answer.code == Some(2) && answer.error.contains("leave --"),
            "{}",
            answer.error
        );
    }
}

#[test]
fn what_cannot_be_understood_is_refused_at_its_place_in_every_form() {
    let mut operation = sound();
    operation["webhooks"]["payment.created"]["post"] = json!("x");
    let mut paths = sound();
    paths["paths"] = json!([]);
    for (document, expected) in [
        (
            operation,
            "#/webhooks/payment.created/post: expected an operation",
        ),
        (paths, "#/paths: expected an object, found an array"),
    ] {
        for form in ["openapi-3.2", "openapi-3.1", "openapi-3.0", "json-schema"] {
            let answer = export(&[form, "-"], &document);
            let expected = format!("error: standard input: {expected}");
            assert!(
                answer.code == Some(2) && answer.error.starts_with(&expected),
                "{form}: {}",
                answer.error
            );
            assert_eq!(answer.output, "", "{form}");
        }
    }
}

#[test]
fn every_version_is_written_as_3_2_and_what_only_that_has_is_lost_in_older_ones() {
    let mut newer = sound();
    newer["openapi"] = json!("3.2.1");
    newer["$self"] = json!("https://example.com/openapi.json");
    let answer = export(&["openapi-3.2", "-", "--strict"], &sound());
    assert_eq!(answer.code, Some(0), "{}", answer.error);
    assert!(answer.output.contains("\"openapi\": \"3.2.0\""));
    let same = export(&["openapi-3.2", "-", "--strict"], &newer);
    assert!(
        same.code == Some(0) && same.output.contains("$self"),
        "{}",
        same.error
    );
    for form in ["openapi-3.1", "openapi-3.0"] {
        let older = export(&[form, "-", "--strict"], &newer);
        assert!(
            older.code == Some(1) && older.error.contains("#/$self"),
            "{form}: {}",
            older.error
        );
        assert!(!older.output.contains("$self"), "{form}");
    }
}

#[test]
fn a_reference_that_leads_nowhere_is_lost_in_json_schemas() {
    let mut document = sound();
    document["components"]["schemas"]["Payment"]["properties"]["amount"] =
        json!({ "$ref": "#/components/schemas/No" });
    let answer = export(&["json-schema", "-", "--strict"], &document);
    let expected = "lost: #/components/schemas/Payment/properties/amount/$ref: ";
    assert!(
        answer.code == Some(1) && answer.error.starts_with(expected),
        "{}",
        answer.error
    );
}

#[test]
fn a_path_that_cannot_be_written_is_named() {
    let document = Kept::json(&sound());
    let answer = run(&[
        "export",
        "openapi-3.1",
        document.path(),
        "--output",
        "no/such/folder/x.json",
    ]);
    assert!(
        answer.code == Some(2)
            && answer
                .error
                .contains("no/such/folder/x.json could not be written")
    );
}

#[test]
fn a_zapier_integration_has_a_trigger_for_each_event() {
    let document = sound();
    let kept = Kept::new("zapier", b"");
    let path = format!("{}.d", kept.path());
    let api = "https://api.example.com/webhooks";
    let written = export(&["zapier", "-", "--api", api, "--output", &path], &document);
    assert_eq!((written.code, written.error.as_str()), (Some(0), ""));
    let trigger = format!("{path}/triggers/payment_created.js");
    let trigger = fs::read_to_string(trigger).expect("a trigger");
    fs::remove_dir_all(path).expect("the folder was made");
    assert!(
        trigger.contains("\"event\": \"payment.created\""),
        "{trigger}"
    );
    let printed = export(&["zapier", "-", "--api", api], &document).json();
    assert_eq!(printed["triggers/payment_created.js"], trigger);
    assert!(
        printed["index.js"]
            .as_str()
            .expect("a text")
            .contains("payment_created")
    );
    assert!(printed["api.js"].as_str().expect("a text").contains(api));
    let unsaid = export(&["zapier", "-"], &document);
    assert_eq!(unsaid.code, Some(2));
    assert!(unsaid.error.contains("--api"), "{}", unsaid.error);
    let odd = export(&["openapi-3.1", "-", "--api", api], &document);
    assert_eq!(odd.code, Some(2));
}

/// A document may come from anywhere: what it says is text in the files, and never code.
#[test]
fn no_text_of_a_document_becomes_code_of_an_integration() {
    let mut document = sound();
    let hostile = "x\"}); process.exit(1); //\n*/ \u{2028} `${1}`";
    document["info"]["title"] = json!(hostile);
    document["webhooks"]["payment.created"]["post"]["summary"] = json!(hostile);
    document["webhooks"][hostile] = document["webhooks"]["payment.created"].clone();
    let api = "https://api.example.com/webhooks";
    let files = export(&["zapier", "-", "--api", api], &document).json();
    let files = files.as_object().expect("files");
    let name = "triggers/x_process_exit_1_1.js";
    assert!(files.contains_key(name), "{:?}", files.keys());
    for (name, text) in files
        .iter()
        .filter(|(name, _)| name.starts_with("triggers/"))
    {
        let text = text.as_str().expect("a text");
        let (_, settings) = text.split_once("(\"../hook\")(").expect(name);
        let settings = settings.strip_suffix(");\n").expect(name);
        serde_json::from_str::<Value>(settings).expect("the settings are JSON and nothing else");
    }
}
