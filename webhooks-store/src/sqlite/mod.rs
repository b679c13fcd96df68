//! SQLite: WAL, one writer at a time, time from the program.

mod dialect;
pub(crate) mod open;
