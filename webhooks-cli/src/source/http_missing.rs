//! In place of the HTTP client in a program that was built without the feature `http`.

use std::time::Duration;

use super::header::Header;

/// Says that addresses are not read.
pub(super) fn get(_: &str, _: Duration, _: &[Header]) -> Result<Vec<u8>, String> {
    Err("to read from an address, install the command with its feature `http`, or pipe: curl ADDRESS | webhooks .. -".to_owned())
}
