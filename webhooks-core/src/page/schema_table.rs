//! Rows of a schema as a table: field, type with constraints, description. One table body per variant.
//!
//! No script and no scrolling region: long words wrap, and narrow screens stack the cells.

use super::{
    constraints,
    html::Html,
    link, markdown,
    resolver::TypeRef,
    rows::{Field, Row, Variant},
    type_phrase,
    type_uses::TypeUses,
    variant::Label,
};

/// The caption of a table and the head of its first column.
pub(super) struct Caption<'t> {
    pub(super) before: &'static str,
    pub(super) code: Option<&'t str>,
    /// The head of the first column.
    pub(super) first: &'static str,
}

/// Writes the table and remembers the types it links to.
pub(super) fn write<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    caption: &Caption<'_>,
    rows: &[Row<'a>],
) {
    open(html, caption);
    let mut level = 0;
    for row in rows {
        match row {
            Row::Field(row) => {
                if row.level != level {
                    body(html, row.level);
                    level = row.level;
                }
                field(html, uses, row, Overrides::default());
            }
            Row::Variant(row) => {
                body(html, row.level);
                level = row.level;
                variant(html, uses, row);
            }
        }
    }
    if uses.is_exhausted() {
        html.raw("<tr><td colspan=\"3\">Further fields are in the OpenAPI document.</td></tr>");
    }
    html.raw("</tbody></table>");
}

/// What a parameter says itself instead of its schema.
#[derive(Clone, Copy, Default)]
pub(super) struct Overrides<'a> {
    pub(super) description: Option<&'a str>,
    pub(super) example: Option<&'a serde_json::Value>,
    pub(super) deprecated: bool,
}

/// The head of a table of fields, up to its first row.
pub(super) fn open(html: &mut Html, caption: &Caption<'_>) {
    html.raw("<table class=\"fields\"><caption>")
        .raw(caption.before);
    if let Some(code) = caption.code {
        html.raw(" ").code(code);
    }
    html.raw("</caption><thead><tr><th scope=\"col\">")
        .raw(caption.first);
    html.raw("</th><th scope=\"col\">Type</th>");
    html.raw("<th scope=\"col\">Description</th></tr></thead><tbody>");
}

/// One field as a row.
pub(super) fn field<'a>(
    html: &mut Html,
    uses: &mut TypeUses<'a>,
    field: &Field<'a>,
    overrides: Overrides<'_>,
) {
    html.raw("<tr><th scope=\"row\">");
    path(html, field);
    html.raw(if field.required {
        " <b>required</b>"
    } else {
        ""
    });
    if overrides.deprecated || field.schema.flag("deprecated") {
        html.raw(" <b class=\"old\">deprecated</b>");
    }
    html.raw("</th><td>")
        .text(&type_phrase::type_phrase(uses.resolver, &field.schema));
    constraints::write(html, &field.schema, overrides.example);
    html.raw("</td><td>");
    // The description of a named type that is the whole body is above the table.
    let own = || {
        field
            .schema
            .text("description")
            .filter(|_| !field.path.is_empty() || field.schema.reference.is_none())
    };
    if let Some(text) = overrides.description.or_else(own) {
        markdown::block(html, text, 6);
    }
    if let Some(see) = field.see {
        see_type(html, uses, see);
    }
    if field.cut {
        html.raw("<p>Deeper fields are in the OpenAPI document.</p>");
    }
    html.raw("</td></tr>");
}

fn path(html: &mut Html, field: &Field<'_>) {
    let (parent, own) = field.path.split_at(field.own_name);
    match (parent, own) {
        ("", "") => html.raw("the whole body"),
        ("", own) => html.code(own),
        (parent, own) => html
            .raw("<code><i>")
            .text(parent)
            .raw("</i><wbr>")
            .text(own)
            .raw("</code>"),
    };
}

fn variant<'a>(html: &mut Html, uses: &mut TypeUses<'a>, variant: &Variant<'a>) {
    html.raw("<tr class=\"variant\"><th colspan=\"3\" scope=\"rowgroup\">");
    if !variant.path.is_empty() {
        html.code(&variant.path).raw(" ");
    }
    html.raw("<b>variant ")
        .text(&variant.position.to_string())
        .raw(" of ")
        .text(&variant.of.to_string())
        .raw(":</b> ");
    match &variant.label {
        Label::Tag(name, value) => html.code(name).raw(" is ").code(&constraints::brief(value)),
        Label::Key(key) => html.raw("with ").code(key),
        Label::Constant(value) => html.raw("the value ").code(&constraints::brief(value)),
        Label::Words(words) => html.text(words),
    };
    if let Some(text) = variant.description {
        html.raw("<span>");
        markdown::inline(html, text);
        html.raw("</span>");
    }
    if let Some(see) = variant.see {
        see_type(html, uses, see);
    }
    html.raw("</th></tr>");
}

fn body(html: &mut Html, level: usize) {
    html.raw("</tbody>").raw(match level {
        0 => "<tbody>",
        1 => "<tbody class=\"in1\">",
        2 => "<tbody class=\"in2\">",
        _ => "<tbody class=\"in3\">",
    });
}

fn see_type<'a>(html: &mut Html, uses: &mut TypeUses<'a>, see: TypeRef<'a>) {
    uses.link(see);
    html.raw("<p class=\"see\">see <a")
        .attribute("href", &format!("#{}", anchor(see)))
        .raw(">");
    html.code(&see.name()).raw("</a></p>");
}

/// The id of a type's section.
pub(super) fn anchor(named: TypeRef<'_>) -> String {
    let schemas = named.reference.rsplit_once('/').map(|(parent, _)| parent);
    match schemas {
        Some("#/components/schemas") => link::anchor("type", &named.name()),
        _ => link::anchor("type", named.reference),
    }
}
