//! Send webhooks.
mod chance;
mod guard;
mod health;
mod model;
mod retry;
mod state;

pub use chance::*;
pub use guard::*;
pub use health::*;
pub use model::*;
pub use retry::*;
pub use state::*;
