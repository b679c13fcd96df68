//! In place of the reader of YAML in a program that was built without the feature `yaml`.

use serde_json::Value;

use super::error::DocumentError;
use crate::pointer::Pointer;

/// Says that YAML is not read.
pub(super) fn read(_: &[u8]) -> Result<(Value, Vec<Pointer>), DocumentError> {
    let message = "this is not JSON; to read YAML, install the command with its feature `yaml`";
    Err(DocumentError::new(Pointer::root(), message))
}
