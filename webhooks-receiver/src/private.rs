//! What generated code names. No promises: the exact version of the macros belongs to this one.

pub use crate::on::{Block, Named, Registers};
pub use crate::routes::Routes;
