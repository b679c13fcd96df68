//! Jobs: work over many rows that is done in the background, and what can be asked for.

use std::time::SystemTime;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::json::{DateTime, maybe_time, time};
use super::{JobId, MessageId, SubscriptionId};

/// Work over many rows, done in the background page by page: sending again, erasing, exchanging the sealing key.
///
/// It survives crashes and restarts, on whichever process. A page is one transaction, so a job that is cancelled stops
/// behind a whole page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(
    description = "Work over many deliveries or messages, done in the background page by page."
)]
#[non_exhaustive]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Whose subscriptions or messages it is about; none for the operator's own.
    pub owner: Option<String>,
    /// What it does.
    pub kind: JobKind,
    /// The subscription it is about.
    pub subscription: Option<SubscriptionId>,
    /// The message it is about.
    pub message: Option<MessageId>,
    /// Whether it only counts.
    pub dry_run: bool,
    /// Whether it goes on.
    pub state: JobState,
    /// How many deliveries (of a replay or retry), messages (of an erasure) or subscriptions it has dealt with so far. Of a dry run:
    /// how many it would deal with.
    pub done: u64,
    /// Why it failed.
    pub reason: Option<String>,
    /// When it was asked for.
    #[serde(with = "time")]
    #[schemars(with = "DateTime")]
    pub created: SystemTime,
    /// When it ended.
    #[serde(with = "maybe_time")]
    #[schemars(with = "Option<DateTime>")]
    pub finished: Option<SystemTime>,
}

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in JSON.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            pub(crate) fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }
    };
}

named! {
    /// What a job does.
    JobKind {
        /// Sends to one subscription again what it was sent, or what it missed.
        Replay = "replay",
        /// Sends one message again to the subscriptions that want it.
        MessageReplay = "message_replay",
        /// Tries deliveries again that a filter has found.
        Retry = "retry",
        /// Removes what a message carries, and what came back for it.
        MessageErasure = "message_erasure",
        /// Removes the subscriptions of an owner, what its messages carry, and what came back for them.
        OwnerErasure = "owner_erasure",
        /// Encrypts all secrets anew with the first key.
        Reseal = "reseal",
        /// Asks a target for a proof that it wants the messages.
        Verification = "verification",
    }
}

named! {
    /// Whether a job goes on.
    JobState {
        /// It goes on, or waits for its turn.
        Running = "running",
        /// It has done everything.
        Finished = "finished",
        /// It could not go on; its reason says why. What was done stays done.
        Failed = "failed",
        /// It was cancelled. What was done stays done.
        Cancelled = "cancelled",
    }
}

/// Under which id something is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplayId {
    /// Under its old one: a receiver that has had the message recognises the repeat, and usually ignores it.
    #[default]
    Same,
    /// Under a new one: a receiver takes it for another message, and handles it once more.
    New,
}

/// What is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Selection {
    /// What has failed, by the time of the failure.
    Failed,
    /// What it would have received and has no delivery of, by the time it was sent.
    Missed,
    /// Everything that has ended, by the time it was sent.
    All,
}

/// What is to be sent to a subscription again: what failed, what it missed, or everything; of a time, of some events.
///
/// Requests carry the same bodies as before, a new timestamp, and the signatures of the secrets of now. The schedule
/// of retries starts anew.
///
/// ```
/// use std::time::Duration;
/// use webhooks_sender::Sender;
/// use webhooks_sender::job::{JobState, Replay};
/// # use webhooks_sender::SubscriptionRequest;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let sender = Sender::testing().start().await?;
/// let account = sender.of("acct_1");
/// # let id = account.subscribe(SubscriptionRequest::new("https://example.com/hook").event("*")).await?.id;
/// let yesterday = sender.now() - Duration::from_secs(86_400);
/// let replay = Replay::failed().since(yesterday).event("payment.*");
/// let count = account.replay(&id, replay.clone().dry_run()).await?;      // how many would it be?
/// # sender.deliver().await?;
/// assert_eq!(account.job(&count.id).await?.state, JobState::Finished);
/// account.replay(&id, replay).await?;
/// # Ok::<(), webhooks_sender::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    description = "What is to be sent again: what has failed, what was missed because no delivery was ever made of it, or \
                   everything that has ended."
)]
#[must_use = "nothing is sent before it is given to `replay`"]
pub struct Replay {
    /// What is sent again.
    pub(crate) what: Selection,
    /// What failed, or for `missed` and `all` was sent, at this time or later.
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
    /// Only these events, as exact names and patterns such as `payment.*`. By default all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) events: Vec<String>,
    /// Under which ids.
    #[serde(default)]
    pub(crate) ids: ReplayId,
    /// Whether to count only.
    #[serde(default)]
    pub(crate) dry_run: bool,
}

impl Replay {
    fn of(what: Selection) -> Self {
        Self {
            what,
            since: None,
            until: None,
            events: Vec::new(),
            ids: ReplayId::default(),
            dry_run: false,
        }
    }

    /// What has failed: every delivery whose last attempt failed, however long before its message was sent. The times are
    /// those of the failure, as [`StoredDelivery::finished`](crate::query::StoredDelivery::finished) gives them.
    #[doc(alias = "dead letter")]
    #[doc(alias = "recover")]
    pub fn failed() -> Self {
        Self::of(Selection::Failed)
    }

    /// What the subscription wants and has no delivery of, because it was made, changed or switched on later. A message
    /// that no subscription wanted when it was sent was not kept. The times are those of the messages.
    #[doc(alias = "backfill")]
    pub fn missed() -> Self {
        Self::of(Selection::Missed)
    }

    /// Everything that has ended, also what succeeded and what was cancelled. The times are those of the messages.
    pub fn all() -> Self {
        Self::of(Selection::All)
    }

    /// At this time or later.
    pub fn since(mut self, time: SystemTime) -> Self {
        self.since = Some(time);
        self
    }

    /// Before this time. Without it: until the replay is asked for.
    pub fn until(mut self, time: SystemTime) -> Self {
        self.until = Some(time);
        self
    }

    /// Only this event, or those of this pattern. Said several times: any of them.
    pub fn event(mut self, event: impl Into<String>) -> Self {
        self.events.push(event.into());
        self
    }

    /// Under new ids, so that receivers handle the messages once more. Without it the old ids are kept.
    pub fn with_new_ids(mut self) -> Self {
        self.ids = ReplayId::New;
        self
    }

    /// Only counts: the job's [`done`](Job::done) says how many would be sent.
    pub fn dry_run(mut self) -> Self {
        self.dry_run = true;
        self
    }
}

/// Which jobs to look at: of a kind, in a state, of a subscription.
///
/// ```
/// use webhooks_sender::job::{JobFilter, JobState};
///
/// let running = JobFilter::new().state(JobState::Running);
/// # let _ = running;
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobFilter {
    kind: Option<JobKind>,
    state: Option<JobState>,
    subscription: Option<SubscriptionId>,
}

impl JobFilter {
    /// All jobs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Those of this kind.
    pub fn kind(mut self, kind: JobKind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Those in this state.
    pub fn state(mut self, state: JobState) -> Self {
        self.state = Some(state);
        self
    }

    /// Those about this subscription.
    pub fn subscription(mut self, id: SubscriptionId) -> Self {
        self.subscription = Some(id);
        self
    }

    pub(crate) fn matches(&self, job: &Job) -> bool {
        self.kind.is_none_or(|kind| kind == job.kind)
            && self.state.is_none_or(|state| state == job.state)
            && (self.subscription.is_none() || self.subscription == job.subscription)
    }

    pub(crate) fn looks_inside(&self) -> bool {
        *self != Self::new()
    }
}

impl From<Option<JobState>> for JobFilter {
    /// Those in this state; all of them for `None`.
    fn from(state: Option<JobState>) -> Self {
        Self {
            state,
            ..Self::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn a_replay_comes_back_from_its_json_and_nothing_unknown_is_accepted() {
        let replay = Replay::missed()
            .since(UNIX_EPOCH + Duration::from_millis(1_667_507_170_344))
            .event("payment.*")
            .with_new_ids()
            .dry_run();
        let text = serde_json::to_string(&replay).expect("JSON");
        assert_eq!(
            text,
            r#"{"what":"missed","since":"2022-11-03T20:26:10.344Z","events":["payment.*"],"ids":"new","dry_run":true}"#
        );
        assert_eq!(serde_json::from_str::<Replay>(&text).expect("read"), replay);
        let short = serde_json::from_str::<Replay>(r#"{"what": "failed"}"#);
        assert_eq!(short.expect("read"), Replay::failed());
        for bad in [
            "{}",
            r#"{"what": "some"}"#,
            r#"{"what": "failed", "sinse": "2026-11-28T00:00:00Z"}"#,
            r#"{"what": "failed", "since": "yesterday"}"#,
            r#"{"what": "failed", "since": 17}"#,
        ] {
            assert!(serde_json::from_str::<Replay>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_names_are_those_in_json() {
        for kind in JobKind::ALL {
            assert_eq!(serde_json::to_value(kind).expect("JSON"), kind.as_str());
        }
        for state in JobState::ALL {
            assert_eq!(serde_json::to_value(state).expect("JSON"), state.as_str());
        }
    }
}
