//! The tests live in `tests/`; this library holds what they share.

pub mod capture;
pub mod database;
pub mod dice;
pub mod happening;
pub mod process;
pub mod source;
pub mod workspace;
