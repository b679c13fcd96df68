//! Which deliveries are tried again together.

use std::time::SystemTime;

use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::json::DateTime;
use super::status_filter::any_matches;
use super::{DeliveryState, LastAttempt, StatusFilter, SubscriptionId};

/// Deliveries that have ended and are tried again: those that failed, unless other states are named; of a subscription, of
/// some events, of a time, with some answers.
///
/// Each is tried once, with the body and the id of before, a new timestamp, and the secrets of now; the schedule of retries
/// starts anew.
///
/// ```
/// use webhooks_sender::Sender;
/// use webhooks_sender::job::{BulkRetry, JobState};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let sender = Sender::testing().start().await?;
/// let account = sender.of("acct_1");
/// let retry = BulkRetry::failed().event("payment.*").status("5xx".parse().expect("a class"));
/// let count = account.retry_all(retry.clone().dry_run()).await?;      // how many would it be?
/// # sender.deliver().await?;
/// assert_eq!(account.job(&count.id).await?.state, JobState::Finished);
/// account.retry_all(retry).await?;
/// # Ok::<(), webhooks_sender::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "Deliveries that have ended, to be tried again.")]
#[must_use = "nothing is tried before it is given to `retry_all`"]
pub struct BulkRetry {
    /// Which deliveries.
    #[serde(default)]
    pub(crate) filter: RetryFilter,
    /// Whether to count only.
    #[serde(default)]
    pub(crate) dry_run: bool,
}

/// Which deliveries: what is not said is not asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "Which deliveries: what is not said is not asked for.")]
pub(crate) struct RetryFilter {
    /// Those to this subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) subscription: Option<SubscriptionId>,
    /// Those in one of these states: `failed`, `cancelled`, `delivered`. By default those that failed.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "ended"
    )]
    #[schemars(extend("items" = { "type": "string", "enum": ["failed", "cancelled", "delivered"] }))]
    pub(crate) states: Vec<DeliveryState>,
    /// Those whose last attempt had one of these answers: `503`, `5xx`, or `none`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub(crate) statuses: Vec<StatusFilter>,
    /// Only these events, as exact names and patterns such as `payment.*`. By default all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) events: Vec<String>,
    /// Of messages sent at this time or later.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "super::json::maybe_time"
    )]
    #[schemars(with = "Option<DateTime>")]
    pub(crate) since: Option<SystemTime>,
    /// And before this time.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "super::json::maybe_time"
    )]
    #[schemars(with = "Option<DateTime>")]
    pub(crate) until: Option<SystemTime>,
}

/// What has not ended is tried anyway.
fn ended<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<DeliveryState>, D::Error> {
    let states = Vec::<DeliveryState>::deserialize(deserializer)?;
    match states.iter().find(|state| !state.is_final()) {
        Some(state) => Err(D::Error::custom(format_args!(
            "`{state}` deliveries have not ended; name `failed`, `cancelled` or `delivered`"
        ))),
        None => Ok(states),
    }
}

impl BulkRetry {
    /// Those that failed. With [`state`](Self::state), those in the states that are named.
    #[doc(alias = "dead letter")]
    pub fn failed() -> Self {
        Self {
            filter: RetryFilter::default(),
            dry_run: false,
        }
    }

    /// Those in this state, instead of those that failed; given several times, in any of them. Deliveries that have not
    /// ended are left alone, whatever is named.
    pub fn state(mut self, state: DeliveryState) -> Self {
        self.filter.states.push(state);
        self
    }

    /// Those to this subscription.
    pub fn subscription(mut self, id: SubscriptionId) -> Self {
        self.filter.subscription = Some(id);
        self
    }

    /// Those whose last attempt had this answer; given several times, one of these answers.
    pub fn status(mut self, status: StatusFilter) -> Self {
        self.filter.statuses.push(status);
        self
    }

    /// Those of this event, or of those of this pattern. Said several times: any of them.
    pub fn event(mut self, event: impl Into<String>) -> Self {
        self.filter.events.push(event.into());
        self
    }

    /// Of messages sent at this time or later.
    pub fn since(mut self, time: SystemTime) -> Self {
        self.filter.since = Some(time);
        self
    }

    /// Of messages sent before this time. Without it: before the retry is asked for.
    pub fn until(mut self, time: SystemTime) -> Self {
        self.filter.until = Some(time);
        self
    }

    /// Only counts: the job's [`done`](super::Job::done) says how many would be tried.
    pub fn dry_run(mut self) -> Self {
        self.dry_run = true;
        self
    }
}

impl RetryFilter {
    /// Whether deliveries in this state are asked for.
    pub(crate) fn wants_state(&self, state: DeliveryState) -> bool {
        if self.states.is_empty() {
            return state == DeliveryState::Failed;
        }
        state.is_final() && self.states.contains(&state)
    }

    /// Whether deliveries are asked for whose last attempt is this one, or that have none.
    pub(crate) fn wants_answer(&self, last: Option<&LastAttempt>) -> bool {
        self.statuses.is_empty()
            || last.is_some_and(|last| any_matches(&self.statuses, last.status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_meant_unless_other_states_are_named() {
        let failed = BulkRetry::failed().filter;
        assert!(failed.wants_state(DeliveryState::Failed));
        assert!(!failed.wants_state(DeliveryState::Cancelled));
        let cancelled = BulkRetry::failed().state(DeliveryState::Cancelled).filter;
        assert!(cancelled.wants_state(DeliveryState::Cancelled));
        assert!(!cancelled.wants_state(DeliveryState::Failed));
        let waiting = BulkRetry::failed().state(DeliveryState::Pending).filter;
        assert!(!waiting.wants_state(DeliveryState::Pending));
    }

    #[test]
    fn a_delivery_without_an_attempt_had_no_answer_that_could_be_asked_for() {
        let filter = BulkRetry::failed().status(StatusFilter::UNANSWERED).filter;
        let last = |status| LastAttempt {
            number: 1,
            at: SystemTime::UNIX_EPOCH,
            duration: std::time::Duration::ZERO,
            status,
            error: None,
        };
        assert!(filter.wants_answer(Some(&last(None))) && !filter.wants_answer(None));
        assert!(!filter.wants_answer(Some(&last(Some(500)))));
        assert!(RetryFilter::default().wants_answer(None));
    }

    #[test]
    fn it_comes_back_from_its_json_and_nothing_unknown_is_accepted() {
        let text = r#"{"filter":{"states":["failed","cancelled"],"statuses":["503","5xx","none"],"events":["payment.*"],"since":"2022-11-03T20:26:10.344Z"},"dry_run":true}"#;
        let read: BulkRetry = serde_json::from_str(text).expect("read");
        assert_eq!(serde_json::to_string(&read).expect("JSON"), text);
        let least = serde_json::from_str::<BulkRetry>("{}").expect("read");
        assert_eq!(least, BulkRetry::failed());
        for bad in [
            r#"{"filter": {"state": ["failed"]}}"#,
            r#"{"filter": {"states": ["pending"]}}"#,
            r#"{"filter": {"states": ["lost"]}}"#,
            r#"{"filter": {"statuses": ["6xx"]}}"#,
            r#"{"filter": {"statuses": [503]}}"#,
            r#"{"filter": {"since": "yesterday"}}"#,
            r#"{"filter": {"subscription": "dlv_1"}}"#,
            r#"{"dryrun": true}"#,
        ] {
            assert!(serde_json::from_str::<BulkRetry>(bad).is_err(), "{bad}");
        }
    }
}
