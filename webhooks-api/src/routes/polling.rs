//! Messages that are fetched instead of sent: for customers behind a firewall.

use axum::response::Response;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::query::{Poll, PollAnswer};

use crate::access::Ability;
use crate::describe::with_body_problems;
use crate::problem::{Kind, Problem};
use crate::request::{Call, NoQuery, json};

pub(crate) fn describe_poll(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Fetch messages")
        .description(
            "For a subscription with the target `poll`. Acknowledges what came before, and answers the oldest messages that \
             are not acknowledged, in their order: each comes again until its receipt is sent. With `wait` the answer comes \
             when there is a message. Two who ask at the same time get the same messages. To acknowledge takes the ability \
             `replay` as well. What is not fetched for two weeks is given up, unless the service has another limit; a replay \
             brings it back. While the service holds all deliveries back, messages can still be fetched.",
        )
        .tag("subscriptions")
        .optional_body::<Poll>()
        .response::<PollAnswer>(200, "The messages; none where none waits.")
}

pub(crate) async fn poll<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let poll: Poll = call.maybe_json()?;
    if let Some((member, problem)) = poll.problem() {
        let refused = Problem::new(Kind::InvalidBody, format!("`{member}` cannot be used"));
        return Err(refused.part(format!("/{member}"), problem));
    }
    if poll.acknowledges() && !call.access.allows(Ability::Replay) {
        let detail = "to acknowledge takes the ability `replay`, which was not given to the caller";
        return Err(Problem::new(Kind::Forbidden, detail));
    }
    Ok(json(&call.reach().poll(&call.id("id")?, poll).await?))
}
