//! A receiver while it is being set up.

mod build;
mod secret;
mod settings;
mod strict;

pub use build::{NeedsSecret, Receiver};
pub use secret::IntoSecret;
