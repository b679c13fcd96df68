//! Send webhooks.
mod clock;
mod guard;
mod health;
mod model;
mod retry;
mod state;

pub use clock::*;
pub use guard::*;
pub use health::*;
pub use model::*;
pub use retry::*;
pub use state::*;
