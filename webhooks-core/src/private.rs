//! What generated code names. There are no promises: only the macros of exactly this version use it.

pub use inventory;
pub use std::any::TypeId;

pub use crate::codec::{bytes, cookie, header, join, json, query};
pub use crate::descriptor::SourceLocation;
#[cfg(feature = "form")]
pub use crate::form::form;
pub use crate::message::Draft;
pub use crate::registry::Registration;
pub use crate::webhook::{Invalid, Method, MethodOf};
