//! What the command `cargo xtask measure` counts, for the tests that hold its limits.

pub mod measure;
