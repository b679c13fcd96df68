//! Whether a target would be accepted, before a subscription is made.

use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;

use crate::describe::with_body_problems;
use crate::problem::Problem;
use crate::request::{Call, NoQuery, Reach, json};

/// A target.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Target {
    /// The URL: as it was asked about, and as it would be stored.
    pub(crate) target: String,
}

pub(crate) fn describe_check(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Check a target")
        .description(
            "Whether a subscription could have it: its form, and that it is not in a private network as far as it says so \
             itself. Nothing is looked up and nothing requested.",
        )
        .tag("subscriptions")
        .body::<Target>()
        .response::<Target>(200, "It would be accepted, and stored like this.")
}

#[expect(clippy::unused_async, reason = "every operation is")]
pub(crate) async fn check<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let Target { target } = call.json()?;
    let checked = match call.reach() {
        Reach::Account(account) => account.check_target(&target),
        Reach::Operator(operator) => operator.check_target(&target),
    };
    let target = checked.map_err(Problem::of_subscription)?;
    Ok(json(&Target { target }))
}
