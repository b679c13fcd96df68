//! The audit trail: who changed what.

use axum::response::Response;
use serde::Deserialize;
use webhooks_core::Parameter;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::query::{AuditEntry, AuditFilter};

use crate::describe::{paged, timed};
use crate::pages::{self, List};
use crate::problem::Problem;
use crate::request::{Call, page, time};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    subject: Option<String>,
    actor: Option<String>,
    action: Option<String>,
    since: Option<String>,
    until: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub(crate) fn describe_list(operation: Operation) -> Operation {
    timed(paged(operation))
        .summary("List the changes")
        .description(
            "Who changed subscriptions and deliveries, newest first, with what was different before. Secrets and values of \
             headers are never in it.",
        )
        .tag("audit")
        .parameter(
            Parameter::query::<str>("subject")
                .optional()
                .description("Changes of the subscription, message or delivery with this id."),
        )
        .parameter(
            Parameter::query::<str>("actor")
                .optional()
                .description("Changes by this actor."),
        )
        .parameter(
            Parameter::query::<str>("action")
                .optional()
                .description("Changes of this kind, such as `subscription.changed`."),
        )
        .response::<List<AuditEntry>>(200, "A page of changes.")
}

pub(crate) async fn list<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    let query: ListQuery = call.query()?;
    let mut filter = AuditFilter::new();
    if let Some(subject) = query.subject {
        filter = filter.subject(subject);
    }
    if let Some(actor) = query.actor {
        filter = filter.actor(actor);
    }
    if let Some(action) = query.action {
        filter = filter.action(action);
    }
    if let Some(since) = time("since", query.since.as_deref())? {
        filter = filter.since(since);
    }
    if let Some(until) = time("until", query.until.as_deref())? {
        filter = filter.until(until);
    }
    let page = page(query.limit, query.cursor.as_deref())?;
    let found = call.reach().audit(&filter, page).await?;
    Ok(pages::list(found, &call.parts.uri))
}
