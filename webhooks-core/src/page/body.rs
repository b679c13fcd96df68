//! The content of a request or a response: one table and one example for each media type.

use serde_json::{Map, Value};

use super::{
    constraints, example,
    html::Html,
    markdown,
    page_index::Operation,
    resolver::TypeRef,
    rows::Walk,
    schema::{Schema, text},
    schema_table::{self, Caption},
    type_uses::TypeUses,
};

/// Which body it is, for the captions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// What a webhook sends.
    Payload,
    /// What its receiver answers.
    Response,
    /// What is sent to a route.
    Request,
    /// What a route answers.
    Answer,
}

/// Writes every media type of a `content` object.
pub(super) fn write<'a>(html: &mut Html, uses: &mut TypeUses<'a>, content: &'a Value, role: Role) {
    for (media_type, media) in content.as_object().into_iter().flatten() {
        let Some(media) = media.as_object() else {
            continue;
        };
        if let Some(schema) = media
            .get("schema")
            .filter(|schema| role.is_sent() || says_something(schema))
        {
            table(html, uses, (media_type, schema), role);
        }
        examples(html, uses, (media_type, media), role);
    }
}

fn table<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    (media_type, schema): (&'a str, &'a Value),
    role: Role,
) {
    let read = Schema::read(uses.resolver, schema);
    let name = read.reference.map(TypeRef::name);
    let rows = Walk::new(uses).body_rows(schema);
    if let (Some(name), Some(description)) = (&name, read.text("description")) {
        html.raw("<div class=\"about\"><p>").code(name).raw(": ");
        let (first, rest) = description
            .trim()
            .split_once("\n\n")
            .unwrap_or((description, ""));
        markdown::inline(html, first);
        html.raw("</p>");
        markdown::block(html, rest, 6);
        html.raw("</div>");
        uses.spend_text(description);
    }
    let before = match role {
        Role::Payload => "Fields of the payload,",
        Role::Response => "Fields of the response,",
        Role::Request => "Fields of the body,",
        Role::Answer => "Fields of the answer,",
    };
    schema_table::write(
        html,
        uses,
        &Caption {
            before,
            code: Some(media_type),
            first: "Field",
        },
        &rows,
    );
}

impl Role {
    /// Whether it is a request, and so worth an example in any case.
    fn is_sent(self) -> bool {
        matches!(self, Self::Payload | Self::Request)
    }
}

fn examples<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    (media_type, media): (&'a str, &'a Map<String, Value>),
    role: Role,
) {
    let mut found = false;
    for (title, value) in given(uses, media) {
        let title = title.map_or_else(|| "Example".to_owned(), |title| format!("Example: {title}"));
        figure(html, uses, (&title, media_type), value);
        found = true;
    }
    if found || !role.is_sent() || !is_structured(media_type) {
        return;
    }
    if let Some(value) = made(uses, media) {
        figure(
            html,
            uses,
            ("Example, made from the fields", media_type),
            &value,
        );
    }
}

/// The examples that the document gives, with their titles.
fn given<'a>(
    uses: &TypeUses<'a>,
    media: &'a Map<String, Value>,
) -> Vec<(Option<&'a str>, &'a Value)> {
    if let Some(value) = media.get("example") {
        return vec![(None, value)];
    }
    let named = media.get("examples").and_then(Value::as_object);
    let found = named.into_iter().flatten().filter_map(|(name, example)| {
        let example = uses.resolver.object(example)?;
        let title = text(example, "summary").unwrap_or(name);
        Some((Some(title), example.get("value")?))
    });
    found.collect()
}

/// An example made from the schema.
fn made<'a>(uses: &mut TypeUses<'a>, media: &'a Map<String, Value>) -> Option<Value> {
    let schema = media.get("schema").filter(|_| !uses.is_exhausted())?;
    let (value, effort) = example::example(uses.resolver, schema);
    uses.spend(effort / 4);
    Some(value)
}

/// The first media type of a request that can be written down, and an example in it.
pub(super) fn written_example<'a>(
    uses: &mut TypeUses<'a>,
    operation: &Operation<'a>,
) -> Option<(String, String)> {
    let body = uses
        .resolver
        .object(operation.members.get("requestBody")?)?;
    let content = body.get("content")?.as_object()?;
    let (media_type, media) = content
        .iter()
        .find(|(media_type, _)| is_structured(media_type))?;
    let media = media.as_object()?;
    let value = match given(uses, media).first() {
        Some((_, value)) => Value::clone(value),
        None => made(uses, media)?,
    };
    let written = match &value {
        Value::Object(fields) if is_form(media_type) => form(fields),
        _ => value.to_string(),
    };
    uses.spend_text(&written);
    let media_type = if media_type == "*/*" {
        "application/json"
    } else {
        media_type
    };
    Some((media_type.to_owned(), written))
}

fn figure(
    html: &mut Html,
    uses: &mut TypeUses<'_>,
    (title, media_type): (&str, &str),
    value: &Value,
) {
    if uses.is_exhausted() {
        return;
    }
    let before = html.len();
    html.raw("<figure><figcaption>")
        .text(title)
        .raw("</figcaption><pre><code>");
    match value {
        Value::String(text) if !is_json(media_type) => {
            html.text(text);
        }
        Value::Object(fields) if is_form(media_type) => {
            html.text(&form(fields));
        }
        _ => json(html, value),
    }
    html.raw("</code></pre></figure>");
    uses.spend((html.len() - before) / 128);
}

/// Pretty JSON with its keys marked. Each key of pretty JSON begins a line.
fn json(html: &mut Html, value: &Value) {
    let pretty = serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string());
    for (number, line) in pretty.lines().enumerate() {
        html.raw(if number > 0 { "\n" } else { "" });
        let start = line.len() - line.trim_start().len();
        let (indent, rest) = line.split_at(start);
        let (key, rest) = rest.split_at(key_length(rest));
        html.text(indent);
        if !key.is_empty() {
            html.raw("<b>").text(key).raw("</b>");
        }
        html.text(rest);
    }
}

/// The length of the key, with its quotes, that a line begins with; 0 if it begins with something else.
fn key_length(line: &str) -> usize {
    let mut escaped = false;
    let Some(inside) = line.strip_prefix('"') else {
        return 0;
    };
    let end = inside.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.filter(|end| inside[end + 1..].starts_with(": "))
        .map_or(0, |end| end + 2)
}

fn form(fields: &Map<String, Value>) -> String {
    let pair = |(name, value): (&String, &Value)| {
        let value = form_encoded(&constraints::shown(value));
        format!("{}={value}", form_encoded(name))
    };
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// As browsers encode forms: blanks as `+`, other bytes than letters, digits and `*-._` as `%` and two
/// digits.
fn form_encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        byte if byte.is_ascii_alphanumeric() || b"*-._".contains(&byte) => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// Frameworks write an empty schema for an answer without a declared type.
fn says_something(schema: &Value) -> bool {
    schema.as_object().is_some_and(|schema| !schema.is_empty())
}

/// Whether an example made from the schema can be written in the media type.
fn is_structured(media_type: &str) -> bool {
    is_json(media_type) || is_form(media_type)
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence == "*/*" || essence.ends_with("/json") || essence.ends_with("+json")
}

fn is_form(media_type: &str) -> bool {
    media_type.starts_with("application/x-www-form-urlencoded")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Html, TypeUses, figure};

    fn show(media_type: &str, value: &Value) -> String {
        let mut html = Html::default();
        let mut uses = TypeUses::unmeasured(&Value::Null);
        figure(&mut html, &mut uses, ("t", media_type), value);
        let html = html.into_string();
        html.split("<pre><code>")
            .nth(1)
            .unwrap_or_default()
            .replace("</code></pre></figure>", "")
    }

    #[test]
    fn json_keys_are_marked_and_values_are_not() {
        assert_eq!(
            show("application/json", &json!({"a\"<": "b: \"c\": 1"})),
            "{\n  <b>\"a\\\"&lt;\"</b>: \"b: \\\"c\\\": 1\"\n}"
        );
    }

    #[test]
    fn forms_and_plain_text_are_shown_as_they_travel() {
        let form = "application/x-www-form-urlencoded";
        assert_eq!(
            show(form, &json!({"a b": "ä&", "n": 1})),
            "a+b=%C3%A4%26&amp;n=1"
        );
        assert_eq!(show("text/plain", &json!("x\ny")), "x\ny");
        assert_eq!(show("application/json", &json!("x")), "\"x\"");
    }
}
