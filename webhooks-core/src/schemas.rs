//! The JSON Schemas of a document: every type once, under the components, referred to by name.
//!
//! A wrapper, so that descriptors name no type of schemars but the schema itself and the crate's public interface stays
//! the same when the generator's does not. A type that is finished is kept as text: a thousand types as trees of values
//! are several times as large, and are walked again to be written.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value};

/// Adds a type to the schemas of a document.
///
/// Descriptors hold such functions instead of schemas, so that a declaration costs nothing until a document is
/// built. `Schemas::add::<T>` is one.
pub type AddSchema = fn(&mut Schemas) -> Schema;

/// Where the types of a document are collected.
///
/// JSON Schema 2020-12, as OpenAPI 3.1 uses it, in the shape in which serde *writes* a type.
///
/// ```
/// use webhooks_core::Schemas;
///
/// #[derive(schemars::JsonSchema)]
/// struct Payment {
///     amount: f64,
/// }
///
/// let mut schemas = Schemas::default();
/// let reference = schemas.add::<Payment>();
/// assert_eq!(reference.get("$ref").unwrap(), "#/components/schemas/Payment");
/// ```
#[derive(Debug)]
pub struct Schemas {
    generator: SchemaGenerator,
    /// Finished types by name, as JSON.
    written: Vec<(String, String)>,
    /// Where a type is written.
    room: Vec<u8>,
    /// The ids of types that were added by themselves and whose names end in a digit, by these names: the generator may
    /// have numbered those.
    numbered: HashMap<String, Cow<'static, str>>,
}

impl Default for Schemas {
    fn default() -> Self {
        let settings = SchemaSettings::draft2020_12()
            .for_serialize()
            .with(|settings| {
                settings.definitions_path = Cow::Borrowed("/components/schemas");
                settings.meta_schema = None;
            });
        Self {
            generator: settings.into_generator(),
            written: Vec::new(),
            room: Vec::new(),
            numbered: HashMap::new(),
        }
    }
}

impl Schemas {
    /// Adds `T` and every type in it; returns a `$ref`, or the schema itself where the type has no name of its own.
    pub fn add<T: JsonSchema + ?Sized>(&mut self) -> Schema {
        let schema = self.generator.subschema_for::<T>();
        self.write_finished();
        // An inline type can be nothing but a reference to another one, whose id is not its own.
        if let Some(name) = name_in_digits(&schema).filter(|_| !T::inline_schema())
            && !self.numbered.contains_key(name)
        {
            self.numbered.insert(name.to_owned(), T::schema_id());
        }
        schema
    }

    /// The id of a type whose name ends in a digit, where the type was added by itself and not only as a part of another.
    pub(crate) fn id_of_numbered(&self, name: &str) -> Option<&str> {
        self.numbered.get(name).map(Cow::as_ref)
    }

    /// Writes the types that were added last. They are at the end of the generator's list, which keeps their names:
    /// by those it knows that they are there.
    fn write_finished(&mut self) {
        let types = self.generator.definitions_mut().iter_mut().rev();
        for (name, schema) in types.take_while(|(_, schema)| !schema.is_null()) {
            // Written to a place where there is room, and kept in as much as it takes.
            self.room.clear();
            serde_json::to_writer(&mut self.room, &schema.take()).expect("a value is always JSON");
            let text = std::str::from_utf8(&self.room).expect("serde_json writes UTF-8");
            self.written.push((name.clone(), text.to_owned()));
        }
    }

    /// All types added so far as JSON, by the names that their references have.
    pub(crate) fn written(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.written)
    }

    /// All types added so far, by component name.
    pub(crate) fn into_definitions(self) -> Map<String, Value> {
        let parsed = self.written.into_iter().map(|(name, text)| {
            let schema = serde_json::from_str(&text).unwrap_or_default();
            (name, schema)
        });
        parsed.collect()
    }

    /// The id of each type by its name: where the type is declared, with its generic parameters. None where the
    /// generator cannot be asked.
    ///
    /// schemars numbers types of one name in the order of their visit, and keeps to itself which is which. Its `Debug`
    /// output is the only place that tells. A test below notices when a new version writes it in another way; names
    /// that clash are then numbered as before, with a warning.
    pub(crate) fn ids(&self) -> Option<BTreeMap<String, String>> {
        ids_in(&format!("{:?}", self.generator))
    }
}

/// The component to which a whole schema refers, where its name ends in a digit and stands in the reference as it is.
fn name_in_digits(schema: &Schema) -> Option<&str> {
    let reference = schema.get("$ref")?.as_str()?;
    let name = reference.strip_prefix("#/components/schemas/")?;
    let is_plain = !name.contains(['/', '~', '%']);
    (is_plain && name.ends_with(|c: char| c.is_ascii_digit())).then_some(name)
}

/// The ids in what the generator writes of itself.
fn ids_in(debug: &str) -> Option<BTreeMap<String, String>> {
    let (_, list) = debug.split_once("schema_id_to_name: {")?;
    let mut rest = list;
    let mut ids = BTreeMap::new();
    while let Some(after) = rest.strip_prefix("SchemaUid(") {
        let (id, after) = quoted(after)?;
        let (_, after) = after.split_once("): ")?;
        let (name, after) = quoted(after)?;
        ids.insert(name, id);
        rest = after.strip_prefix(", ").unwrap_or(after);
    }
    rest.starts_with('}').then_some(ids)
}

/// The text in quotes at the beginning, as `Debug` writes it, and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut found = String::new();
    let mut characters = text.strip_prefix('"')?.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return Some((found, &text[index + 2..])),
            '\\' => found.push(characters.next()?.1),
            other => found.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    mod inner {
        #[derive(schemars::JsonSchema)]
        #[expect(dead_code, reason = "only its schema matters")]
        pub(super) struct Changed<T> {
            pub(super) to: T,
        }
    }

    #[test]
    fn the_generator_tells_where_types_are_declared() {
        let mut schemas = Schemas::default();
        schemas.add::<inner::Changed<u8>>();
        schemas.add::<Vec<inner::Changed<String>>>();
        let ids = schemas.ids().expect("schemars writes its ids as it did");
        let path = "webhooks_core::schemas::tests::inner::Changed";
        assert_eq!(ids["Changed"], format!("{path}<uint8>"));
        assert_eq!(ids["Changed2"], format!("{path}<string>"));
    }

    #[test]
    fn the_id_of_a_name_that_ends_in_a_digit_is_that_of_its_type() {
        #[derive(schemars::JsonSchema)]
        struct Data1 {}

        let mut schemas = Schemas::default();
        schemas.add::<Data1>();
        schemas.add::<inner::Changed<u8>>();
        schemas.add::<inner::Changed<String>>();
        let path = "webhooks_core::schemas::tests";
        let data = format!("{path}::Data1");
        assert_eq!(schemas.id_of_numbered("Data1"), Some(data.as_str()));
        let changed = format!("{path}::inner::Changed<string>");
        assert_eq!(schemas.id_of_numbered("Changed2"), Some(changed.as_str()));
        assert_eq!(schemas.id_of_numbered("Changed"), None);
        let ids = schemas.ids().expect("schemars writes its ids as it did");
        assert_eq!((&ids["Data1"], &ids["Changed2"]), (&data, &changed));
    }

    #[test]
    fn a_generator_that_writes_its_ids_in_another_way_tells_nothing() {
        for debug in [
            "",
            "SchemaGenerator { names: {} }",
            "schema_id_to_name: {Uid(\"a::B\"): \"B\"}",
            "schema_id_to_name: {SchemaUid(a::B): B}",
            "schema_id_to_name: {SchemaUid(\"a::B\", 1) => \"B\"}",
            "schema_id_to_name: {SchemaUid(\"a::B\", 1): \"B",
        ] {
            assert_eq!(ids_in(debug), None, "{debug}");
        }
        let told = ids_in("schema_id_to_name: {SchemaUid(\"a::B\", 1): \"B\"}");
        assert_eq!(told.expect("the form of today")["B"], "a::B");
    }
}
