//! The period of a query for numbers over time: since, until, step.

use std::time::{Duration, SystemTime};

use serde::Deserialize;
use webhooks_core::Parameter;
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::query::Period;

use crate::describe::timed;
use crate::problem::{Kind, Problem};
use crate::request::{Call, time};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodQuery {
    #[expect(dead_code, reason = "read by the endpoint")]
    owner: Option<String>,
    since: Option<String>,
    until: Option<String>,
    step: Option<u64>,
}

/// The period where none is named.
const DAY: Duration = Duration::from_hours(24);
/// The step where none is named, in seconds.
const HOUR: u64 = 3600;

/// The parameters.
pub(super) fn in_steps(operation: Operation) -> Operation {
    timed(operation).parameter(
        Parameter::query::<u64>("step")
            .optional()
            .description("The length of a step in seconds; there are at most 100 steps."),
    )
}

/// The period that a request asks for: the last 24 hours by the hour, unless it says another one.
pub(super) fn period<D: Database>(call: &Call<D>) -> Result<Period, Problem> {
    let query: PeriodQuery = call.query()?;
    let until = time("until", query.until.as_deref())?.unwrap_or_else(|| call.sender.now());
    let day_before = until.checked_sub(DAY).unwrap_or(SystemTime::UNIX_EPOCH);
    let since = time("since", query.since.as_deref())?.unwrap_or(day_before);
    let step = Duration::from_secs(query.step.unwrap_or(HOUR));
    Period::new(since, until, step).ok_or_else(|| {
        let detail = format!(
            "`since`, `until` and `step` make no period: `until` must not be before `since`, and there can be 1 to {} \
             steps of a second or longer",
            Period::MAX_STEPS
        );
        Problem::new(Kind::InvalidQuery, detail)
    })
}
