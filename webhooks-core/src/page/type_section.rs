//! The section of types that several payloads share, and of those that contain themselves.

use super::{
    html::Html,
    operation,
    resolver::TypeRef,
    rows::Walk,
    schema::Schema,
    schema_table::{self, Caption},
    type_uses::TypeUses,
};

/// The types that something links to. Writing one may link to further ones, which then follow.
pub(super) fn write(uses: &mut TypeUses<'_>) -> Html {
    let mut entries = Vec::new();
    while let Some(named) = uses.linked(entries.len()) {
        let mut html = Html::default();
        one_type(&mut html, uses, named);
        entries.push((named.name(), named.reference, html));
    }
    entries.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    let mut html = Html::default();
    if !entries.is_empty() {
        html.raw("<section id=\"types\"><h2>Types</h2>");
        html.raw("<p>Types that several payloads share, and types that contain themselves.</p>");
        for (_, _, entry) in &entries {
            html.append(entry);
        }
        html.raw("</section>");
    }
    html
}

fn one_type<'a>(html: &mut Html, uses: &mut TypeUses<'a>, named: TypeRef<'a>) {
    let name = named.name();
    html.raw("<section class=\"type\"")
        .attribute("id", &schema_table::anchor(named))
        .raw("><h3>");
    html.code(&name).raw("</h3>");
    if uses.is_exhausted() {
        html.raw(
            "<p>The document describes this type; this page has no more room for it.</p></section>",
        );
        return;
    }
    let schema = Schema::read(uses.resolver, named.schema);
    if let Some(text) = schema.text("description") {
        operation::description(html, uses, text, 3);
    }
    let rows = Walk::new(uses).type_rows(named);
    schema_table::write(
        html,
        uses,
        &Caption {
            before: "Fields of",
            code: Some(&name),
            first: "Field",
        },
        &rows,
    );
    html.raw("</section>");
}
