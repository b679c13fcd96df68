//! What a value must satisfy in addition to its type, in words: ranges, lengths, patterns, allowed values, the
//! default.

use std::io;

use serde_json::Value;

use super::{
    html::Html,
    markdown,
    schema::{Choice, Schema},
};

/// Longer examples belong into the example payload.
const EXAMPLE_CHARACTERS: usize = 60;
/// Values longer than this are cut.
const LONGEST: usize = 200;
/// Of more values than these, the rest is left to the document.
const VALUES: usize = 60;

/// Writes the constraints, each in its own `<li>`; nothing where there are none.
pub(super) fn write(html: &mut Html, schema: &Schema<'_>, example: Option<&Value>) {
    let mut list = Html::default();
    choices(&mut list, &schema.choices());
    // An unsigned integer is never below zero.
    let unsigned = schema
        .text("format")
        .is_some_and(|format| format.starts_with("uint"));
    let implied =
        |low: &Value| unsigned && schema.get("maximum").is_none() && low.as_f64() == Some(0.0);
    let value = (
        schema.get("minimum").filter(|low| !implied(low)),
        schema.get("maximum"),
    );
    range(&mut list, value, "at least", "at most", "");
    let exclusive = (
        schema.get("exclusiveMinimum"),
        schema.get("exclusiveMaximum"),
    );
    range(&mut list, exclusive, "more than", "less than", "");
    counted(&mut list, schema, ["minLength", "maxLength"], " characters");
    if schema.tuple().is_empty() {
        counted(&mut list, schema, ["minItems", "maxItems"], " items");
    }
    counted(
        &mut list,
        schema,
        ["minProperties", "maxProperties"],
        " entries",
    );
    for (keyword, words) in [
        ("multipleOf", "multiple of "),
        ("pattern", "matches "),
        ("contentEncoding", "encoded as "),
        ("contentMediaType", "content is "),
        ("default", "default "),
    ] {
        if let Some(value) = schema
            .get(keyword)
            .filter(|value| keyword != "default" || !value.is_null())
        {
            list.raw("<li>").raw(words).code(&brief(value)).raw("</li>");
        }
    }
    if schema.flag("uniqueItems") {
        list.raw("<li>no duplicates</li>");
    }
    let example = example
        .or_else(|| schema.get("examples")?.get(0))
        .or_else(|| schema.get("example"));
    let short = example
        .map(brief)
        .filter(|text| text.chars().count() <= EXAMPLE_CHARACTERS);
    if let Some(example) = short.filter(|_| schema.choices().is_empty()) {
        list.raw("<li>for example ").code(&example).raw("</li>");
    }
    if !list.is_empty() {
        html.raw("<ul class=\"rules\">").append(&list).raw("</ul>");
    }
}

/// A value as JSON writes it, a string without its quotes.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The same, cut where it is long: a document can repeat it in many places.
pub(super) fn brief(value: &Value) -> String {
    match value {
        Value::String(text) => cut(text),
        other => {
            let mut start = Start::default();
            // The error says that there is more than the start.
            let _ = serde_json::to_writer(&mut start, other);
            cut(&String::from_utf8_lossy(&start.0))
        }
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text.to_owned(),
    }
}

/// Takes the first bytes of what is written, and refuses the rest.
#[derive(Default)]
struct Start(Vec<u8>);

impl io::Write for Start {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() > 4 * LONGEST {
            return Err(io::Error::other("long enough"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn choices(list: &mut Html, choices: &[Choice<'_>]) {
    match choices {
        [] => {}
        [only] => {
            list.raw("<li>always ").code(&brief(only.value));
            meaning(list, only);
            list.raw("</li>");
        }
        several if several.iter().any(|choice| choice.description.is_some()) => {
            list.raw("<li>one of<ul>");
            for choice in several.iter().take(VALUES) {
                list.raw("<li>").code(&brief(choice.value));
                meaning(list, choice);
                list.raw("</li>");
            }
            list.raw("</ul>");
            further(list, several.len());
            list.raw("</li>");
        }
        several => {
            list.raw("<li>one of ");
            for (place, choice) in several.iter().take(VALUES).enumerate() {
                list.raw(if place > 0 { ", " } else { "" })
                    .code(&brief(choice.value));
            }
            further(list, several.len());
            list.raw("</li>");
        }
    }
}

fn further(list: &mut Html, values: usize) {
    if values > VALUES {
        list.raw(" and ")
            .text(&(values - VALUES).to_string())
            .raw(" more");
    }
}

fn meaning(list: &mut Html, choice: &Choice<'_>) {
    if let Some(description) = choice.description {
        list.raw(": ");
        markdown::inline(list, description);
    }
}

fn counted(list: &mut Html, schema: &Schema<'_>, [least, most]: [&str; 2], unit: &'static str) {
    // A lower bound of 0 says nothing.
    let least = schema
        .get(least)
        .filter(|count| count.as_f64() != Some(0.0));
    range(list, (least, schema.get(most)), "at least", "at most", unit);
}

/// Bounds that are not numbers (OpenAPI 3.0 has `exclusiveMinimum: true`) are left out.
fn range(
    list: &mut Html,
    (low, high): (Option<&Value>, Option<&Value>),
    least: &'static str,
    most: &'static str,
    unit: &'static str,
) {
    let number = |bound: Option<&Value>| bound.filter(|bound| bound.is_number()).map(shown);
    match (number(low), number(high)) {
        (None, None) => return,
        (Some(low), Some(high)) if low == high => list.raw("<li>exactly ").code(&low),
        (Some(low), Some(high)) if least == "at least" => {
            list.raw("<li>").code(&low).raw(" to ").code(&high)
        }
        (Some(low), Some(high)) => list
            .raw("<li>")
            .raw(least)
            .raw(" ")
            .code(&low)
            .raw(", ")
            .raw(most)
            .raw(" ")
            .code(&high),
        (Some(low), None) => list.raw("<li>").raw(least).raw(" ").code(&low),
        (None, Some(high)) => list.raw("<li>").raw(most).raw(" ").code(&high),
    };
    list.raw(unit).raw("</li>");
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{super::resolver::Resolver, Html, Schema, write};

    fn say(schema: &Value) -> String {
        let mut html = Html::default();
        write(
            &mut html,
            &Schema::read(Resolver::new(&Value::Null), schema),
            None,
        );
        let html = html
            .into_string()
            .replace("<ul class=\"rules\"><li>", "")
            .replace("</li></ul>", "");
        html.replace("</li><li>", "; ")
            .replace("<code>", "")
            .replace("</code>", "")
    }

    #[test]
    fn constraints_read_as_words() {
        for (schema, expected) in [
            (json!({"minimum": 1, "maximum": 9}), "1 to 9"),
            (json!({"minimum": 1}), "at least 1"),
            (json!({"minimum": 0, "format": "uint64"}), ""),
            (
                json!({"exclusiveMinimum": 0, "exclusiveMaximum": 1.5}),
                "more than 0, less than 1.5",
            ),
            (
                json!({"exclusiveMinimum": true, "minimum": 0}),
                "at least 0",
            ),
            (
                json!({"minLength": 4, "maxLength": 4}),
                "exactly 4 characters",
            ),
            (
                json!({"minItems": 0, "maxItems": 3, "uniqueItems": true}),
                "at most 3 items; no duplicates",
            ),
            (json!({"pattern": "^<b>$"}), "matches ^&lt;b&gt;$"),
            (json!({"enum": ["a", 1, null]}), "one of a, 1"),
            (json!({"const": "a"}), "always a"),
            (json!({"default": null}), ""),
            (
                json!({"default": false, "examples": [7]}),
                "default false; for example 7",
            ),
            (json!({"multipleOf": 0.01}), "multiple of 0.01"),
        ] {
            assert_eq!(say(&schema), expected, "{schema}");
        }
    }

    #[test]
    fn values_with_a_meaning_are_a_list() {
        let html =
            say(&json!({"oneOf": [{"const": "a", "description": "First."}, {"const": "b"}]}));
        assert_eq!(html, "one of<ul><li>a: First.; b");
    }
}
