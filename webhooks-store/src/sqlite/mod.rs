//! SQLite: WAL, one writer at a time, time from the program.

mod checkpoint;
mod dialect;
pub(crate) mod open;
mod writer;
