//! The content of a request or a response: one table and one example for each media type.

use serde_json::{Map, Value};

use super::{
    constraints, example,
    html::Html,
    markdown, resolver,
    rows::Walk,
    schema::{Schema, text},
    schema_table::{self, Caption},
    type_uses::TypeUses,
};

/// Which body it is, for the captions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Payload,
    Response,
}

/// Writes every media type of a `content` object.
pub(super) fn write<'a>(html: &mut Html, uses: &mut TypeUses<'a>, content: &'a Value, role: Role) {
    for (media_type, media) in content.as_object().into_iter().flatten() {
        let Some(media) = media.as_object() else {
            continue;
        };
        if let Some(schema) = media
            .get("schema")
            .filter(|schema| role == Role::Payload || says_something(schema))
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
    let name = read.reference.map(resolver::name);
    let rows = Walk::new(uses).body_rows(schema);
    if let (Some(name), Some(description)) = (&name, read.text("description")) {
        html.raw("<div class=\"about\"><p>").code(name).raw("</p>");
        markdown::block(html, description, 6);
        html.raw("</div>");
    }
    let before = match role {
        Role::Payload => "Fields of the payload,",
        Role::Response => "Fields of the response,",
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

fn examples<'a>(
    html: &mut Html,
    uses: &TypeUses<'a>,
    (media_type, media): (&'a str, &'a Map<String, Value>),
    role: Role,
) {
    let resolver = uses.resolver;
    if let Some(value) = media.get("example") {
        return figure(html, "Example", media_type, value);
    }
    let named = media
        .get("examples")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let mut found = false;
    for (name, example) in
        named.filter_map(|(name, example)| Some((name, resolver.object(example)?)))
    {
        let title = text(example, "summary").unwrap_or(name);
        if let Some(value) = example.get("value") {
            figure(html, &format!("Example: {title}"), media_type, value);
            found = true;
        }
    }
    let schema = media
        .get("schema")
        .filter(|_| !found && role == Role::Payload && is_structured(media_type));
    if let Some(schema) = schema {
        figure(
            html,
            "Example, made from the fields",
            media_type,
            &example::example(resolver, schema),
        );
    }
}

fn figure(html: &mut Html, title: &str, media_type: &str, value: &Value) {
    html.raw("<figure><figcaption>")
        .text(title)
        .raw("</figcaption><pre><code>");
    match value {
        Value::String(text) if !is_json(media_type) => {
            html.text(text);
        }
        Value::Object(fields) if is_form(media_type) => form(html, fields),
        _ => json(html, value),
    }
    html.raw("</code></pre></figure>");
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

fn form(html: &mut Html, fields: &Map<String, Value>) {
    for (place, (name, value)) in fields.iter().enumerate() {
        html.raw(if place > 0 { "&amp;" } else { "" });
        html.text(&form_encoded(name))
            .raw("=")
            .text(&form_encoded(&constraints::shown(value)));
    }
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
    use serde_json::json;

    use super::{Html, figure};

    fn show(media_type: &str, value: &serde_json::Value) -> String {
        let mut html = Html::default();
        figure(&mut html, "t", media_type, value);
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
