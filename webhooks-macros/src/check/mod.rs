//! Arguments and item become the model. Every rule is tried; what breaks one goes to the errors.

pub(crate) mod argument;
mod declaration;
mod descriptor;
mod event_name;
pub(crate) mod handler;
mod handler_block;
mod methods;
mod rules;
mod signature;
pub(crate) mod type_syntax;
mod view;
mod webhook;

pub(crate) use declaration::Declaration;
pub(crate) use handler_block::check as handler_block;
pub(crate) use view::check as view;
pub(crate) use webhook::webhook;
