//! The API's own OpenAPI document, made from the table of operations.

use webhooks_core::Parameter;
use webhooks_core::{OpenApi, openapi};
use webhooks_sender::database::Database;

use crate::operation::Operation;
use crate::problem::ProblemDocument;
use crate::routes::Table;

/// The media type of RFC 9457.
const PROBLEM: &str = "application/problem+json";

/// Adds every operation, on paths below this one.
pub(crate) fn describe<D: Database>(mut openapi: OpenApi, mounted_at: &str) -> OpenApi {
    let base = mounted_at.trim_end_matches('/');
    for operation in Table::<D>::ALL {
        let described = describe_one(operation);
        openapi = openapi.path(format!("{base}{}", operation.path), described);
    }
    openapi
}

fn describe_one<D: Database>(operation: &Operation<D>) -> openapi::Operation {
    let described = openapi::Operation::new(operation.method).operation_id(operation_id(operation));
    let mut described = (operation.describe)(described);
    described = described.parameter(
        Parameter::query::<str>("owner")
            .optional()
            .description("For the people who run the service: whose things are meant."),
    );
    described
        .response_as::<ProblemDocument>(400, "The request cannot be understood.", PROBLEM)
        .response_as::<ProblemDocument>(401, "The request does not say who asks.", PROBLEM)
        .response_as::<ProblemDocument>(403, "The caller may not do this.", PROBLEM)
        .response_as::<ProblemDocument>(
            404,
            "There is no such thing, or it is another owner's.",
            PROBLEM,
        )
        .response_as::<ProblemDocument>(503, "The service cannot answer now.", PROBLEM)
}

/// `list_subscriptions`, `show_subscription_attempts`: the method and the words of the path.
fn operation_id<D: Database>(operation: &Operation<D>) -> String {
    let words: Vec<_> = operation
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| part.trim_matches(['{', '}']).replace('-', "_"))
        .collect();
    format!(
        "webhooks_{}_{}",
        operation.method.as_str().to_lowercase(),
        words.join("_")
    )
}

/// The parameters of every list.
pub(crate) fn paged(operation: openapi::Operation) -> openapi::Operation {
    operation
        .parameter(
            Parameter::query::<u32>("limit")
                .optional()
                .description("The most items of a page: 1 to 250, 50 by default."),
        )
        .parameter(
            Parameter::query::<str>("cursor")
                .optional()
                .description("Where the page begins: what the page before gave as `next`."),
        )
}

/// What every operation with a body can answer.
pub(crate) fn with_body_problems(operation: openapi::Operation) -> openapi::Operation {
    operation
        .response_as::<ProblemDocument>(409, "The state does not allow it.", PROBLEM)
        .response_as::<ProblemDocument>(412, "It was changed after it was read.", PROBLEM)
        .response_as::<ProblemDocument>(413, "The body is too large.", PROBLEM)
        .response_as::<ProblemDocument>(415, "The body must be JSON.", PROBLEM)
        .response_as::<ProblemDocument>(422, "The body does not fit the operation.", PROBLEM)
}
