//! What the benchmarks share: servers under load side by side, the machine's description, tables.

pub mod client;
pub mod compare;
pub mod core;
pub mod machine;
pub mod server;
pub mod table;
