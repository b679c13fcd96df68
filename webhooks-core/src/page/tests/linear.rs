//! The page grows with the document, also where references would multiply.

use std::fmt::Write;
use std::time::Instant;

use serde_json::{Map, Value, json};

use super::{check, page, with_payload};

/// Types `L0` to `Ln`, each with two fields of the next one; the second reference is spelled by `second`.
fn doubling(levels: usize, second: impl Fn(usize) -> String) -> Value {
    let mut schemas = Map::new();
    for level in 0..levels {
        let first = json!({"$ref": format!("#/components/schemas/L{}", level + 1)});
        let second = json!({"$ref": second(level + 1)});
        schemas.insert(
            format!("L{level}"),
            json!({"properties": {"a": first, "b": second}}),
        );
    }
    schemas.insert(format!("L{levels}"), json!({"type": "string"}));
    with_payload(
        &json!({"$ref": "#/components/schemas/L0"}),
        &Value::Object(schemas),
    )
}

#[test]
fn a_type_with_two_fields_of_the_next_does_not_double_the_page() {
    for levels in [28, 40, 200, 2_000] {
        let document = doubling(levels, |level| format!("#/components/schemas/L{level}"));
        let html = page(&document);
        check(&html);
        assert!(
            html.len() < 50_000 + 6_000 * levels,
            "{levels} levels: {} bytes",
            html.len()
        );
    }
}

#[test]
fn two_spellings_of_one_reference_are_one_type() {
    for levels in [16, 60] {
        let document = doubling(levels, |level| format!("#/components/schemas/%4C{level}"));
        let html = page(&document);
        check(&html);
        assert!(
            html.len() < 50_000 + 6_000 * levels,
            "{levels} levels: {} bytes",
            html.len()
        );
    }
}

#[test]
fn a_long_description_of_a_shared_type_is_not_repeated_without_end() {
    let properties: Map<String, Value> = (0..3_000)
        .map(|n| {
            (
                format!("f{n}"),
                json!({"$ref": "#/components/schemas/Text"}),
            )
        })
        .collect();
    let schemas = json!({"Text": {"type": "string", "description": "long ".repeat(20_000)}});
    let document = with_payload(&json!({"properties": properties}), &schemas);
    let html = page(&document);
    check(&html);
    assert!(html.len() < 8_000_000, "{}", html.len());
    assert!(html.contains("too large to be shown in full"));
}

#[test]
fn a_list_of_values_of_a_shared_type_is_cut() {
    let values: Vec<String> = (0..5_000).map(|n| format!("value_{n}")).collect();
    let properties: Map<String, Value> = (0..500)
        .map(|n| {
            (
                format!("f{n}"),
                json!({"$ref": "#/components/schemas/Choice"}),
            )
        })
        .collect();
    let schemas = json!({"Choice": {"type": "string", "enum": values}});
    let html = page(&with_payload(&json!({"properties": properties}), &schemas));
    assert!(html.len() < 3_000_000, "{}", html.len());
    assert!(html.contains("and 4940 more"));
}

/// Twice the document may take at most about twice the time; the bound leaves room for a busy machine and still tells
/// linear from quadratic, because the sizes are far apart.
#[test]
fn the_time_grows_with_the_document() {
    let wide = |count: usize| {
        let mut properties = Map::new();
        let mut name = String::new();
        for n in 0..count {
            name.clear();
            let _ = write!(name, "f{n}");
            properties.insert(name.clone(), json!({"type": "string"}));
        }
        let required: Vec<String> = properties.keys().cloned().collect();
        with_payload(
            &json!({"properties": properties, "required": required}),
            &json!({}),
        )
    };
    let time = |count| {
        let document = wide(count);
        let begin = Instant::now();
        let html = page(&document);
        assert!(html.contains("f999"));
        begin.elapsed()
    };
    let (small, large) = (time(2_000).min(time(2_000)), time(32_000));
    assert!(
        large < small * 16 * 6,
        "16 times the properties took {large:?} after {small:?}"
    );
}
