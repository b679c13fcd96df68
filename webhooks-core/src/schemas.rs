//! The JSON Schemas of a document: every type once, under the components, referred to by name.
//!
//! A wrapper, so that descriptors name no type of schemars but the schema itself and the crate's public
//! interface stays the same when the generator's does not.

use std::borrow::Cow;

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
        }
    }
}

impl Schemas {
    /// Adds `T` and every type in it; returns a `$ref`, or the schema itself where the type has no name of its own.
    pub fn add<T: JsonSchema + ?Sized>(&mut self) -> Schema {
        self.generator.subschema_for::<T>()
    }

    /// All types added so far, by component name.
    pub(crate) fn into_definitions(mut self) -> Map<String, Value> {
        self.generator.take_definitions(true)
    }
}
