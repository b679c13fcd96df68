//! A schema as a flat list of fields with readable paths: `customer.address.city`, `items[].sku`,
//! `metadata.*`.
//!
//! Types that contain themselves are cut with a link. Nothing here writes HTML.

use serde_json::Value;

use super::{
    resolver::TypeRef,
    schema::Schema,
    type_phrase,
    type_uses::TypeUses,
    variant::{self, Label},
};

/// Fields nested deeper than this are left to the document itself.
const DEPTH: usize = 24;

/// One row of a table.
pub(super) enum Row<'a> {
    Field(Field<'a>),
    Variant(Variant<'a>),
}

/// A value in the payload, or a parameter.
pub(super) struct Field<'a> {
    pub(super) path: String,
    /// Where in the path the field's own name begins.
    pub(super) own_name: usize,
    pub(super) required: bool,
    pub(super) schema: Schema<'a>,
    /// The type under "Types" whose fields would follow.
    pub(super) see: Option<TypeRef<'a>>,
    /// Fields follow that are nested too deep to show.
    pub(super) cut: bool,
    /// How many variants enclose the field.
    pub(super) level: usize,
}

/// The beginning of a variant; its fields follow.
pub(super) struct Variant<'a> {
    pub(super) path: String,
    pub(super) position: usize,
    pub(super) of: usize,
    pub(super) label: Label<'a>,
    pub(super) description: Option<&'a str>,
    pub(super) see: Option<TypeRef<'a>>,
    pub(super) level: usize,
}

/// How the fields of a schema go on the page.
#[derive(Clone, Copy)]
enum Inside<'a> {
    Follows,
    Link(TypeRef<'a>),
    Cut,
}

/// A walk through one schema.
pub(super) struct Walk<'c, 'a> {
    uses: &'c mut TypeUses<'a>,
    rows: Vec<Row<'a>>,
    /// The references whose targets the walk is in.
    entered: Vec<TypeRef<'a>>,
    depth: usize,
    level: usize,
    limit: usize,
}

impl<'c, 'a> Walk<'c, 'a> {
    pub(super) fn new(uses: &'c mut TypeUses<'a>) -> Self {
        Self::bounded(uses, usize::MAX)
    }

    /// A walk that gives up soon after `limit` rows.
    pub(super) fn bounded(uses: &'c mut TypeUses<'a>, limit: usize) -> Self {
        Self {
            uses,
            rows: Vec::new(),
            entered: Vec::new(),
            depth: 0,
            level: 0,
            limit,
        }
    }

    /// The rows of a type of its own.
    pub(super) fn type_rows(mut self, named: TypeRef<'a>) -> Vec<Row<'a>> {
        self.entered.push(named);
        let schema = Schema::read(self.uses.resolver, named.schema);
        self.inside("", &schema);
        self.rows
    }

    /// The rows of a body: its fields, or one row for a body that has none.
    pub(super) fn body_rows(mut self, body: &'a Value) -> Vec<Row<'a>> {
        let schema = Schema::read(self.uses.resolver, body);
        let written_out = schema
            .reference
            .is_some_and(|reference| self.uses.is_written_out_as_body(reference));
        match if written_out {
            Inside::Follows
        } else {
            self.way_in(&schema)
        } {
            Inside::Link(see) => {
                self.push_field(String::new(), 0, false, schema, Inside::Link(see));
            }
            _ => self.inside("", &schema),
        }
        if self.rows.is_empty() {
            let schema = Schema::read(self.uses.resolver, body);
            self.push_field(String::new(), 0, false, schema, Inside::Follows);
        }
        self.rows
    }

    /// The rows of one parameter.
    pub(super) fn parameter_rows(
        mut self,
        name: &str,
        required: bool,
        schema: &'a Value,
    ) -> Vec<Row<'a>> {
        self.field(name.to_owned(), 0, required, schema);
        self.rows
    }

    fn field(&mut self, path: String, own_name: usize, required: bool, value: &'a Value) {
        if self.is_full() {
            return;
        }
        let schema = Schema::read(self.uses.resolver, value);
        let way = self.way_in(&schema);
        if matches!(way, Inside::Follows) {
            let (at, inner) = (self.rows.len(), path.clone());
            self.inside(&inner, &schema);
            // The field comes before its own fields, which borrow nothing from it.
            self.push_field(path, own_name, required, schema, way);
            self.rows[at..].rotate_right(1);
        } else {
            self.push_field(path, own_name, required, schema, way);
        }
    }

    /// Whether no row is to be added: there are enough, or the page has shown all that it may.
    fn is_full(&self) -> bool {
        self.rows.len() > self.limit || self.uses.is_exhausted()
    }

    fn push_field(
        &mut self,
        path: String,
        own_name: usize,
        required: bool,
        schema: Schema<'a>,
        way: Inside<'a>,
    ) {
        let see = if let Inside::Link(see) = way {
            Some(see)
        } else {
            None
        };
        let cut = matches!(way, Inside::Cut);
        // What else its row shows grows with its schema: description, allowed values, names.
        self.uses.spend(1 + schema.width());
        self.uses.spend_text(&path);
        self.rows.push(Row::Field(Field {
            path,
            own_name,
            required,
            schema,
            see,
            cut,
            level: self.level,
        }));
    }

    /// Decides before entering a schema whether its fields follow here.
    fn way_in(&mut self, schema: &Schema<'a>) -> Inside<'a> {
        if let Some(again) = schema
            .followed
            .iter()
            .find(|reference| self.entered.contains(reference))
        {
            return Inside::Link(schema.reference.unwrap_or(*again));
        }
        let has_inside = type_phrase::type_name(schema).is_some()
            || schema.items().is_some()
            || !schema.tuple().is_empty();
        match schema.reference {
            Some(reference) if has_inside => {
                if self.depth < DEPTH && self.uses.is_written_out(reference) {
                    Inside::Follows
                } else {
                    Inside::Link(reference)
                }
            }
            _ if self.depth >= DEPTH => Inside::Cut,
            _ => Inside::Follows,
        }
    }

    /// The rows of everything in a schema: properties, map values, tuple places, items, variants.
    fn inside(&mut self, path: &str, schema: &Schema<'a>) {
        let entered = self.entered.len();
        self.entered.extend(&schema.followed);
        self.depth += 1;
        let required = schema.required();
        for (name, value) in schema.properties() {
            let (path, own_name) = join(path, name);
            self.field(path, own_name, required.contains(name), value);
        }
        for (pattern, value) in schema.pattern_properties() {
            self.member(format!("{}{{{pattern}}}", prefix(path)), value);
        }
        if let Some(values) = schema.map_values() {
            self.member(format!("{}*", prefix(path)), values);
        }
        for (place, value) in schema.tuple().iter().enumerate() {
            self.member(format!("{path}[{place}]"), value);
        }
        if let Some(items) = schema.items() {
            self.member(format!("{path}[]"), items);
        }
        for group in schema.unions() {
            if !type_phrase::is_plain_union(self.uses.resolver, &group) {
                self.variants(path, &group);
            }
        }
        self.depth -= 1;
        self.entered.truncate(entered);
    }

    /// What an array or a map holds: a row of its own only where there is something to say about it.
    fn member(&mut self, path: String, value: &'a Value) {
        let schema = Schema::read(self.uses.resolver, value);
        let way = self.way_in(&schema);
        let own_row = !matches!(way, Inside::Follows) || variant::has_rules(&schema);
        if own_row {
            let own_name = path.rfind('.').map_or(0, |dot| dot + 1);
            self.field(path, own_name, false, value);
        } else if !self.is_full() {
            self.inside(&path, &schema);
        }
    }

    fn variants(&mut self, path: &str, group: &[&'a Value]) {
        self.level += 1;
        for (place, value) in group.iter().enumerate() {
            if self.is_full() {
                break;
            }
            let schema = Schema::read(self.uses.resolver, value);
            let way = self.way_in(&schema);
            let see = if let Inside::Link(see) = way {
                Some(see)
            } else {
                None
            };
            // The label is looked for among all properties.
            self.uses.spend(1 + schema.width());
            self.uses.spend_text(path);
            self.rows.push(Row::Variant(Variant {
                path: path.to_owned(),
                position: place + 1,
                of: group.len(),
                label: variant::label(self.uses.resolver, &schema),
                description: schema.text("description"),
                see,
                level: self.level,
            }));
            if matches!(way, Inside::Follows) {
                self.inside(path, &schema);
            }
        }
        self.level -= 1;
    }
}

fn prefix(parent: &str) -> String {
    if parent.is_empty() {
        String::new()
    } else {
        format!("{parent}.")
    }
}

/// `parent.name`, or `parent["na.me"]` where the name could be misread, and where the name begins.
fn join(parent: &str, name: &str) -> (String, usize) {
    let plain = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || "_-$@+".contains(c));
    match (plain, parent.is_empty()) {
        (true, true) => (name.to_owned(), 0),
        (true, false) => (format!("{parent}.{name}"), parent.len() + 1),
        (false, _) => (format!("{parent}[{}]", Value::from(name)), parent.len()),
    }
}
