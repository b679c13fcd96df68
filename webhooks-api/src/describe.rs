//! What several operations have in common in the document: the parameters of lists, the problems of bodies.

use webhooks_core::{Parameter, openapi};

use crate::problem::ProblemDocument;

/// The media type of RFC 9457.
pub(crate) const PROBLEM: &str = "application/problem+json";

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

/// The header that makes a repeated request harmless.
pub(crate) const fn idempotency_key() -> Parameter {
    Parameter::header::<str>("Idempotency-Key")
        .optional()
        .description("With the same key, the same request is done once within a day.")
}

/// What an operation can answer that depends on a state.
pub(crate) fn with_state_problem(operation: openapi::Operation) -> openapi::Operation {
    operation.response_as::<ProblemDocument>(409, "The state does not allow it.", PROBLEM)
}

/// What every operation with a body can answer.
pub(crate) fn with_body_problems(operation: openapi::Operation) -> openapi::Operation {
    with_state_problem(operation)
        .response_as::<ProblemDocument>(412, "It was changed after it was read.", PROBLEM)
        .response_as::<ProblemDocument>(413, "The body is too large.", PROBLEM)
        .response_as::<ProblemDocument>(415, "The body must be JSON.", PROBLEM)
        .response_as::<ProblemDocument>(422, "The body does not fit the operation.", PROBLEM)
}

/// A filter by status. `what` are the things that are found.
pub(crate) const fn status_parameter(what: &'static str) -> Parameter {
    Parameter::query::<str>("status")
        .optional()
        .description(what)
}

/// The filters by time of a list.
pub(crate) fn timed(operation: openapi::Operation) -> openapi::Operation {
    operation
        .parameter(
            Parameter::query::<str>("since")
                .optional()
                .description("At this time or later, in RFC 3339."),
        )
        .parameter(
            Parameter::query::<str>("until")
                .optional()
                .description("Before this time, in RFC 3339."),
        )
}
