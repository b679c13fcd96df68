//! Subscriptions: made, read, changed, switched on and off, removed.

mod change;
mod check;
mod configured;
mod fixed;
mod patterns;
mod read;

pub(crate) use change::{
    add, call_off, change, one, remove, remove_owner, rotate, set_state, switch, to_change,
};
pub(crate) use check::recipient;
pub use configured::StaticSubscriptions;
pub(crate) use fixed::keep_fixed;
pub(crate) use read::{Row, by_id, page};
