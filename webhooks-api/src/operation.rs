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

/// One operation, but for what it does.
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) ability: Ability,
    /// Whether it is for the people who run the service, and for no customer.
    pub(crate) is_operators: bool,
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
