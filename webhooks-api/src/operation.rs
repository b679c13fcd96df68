//! What an operation is: routes, document and tests are made from a table of them.

use std::pin::Pin;

use axum::response::Response;
use axum::routing::MethodFilter;
use webhooks_core::{Method, openapi};

use crate::access::Ability;
use crate::problem::Problem;
use crate::request::Call;

/// What an operation does.
pub(crate) type Run<D> =
    fn(Call<D>) -> Pin<Box<dyn Future<Output = Result<Response, Problem>> + Send>>;

/// For whom an operation is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Customers with their own things, and operators for all owners or for one.
    Customers,
    /// Operators alone, for all owners or for one.
    Operators,
    /// Operators alone, about the whole service: an owner is refused, because it would be ignored.
    Service,
}

/// One operation, but for what it does.
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) ability: Ability,
    pub(crate) audience: Audience,
    /// Adds its parameters, body and answers.
    pub(crate) describe: fn(openapi::Operation) -> openapi::Operation,
}

impl Operation {
    pub(crate) fn filter(&self) -> MethodFilter {
        match self.method {
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Options => MethodFilter::OPTIONS,
            Method::Patch => MethodFilter::PATCH,
            Method::Delete => MethodFilter::DELETE,
            _ => MethodFilter::GET,
        }
    }
}
