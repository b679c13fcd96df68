//! The model becomes tokens. The user's item comes first, and nothing here can fail.

mod constructor;
mod descriptor;
mod fallback;
mod function;
mod handler;
mod handler_block;
mod page;
mod view;

pub(crate) use fallback::{block as fallback_block, function as fallback_function};
pub(crate) use function::expand as function;
pub(crate) use handler::{
    expand as handler, function as fallback_handler, no_handler as fallback_no_handler,
};
pub(crate) use handler_block::{expand as handler_block, fallback as fallback_handler_block};
pub(crate) use view::expand as view;
