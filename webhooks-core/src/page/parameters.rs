//! Headers, query parameters, cookies and path parameters of an operation, one table each.

use serde_json::{Map, Value};

use super::{
    heading::{Direction, Heading},
    html::Html,
    rows::{Row, Walk},
    schema::text,
    schema_table::{self, Caption, Overrides},
    type_uses::TypeUses,
};

/// Where a parameter without a schema says nothing about its value.
static ANY: Value = Value::Bool(true);

/// Writes a table for each kind of parameter that occurs.
pub(super) fn write<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    parameters: &[&'a Map<String, Value>],
    heading: Heading,
    direction: Direction,
) {
    let (headers, query, path) = match direction {
        Direction::ToReader => (
            "Sent with each request",
            "Appended to your address",
            "Part of your address",
        ),
        Direction::FromReader => ("Sent by you", "Appended to the address", "Part of the path"),
    };
    for (place, title, before) in [
        ("header", "Headers", headers),
        ("query", "Query parameters", query),
        ("cookie", "Cookies", "Sent as cookies"),
        ("path", "Path parameters", path),
    ] {
        let found: Vec<_> = parameters
            .iter()
            .filter(|one| text(one, "in") == Some(place))
            .collect();
        if found.is_empty() {
            continue;
        }
        html.raw(heading.open).raw(title).raw(heading.close);
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
    let description = text(parameter, "description");
    let overrides = Overrides {
        description,
        example: parameter.get("example").or_else(named),
        deprecated: parameter.get("deprecated") == Some(&Value::Bool(true)),
    };
    uses.spend_text(description.unwrap_or_default());
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
