//! Payloads written without their declared type, checked against the JSON Schema of the document that the app serves.

use webhooks_core::{Catalogue, Entry, Method, OpenApi};

use crate::error::Error;

/// Checks a body against the schema of this webhook and method.
pub(crate) fn check(catalogue: &Catalogue, entry: &Entry, method: Method, body: &[u8]) -> Result<(), Error> {
    let event = entry.name().as_str();
    let refused = |problem: String| Error::Schema { event: event.to_owned(), problem };
    let Some(info) = entry.descriptor().payload_info().filter(|_| method.carries_body()) else { return Ok(()) };
    if !info.media_type().contains("json") {
        return Err(refused("only JSON payloads can be sent untyped".to_owned()));
    }
    let document = document(catalogue).map_err(refused)?;
    let path = format!("/webhooks/{event}/{}/requestBody/content", method.key());
    let content = document.pointer(&path).and_then(|content| content.as_object()).and_then(|all| all.values().next());
    let schema = content.and_then(|content| content.get("schema")).cloned();
    let Some(mut schema) = schema else { return Ok(()) };
    // References point into the document's components.
    if let (Some(schema), Some(components)) = (schema.as_object_mut(), document.get("components")) {
        schema.insert("components".to_owned(), components.clone());
    }
    let validator = jsonschema::validator_for(&schema).map_err(|error| refused(error.to_string()))?;
    let value = serde_json::from_slice(body).map_err(|error| refused(error.to_string()))?;
    validator.validate(&value).map_err(|error| {
        // The value itself is the customers' data and is left out.
        refused(format!("at `{}`: {}", error.instance_path(), error.masked()))
    })
}

fn document(catalogue: &Catalogue) -> Result<serde_json::Value, String> {
    let json = OpenApi::new("webhooks", "1").webhooks(catalogue.clone()).to_json().map_err(|error| error.to_string())?;
    serde_json::from_str(&json).map_err(|error| error.to_string())
}
