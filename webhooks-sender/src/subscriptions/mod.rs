//! Subscriptions: made, read, changed, switched on and off, removed.

mod change;
mod check;
mod configured;
mod fixed;
mod patterns;
mod read;
mod subscribe;

pub(crate) use change::{one, set_state, to_change};
pub(crate) use check::recipient;
pub use configured::StaticSubscriptions;
pub(crate) use fixed::keep_fixed;
pub(crate) use read::{Row, by_id, page};
