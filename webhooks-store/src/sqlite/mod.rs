//! SQLite: WAL, one writer at a time, time from the program.

mod dialect;
mod open;

#[cfg(feature = "conformance")]
pub(crate) use self::open::{connect_file, connect_memory};
