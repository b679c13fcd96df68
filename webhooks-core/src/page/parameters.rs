//! Headers, query parameters, cookies and path parameters of an operation, one table each.

use serde_json::{Map, Value};

use super::{
    html::Html,
    rows::{Row, Walk},
    schema::text,
    schema_table::{self, Caption, Overrides},
    type_uses::TypeUses,
};

/// Where a parameter without a schema says nothing about its value.
static ANY: Value = Value::Bool(true);

/// Writes a table for each kind of parameter that occurs. `open` and `close` are the tags of the headings.
pub(super) fn write<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    parameters: &[&'a Map<String, Value>],
    (open, close): (&'static str, &'static str),
) {
    for (place, title, before) in [
        ("header", "Headers", "Sent with each request"),
        ("query", "Query parameters", "Appended to your address"),
        ("cookie", "Cookies", "Sent as cookies"),
        ("path", "Path parameters", "Part of your address"),
    ] {
        let found: Vec<_> = parameters
            .iter()
            .filter(|one| text(one, "in") == Some(place))
            .collect();
        if found.is_empty() {
            continue;
        }
        html.raw(open).raw(title).raw(close);
        schema_table::open(
            html,
            &Caption {
                before,
                code: None,
                first: "Name",
            },
        );
        for parameter in found {
            if let Some(name) = text(parameter, "name") {
                let required = parameter.get("required") == Some(&Value::Bool(true));
                rows(html, uses, (name, required), parameter);
            }
        }
        html.raw("</tbody></table>");
    }
}

/// Response headers, which carry their name as a key.
pub(super) fn write_headers<'a>(html: &mut Html, uses: &mut TypeUses<'a>, headers: &'a Value) {
    let headers = headers.as_object().filter(|headers| !headers.is_empty());
    let Some(headers) = headers else { return };
    schema_table::open(
        html,
        &Caption {
            before: "Headers of the response",
            code: None,
            first: "Name",
        },
    );
    for (name, header) in headers {
        if let Some(header) = uses.resolver.object(header) {
            let required = header.get("required") == Some(&Value::Bool(true));
            rows(html, uses, (name, required), header);
        }
    }
    html.raw("</tbody></table>");
}

fn rows<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    (name, required): (&str, bool),
    parameter: &'a Map<String, Value>,
) {
    let content = || {
        parameter
            .get("content")?
            .as_object()?
            .values()
            .next()?
            .get("schema")
    };
    let schema = parameter.get("schema").or_else(content).unwrap_or(&ANY);
    let named = || {
        uses.resolver
            .object(parameter.get("examples")?.as_object()?.values().next()?)?
            .get("value")
    };
    let overrides = Overrides {
        description: text(parameter, "description"),
        example: parameter.get("example").or_else(named),
        deprecated: parameter.get("deprecated") == Some(&Value::Bool(true)),
    };
    for (place, row) in Walk::new(uses)
        .parameter_rows(name, required, schema)
        .iter()
        .enumerate()
    {
        // The phrase for the type of a header's value names its variants.
        if let Row::Field(field) = row {
            let overrides = if place == 0 {
                overrides
            } else {
                Overrides::default()
            };
            schema_table::field(html, uses, field, overrides);
        }
    }
}
