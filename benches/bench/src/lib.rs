//! What the benchmarks share: servers under load side by side, databases, the machine's description, tables.

pub mod client;
pub mod compare;
pub mod connection;
pub mod core;
#[cfg(feature = "database")]
pub mod home;
pub mod machine;
#[cfg(feature = "database")]
pub mod meter;
#[cfg(feature = "database")]
mod postgres;
#[cfg(feature = "database")]
pub mod process;
#[cfg(feature = "database")]
pub mod receive;
#[cfg(feature = "database")]
pub mod rows;
pub mod server;
#[cfg(feature = "database")]
pub mod sink;
#[cfg(feature = "database")]
pub mod steady;
pub mod table;
