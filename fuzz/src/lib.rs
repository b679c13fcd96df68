//! What is fuzzed: functions of bytes that panic when a rule is broken.
//!
//! The targets in `targets/` call them, and so do the seeded tests in `tests/tests/fuzz.rs` of the main workspace, which
//! need no special compiler.

pub mod body;
pub mod forms;
pub mod headers;
pub mod page;
pub mod scan;

mod run;
