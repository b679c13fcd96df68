//! The seeds' programs say the same here as in the frameworks they come from, and their documents are valid.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// The repository's top folder.
fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> Value {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn example(name: &str) -> Value {
    read(&top().join("examples").join(name).join("openapi.json"))
}

fn reference(name: &str) -> Value {
    read(
        &top()
            .join("tests/data/reference")
            .join(format!("{name}.openapi.json")),
    )
}

fn payload<'a>(document: &'a Value, operation: &'a Value) -> &'a Value {
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let name = schema["$ref"]
        .as_str()
        .and_then(|reference| reference.rsplit('/').next())
        .expect("a component");
    &document["components"]["schemas"][name]
}

/// Name, type and format of each property; a number's width is more than the reference says, so it is left out.
fn properties(schema: &Value) -> Vec<(String, Value, Option<Value>)> {
    let properties = schema["properties"].as_object().expect("properties");
    let format = |property: &Value| {
        property
            .get("format")
            .filter(|_| property["type"] == "string")
            .cloned()
    };
    properties
        .iter()
        .map(|(name, one)| (name.clone(), one["type"].clone(), format(one)))
        .collect()
}

/// Holds each webhook of ours against that of the reference: method, name, payload, summary, description.
fn same_webhooks(example_name: &str, reference_name: &str) {
    let (ours, theirs) = (example(example_name), reference(reference_name));
    let names = |document: &Value| -> Vec<String> {
        let mut names: Vec<_> = document["webhooks"]
            .as_object()
            .expect("webhooks")
            .keys()
            .cloned()
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&ours), names(&theirs));
    for name in names(&ours) {
        let (ours_item, theirs_item) = (&ours["webhooks"][&name], &theirs["webhooks"][&name]);
        let methods = |item: &Value| {
            item.as_object()
                .expect("a path item")
                .keys()
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(methods(ours_item), methods(theirs_item), "{name}");
        for method in methods(ours_item) {
            let (one, other) = (&ours_item[&method], &theirs_item[&method]);
            assert_eq!(one["summary"], other["summary"], "{name}");
            if other["description"] != "" {
                assert_eq!(one["description"], other["description"], "{name}");
            }
            let (one, other) = (payload(&ours, one), payload(&theirs, other));
            assert_eq!(properties(one), properties(other), "{name}");
            assert_eq!(one["required"], other["required"], "{name}");
        }
    }
}

#[test]
fn the_fastapi_seed_says_what_fastapi_says() {
    same_webhooks("new-subscription", "fastapi-seed_fastapi");
}

#[test]
fn the_esmerald_function_seed_says_what_esmerald_says() {
    same_webhooks("payments", "esmerald-seed_functions");
}

#[test]
fn the_esmerald_class_based_view_seed_says_what_esmerald_says() {
    same_webhooks("payment-view", "esmerald-seed_cbv");
}

/// Every example that has a document, with the document.
fn examples() -> Vec<(String, Value)> {
    let folders = fs::read_dir(top().join("examples")).expect("the folder of examples");
    let documents = folders.map(|folder| folder.expect("a folder").path().join("openapi.json"));
    let examples: Vec<_> = documents
        .filter(|path| path.exists())
        .map(|path| {
            (
                path.parent().expect("a folder").display().to_string(),
                read(&path),
            )
        })
        .collect();
    assert!(
        examples.len() >= 5,
        "{} examples have a document",
        examples.len()
    );
    examples
}

#[test]
fn every_example_is_a_valid_openapi_3_1_document() {
    let schema = read(&top().join("tests/data/oas-3.1/schema.json"));
    let validator = jsonschema::validator_for(&schema).expect("the schema of OpenAPI 3.1");
    for (name, document) in examples() {
        let errors: Vec<_> = validator
            .iter_errors(&document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

#[test]
fn a_document_that_is_not_valid_is_noticed() {
    let schema = read(&top().join("tests/data/oas-3.1/schema.json"));
    let validator = jsonschema::validator_for(&schema).expect("the schema of OpenAPI 3.1");
    let mut broken = example("payments");
    broken["webhooks"]["new-event"]["post"]["responses"]["2XX"] = Value::Object(Map::new());
    assert!(!validator.is_valid(&broken));
}

#[test]
fn every_component_schema_is_a_valid_schema_of_2020_12() {
    for (name, document) in examples() {
        let schemas = document["components"]["schemas"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        for (component, schema) in schemas {
            let mut schema = schema;
            // Only the metaschema is asked here; references lead into the document.
            schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
            assert!(jsonschema::meta::is_valid(&schema), "{name}: {component}");
        }
    }
}

#[test]
fn every_example_payload_fits_its_schema() {
    let mut checked = 0;
    for (name, document) in examples() {
        for (event, item) in document["webhooks"].as_object().expect("webhooks") {
            for operation in item.as_object().expect("a path item").values() {
                let media = &operation["requestBody"]["content"]["application/json"];
                let Some(examples) = media["examples"].as_object() else {
                    continue;
                };
                // The schema together with the whole document's components, so that references are found.
                let mut schema = media["schema"].clone();
                schema["components"] = document["components"].clone();
                let validator = jsonschema::validator_for(&schema).expect("a schema");
                for example in examples.values() {
                    assert!(
                        validator.is_valid(&example["value"]),
                        "{name}: {event}: {example}"
                    );
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 0, "no example has an example payload");
}
