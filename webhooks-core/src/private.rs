//! What generated code names. No promises: the exact version of the macros belongs to this one.

pub use inventory;
pub use std::any::TypeId;

pub use crate::codec::{bytes, cookie, header, join, json, query};
pub use crate::descriptor::SourceLocation;
#[cfg(feature = "form")]
pub use crate::form::form;
pub use crate::message::Draft;
pub use crate::registry::Registration;
pub use crate::webhook::{Invalid, Method, MethodOf};
