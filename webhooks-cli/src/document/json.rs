//! JSON, at most 128 levels deep.

use serde_json::Value;

use super::error::DocumentError;
use super::tree::Reading;
use crate::pointer::Pointer;

/// The value, and the members that an object has twice.
pub(super) fn read(bytes: &[u8]) -> Result<(Value, Vec<Pointer>), DocumentError> {
    let reading = Reading::default();
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = reading
        .value(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    match value {
        Ok(value) => Ok((value, reading.into_duplicates())),
        Err(error) => {
            let message = format!("this is not JSON: {error}");
            Err(DocumentError::new(reading.place(), message).because(error))
        }
    }
}
