//! The model becomes tokens. The user's item comes first, and nothing here can fail.

mod constructor;
mod descriptor;
mod fallback;
mod function;
mod page;
mod view;

pub(crate) use fallback::{block as fallback_block, function as fallback_function};
pub(crate) use function::expand as function;
pub(crate) use view::expand as view;
