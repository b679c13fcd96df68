//! Whether what is sent of a value fits the document of its type.

use jsonschema::Validator;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use webhooks_core::{Descriptor, Message, OpenApi, Webhooks};

/// A webhook with this payload, and whether a value fits the document of it.
pub(crate) fn fits<T: Serialize + JsonSchema>(value: &T) -> Result<(), String> {
    let descriptor: &'static Descriptor =
        Box::leak(Box::new(Descriptor::post("shape").payload::<T>()));
    let message = Message::untyped(descriptor, value);
    let payload = message.payload().map_err(|error| error.to_string())?;
    let payload: Value = serde_json::from_slice(payload.unwrap_or(b"null")).expect("it is JSON");
    let catalogue = Webhooks::new()
        .with(descriptor)
        .build()
        .expect("a catalogue");
    let document = OpenApi::new("Shapes", "1")
        .webhooks(catalogue)
        .build()
        .expect("a document");
    let mut document = document.to_value();
    let body = "/webhooks/shape/post/requestBody/content/application~1json/schema";
    let schema = document.pointer(body).cloned().expect("a schema");
    document["$ref"] = schema["$ref"].clone();
    let validator: Validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&document)
        .expect("a document holds schemas");
    let errors: Vec<_> = validator
        .iter_errors(&payload)
        .map(|error| error.to_string())
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(format!("{payload}: {}", errors.join("; ")))
    }
}
