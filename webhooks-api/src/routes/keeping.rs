//! Subscriptions that the application keeps under keys of its own: set up again and again, and made once.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use webhooks_core::Parameter;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::subscription::Subscribed;
use webhooks_sender::{Account, Error, StateError, SubscriptionRequest};

use crate::describe::{PROBLEM, with_body_problems};
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::request::{Call, NoQuery, answer, etag, if_match};

pub(crate) fn describe_keep(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Keep a subscription under a key")
        .description(
            "Makes the owner's subscription with this key the first time, and later changes what differs. Sent again it changes \
             nothing: for what sets accounts up. The secret is shown when the subscription is made. State, and headers and \
             credentials that are not named, stay.",
        )
        .tag("subscriptions")
        .parameter(
            Parameter::header::<str>("If-Match")
                .optional()
                .description("The `ETag` of what was read before."),
        )
        .body::<SubscriptionRequest>()
        .response_as::<ProblemDocument>(428, "The service asks for `If-Match`.", PROBLEM)
        .response::<Subscribed>(200, "It was there before, and is now as it was asked for.")
        .response::<Subscribed>(201, "The subscription was made.")
}

pub(crate) async fn keep<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let mut request: SubscriptionRequest = call.json()?;
    let (key, reach) = (call.text("key")?, call.reach());
    let account = reach.account()?;
    if let Some(revision) = expected(&call, account, key).await? {
        request = request.revision(revision);
    }
    let kept = account.keep(key, request).await;
    // Nothing is read behind it: what was made is answered, with the secret that is shown only now.
    let kept = kept.map_err(|error| match error {
        // The caller named a revision in the body, or another one was faster.
        error @ Error::State(StateError::Changed) => Problem::from(error),
        error => Problem::of_subscription(error),
    })?;
    let status = if kept.repeated {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let mut response = answer(status, &kept);
    let headers = response.headers_mut();
    headers.insert(header::ETAG, etag(kept.revision));
    if let Ok(location) = HeaderValue::from_str(&format!("../{}", kept.id)) {
        headers.insert(header::LOCATION, location);
    }
    Ok(response)
}

/// The revision that the caller names and that there is; nothing where the caller names none.
async fn expected<D: Database>(
    call: &Call<D>,
    account: &Account<D>,
    key: &str,
) -> Result<Option<i64>, Problem> {
    let is_named = call.parts.headers.contains_key(header::IF_MATCH);
    if !is_named && !call.requires_if_match {
        return Ok(None);
    }
    match account.kept(key).await {
        Ok(stored) => {
            call.check_if_match()?;
            let matches = if_match(&call.parts.headers, stored.revision)?;
            Ok(matches.then_some(stored.revision))
        }
        Err(Error::NotFound) if is_named => {
            let detail = "no subscription has this key; leave `If-Match` out to make one";
            Err(Problem::new(Kind::PreconditionFailed, detail))
        }
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
