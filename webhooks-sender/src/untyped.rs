//! Sending without the payload's type: checked against the JSON Schema of the document that the app serves.

use serde_json::Value;
use webhooks_core::{Catalogue, Entry, Envelope, Message, OpenApi};
use webhooks_store::Database;

use crate::error::Error;
use crate::model::Owner;
use crate::publish::{Outbound, Sent};
use crate::sender::Sender;

impl<D: Database> Sender<D> {
    /// Sends a payload that has no type: it must fit the webhook's schema. For events that are known at run time only;
    /// a declared function is checked by the compiler instead.
    ///
    /// # Errors
    ///
    /// When there is no such event, or the payload does not fit; otherwise as [`send`](Self::send).
    pub async fn send_untyped(
        &self,
        owner: impl Into<Owner>,
        event: &str,
        payload: &Value,
    ) -> Result<Sent, Error> {
        let catalogue = self.catalogue();
        let entry = catalogue.get(event).ok_or_else(|| Error::UnknownEvent(event.to_owned()))?;
        check(catalogue, entry, payload)?;
        self.send(owner, Outbound::new(Message::untyped(entry.descriptor(), payload))).await
    }
}

/// Checks a payload against the schema of this webhook.
fn check(catalogue: &Catalogue, entry: &Entry, payload: &Value) -> Result<(), Error> {
    let event = entry.name().as_str();
    let refused = |problem: String| Error::Schema { event: event.to_owned(), problem };
    let Some(info) = entry.descriptor().payload_info() else {
        return if payload.is_null() { Ok(()) } else { Err(refused("it carries no payload".to_owned())) };
    };
    if !info.media_type().contains("json") {
        return Err(refused("only JSON payloads can be sent without their type".to_owned()));
    }
    let schema = schema(catalogue, entry).map_err(refused)?;
    let validator = jsonschema::validator_for(&schema).map_err(|error| refused(error.to_string()))?;
    validator.validate(payload).map_err(|error| {
        // The value itself is the customers' data and is left out.
        refused(format!("at `{}`: {}", error.instance_path(), error.masked()))
    })
}

/// The schema of a payload, with the document's components beside it, into which its references point.
fn schema(catalogue: &Catalogue, entry: &Entry) -> Result<Value, String> {
    let document = OpenApi::new("webhooks", "1").webhooks(catalogue.clone()).to_json();
    let document: Value = serde_json::from_str(&document.map_err(|error| error.to_string())?)
        .map_err(|error| error.to_string())?;
    let method = entry.methods().iter().find(|method| method.carries_body());
    let content = method
        .and_then(|method| document["webhooks"][entry.name().as_str()].get(method.key()))
        .and_then(|operation| operation["requestBody"]["content"].as_object())
        .and_then(|content| content.values().next())
        .map(|content| content["schema"].clone());
    let Some(mut schema) = content else {
        return Err("the webhook is not in the document, so there is no schema to check against".to_owned());
    };
    if entry.envelope() != Envelope::Bare {
        schema = data_of(&document, schema);
    }
    if let (Some(schema), Some(components)) = (schema.as_object_mut(), document.get("components")) {
        schema.insert("components".to_owned(), components.clone());
    }
    Ok(schema)
}

/// What the envelope's schema says about `data`.
fn data_of(document: &Value, mut schema: Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        schema = document.pointer(reference).cloned().unwrap_or(Value::Bool(true));
    }
    schema["properties"]["data"].clone()
}
