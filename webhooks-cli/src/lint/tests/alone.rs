//! Rules whose defect needs more than a patch, or is one for a second rule too.

use serde_json::json;

use super::{found, on_operation, sound};
use crate::document::Document;
use crate::lint::{Severity, lint};
use crate::merge_patch::patched;

#[test]
fn a_member_that_stands_twice_is_found() {
    let text = sound()
        .to_string()
        .replacen("\"paths\":{}", "\"paths\":{},\"paths\":{}", 1);
    let findings = lint(&Document::parse(text.as_bytes()).expect("a document"));
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (findings[0].rule, findings[0].severity),
        ("duplicate-member", Severity::Error)
    );
    assert_eq!(findings[0].pointer.to_string(), "#/paths");
}

#[test]
fn a_component_is_used_by_a_reference_into_it() {
    let inner = json!({ "$ref": "#/components/schemas/Old/properties/id" });
    let schemas = json!({
        "Old": { "type": "object", "properties": { "id": { "type": "string" } } },
        "Payment": { "properties": { "a": inner } },
    });
    let found = found(&json!({ "components": { "schemas": schemas } }));
    assert!(
        !found.iter().any(|(rule, _)| *rule == "component-unused"),
        "{found:?}"
    );
}

#[test]
fn names_that_tools_confuse_are_found() {
    for name in ["", "{id}", "/a", "a b", "a#b"] {
        let webhook = patched(
            &sound()["webhooks"]["paid"],
            &json!({ "post": { "summary": name.to_owned() + "Sent." } }),
        );
        let found = found(&json!({ "webhooks": { "paid": null, name: webhook } }));
        assert!(
            found.iter().any(|(rule, _)| *rule == "event-name"),
            "{name}: {found:?}"
        );
    }
}

#[test]
fn a_hidden_name_is_found_and_a_summary_in_words_shows_it() {
    let hidden = on_operation(&json!({ "summary": "Money", "description": "It came in." }));
    assert_eq!(
        found(&hidden),
        [("event-name-hidden", "#/webhooks/paid/post".to_owned())]
    );
}

#[test]
fn a_missing_summary_is_found_and_an_empty_one_twice() {
    let description = "Sent for `paid`.";
    let missing = on_operation(&json!({ "summary": null, "description": description }));
    assert_eq!(
        found(&missing),
        [("summary-missing", "#/webhooks/paid/post/summary".to_owned())]
    );
    let empty = on_operation(&json!({ "summary": "", "description": description }));
    let names: Vec<_> = found(&empty).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(names, ["summary-missing", "text-empty"]);
}

#[test]
fn an_operation_id_is_unique_over_paths_and_webhooks() {
    let path = json!({ "paths": { "/pay": { "post": { "operationId": "paid_post" } } } });
    assert_eq!(
        found(&path),
        [(
            "operation-id-duplicate",
            "#/webhooks/paid/post/operationId".to_owned()
        )]
    );
}

#[test]
fn a_body_of_get_is_found() {
    let operation = sound()["webhooks"]["paid"]["post"].clone();
    let found = found(&json!({ "webhooks": { "paid": { "post": null, "get": operation } } }));
    assert_eq!(
        found,
        [(
            "payload-on-bodiless-method",
            "#/webhooks/paid/get/requestBody".to_owned()
        )]
    );
}

#[test]
fn the_validation_error_of_a_framework_is_found() {
    let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/HTTPValidationError" } } });
    let mut patch = on_operation(
        &json!({ "responses": { "422": { "description": "No.", "content": content } } }),
    );
    patch["components"] = json!({ "schemas": { "HTTPValidationError": { "type": "object" } } });
    assert_eq!(
        found(&patch),
        [(
            "response-validation-error",
            "#/webhooks/paid/post/responses/422".to_owned()
        )]
    );
}

#[test]
fn a_schema_named_after_a_module_is_found() {
    let patch = json!({ "components": { "schemas": {
        "Payment": { "properties": { "a": { "$ref": "#/components/schemas/app__pay__Card" } } },
        "app__pay__Card": { "type": "string" },
    } } });
    assert_eq!(
        found(&patch),
        [(
            "schema-name-generated",
            "#/components/schemas/app__pay__Card".to_owned()
        )]
    );
}

#[test]
fn a_number_that_tells_two_types_apart_is_found() {
    let numbered = |name: &str| {
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        let patch = json!({ "components": { "schemas": {
            "Payment": { "properties": { "a": reference } },
            name: { "type": "string" },
        } } });
        found(&patch)
    };
    for name in ["Payment2", "Payment_2", "Payment12"] {
        let place = format!("#/components/schemas/{name}");
        assert_eq!(numbered(name), [("schema-name-numbered", place)]);
    }
    // A name of its own may end in digits.
    for name in ["Iso8601", "Payments2", "V2"] {
        assert_eq!(numbered(name), []);
    }
}

#[test]
fn tags_are_objects_with_names_of_their_own() {
    let twice = json!({ "tags": [{ "name": "payments" }, { "name": "payments" }] });
    assert_eq!(found(&twice), [("tag-duplicate", "#/tags/1".to_owned())]);
    let text = json!({ "tags": [{ "name": "payments" }, "payments"] });
    assert_eq!(found(&text), [("tag-malformed", "#/tags/1".to_owned())]);
}

#[test]
fn a_webhook_that_is_served_as_a_path_too_is_found() {
    let item = sound()["webhooks"]["paid"].clone();
    let names: Vec<_> = found(&json!({ "paths": { "/paid": item } }))
        .into_iter()
        .map(|(rule, _)| rule)
        .collect();
    assert_eq!(names, ["webhook-as-path", "operation-id-duplicate"]);
}

#[test]
fn garbage_in_every_member_is_survived() {
    let document = sound();
    let mut places = Vec::new();
    crate::walk::objects(&document, &mut |place, value| {
        let members = value.as_object().into_iter().flatten();
        places.extend(members.map(|(name, _)| place.child(name)));
    });
    for place in places {
        for garbage in [
            json!(null),
            json!(7),
            json!("x"),
            json!([]),
            json!([null]),
            json!({}),
            json!({ "$ref": 1 }),
        ] {
            let mut document = document.clone();
            *document
                .pointer_mut(place.as_str())
                .expect("a place of the document") = garbage;
            if let Ok(document) = Document::from_value(document) {
                lint(&document);
            }
        }
    }
}
