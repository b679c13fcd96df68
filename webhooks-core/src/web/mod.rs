//! What every page of this toolkit needs: one design, responses that are made once, links that survive nesting.
//!
//! The documentation page and Swagger UI use it; so can other pages that are to look and behave like them. It knows
//! nothing of webhooks.

mod design;
mod link;
#[cfg(feature = "axum")]
mod negotiate;
#[cfg(feature = "axum")]
mod response;

pub use self::design::{DESIGN, TOKENS};
pub use self::link::relative_path;
#[cfg(feature = "axum")]
pub use self::response::PreparedResponse;
