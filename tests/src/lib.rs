//! What the tests in `tests/` share: databases, processes, a fixture event, the workspace as data.

pub mod capture;
pub mod database;
pub mod fixture_event;
pub mod imports;
pub mod mode;
pub mod process;
pub mod rng;
pub mod signatures;
pub mod source;
pub mod workspace;
