//! The audit trail: who changed what, and when.

use std::time::SystemTime;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use webhooks_store::Id;

use super::json::{DateTime, time};
use super::{AuditId, StoredSubscription};

/// One change, as the audit trail keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// When it was made.
    #[serde(with = "time")]
    #[schemars(with = "DateTime")]
    pub at: SystemTime,
    /// Whose thing was changed; empty for what is every owner's, such as the payload of a broadcast.
    pub owner: String,
    /// Who did it, as [`Account::by`](crate::Account::by) was given; none where the application did not say.
    #[schemars(description = "Who did it; null where the application did not say.")]
    pub actor: Option<String>,
    /// What was done: `subscription.created`, `subscription.changed`, `subscription.paused`, `subscription.activated`,
    /// `subscription.secret_rotated`, `subscription.grace_ended`, `subscription.tested`, `subscription.verification_started`,
    /// `subscription.removed`, `message.resent`, `delivery.retried`, `delivery.cancelled`, `deliveries.paused`,
    /// `deliveries.resumed`, `job.started`, `job.cancelled`, `grant.created` or `grant.revoked`. Later versions may add
    /// others.
    pub action: String,
    /// The id of the subscription, delivery, job or grant; `all` for all deliveries, or all grants of the owner.
    pub subject: String,
    /// What was different before; none where nothing was there or nothing can be shown. Secrets and the values of headers are
    /// never in it.
    pub before: Option<Value>,
    /// What is different since.
    pub after: Option<Value>,
}

/// Which changes to look at. Whatever is not said is not asked for.
///
/// ```
/// use webhooks_sender::query::AuditFilter;
///
/// let changed = AuditFilter::new().owner("acct_1").action("subscription.changed");
/// # let _ = changed;
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    pub(crate) owner: Option<String>,
    pub(crate) subject: Option<String>,
    actor: Option<String>,
    action: Option<String>,
    since: Option<SystemTime>,
    until: Option<SystemTime>,
}

impl AuditFilter {
    /// All changes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes of what is this owner's.
    pub fn owner(mut self, owner: impl Into<String>) -> Self {
        self.owner = Some(owner.into());
        self
    }

    /// Changes of the subscription, message, delivery, job or grant with this id.
    pub fn subject(mut self, id: impl Into<String>) -> Self {
        self.subject = Some(id.into());
        self
    }

    /// Changes by this actor.
    pub fn actor(mut self, actor: impl Into<String>) -> Self {
        self.actor = Some(actor.into());
        self
    }

    /// Changes of this kind: `subscription.created`.
    pub fn action(mut self, action: impl Into<String>) -> Self {
        self.action = Some(action.into());
        self
    }

    /// Those that were made at this time or later.
    pub fn since(mut self, time: SystemTime) -> Self {
        self.since = Some(time);
        self
    }

    /// Those that were made before this time.
    pub fn until(mut self, time: SystemTime) -> Self {
        self.until = Some(time);
        self
    }

    /// The id below which they begin, newest first.
    pub(crate) fn below(&self, cursor: Option<Id>) -> Vec<u8> {
        super::filter::below(self.until, cursor)
    }

    /// Whether an entry, and with it all that follow, is too old.
    pub(crate) fn is_too_old(&self, entry: &AuditEntry) -> bool {
        self.since.is_some_and(|since| entry.at < since)
    }

    /// Whether more than owner, subject and time is asked for.
    pub(crate) fn looks_inside(&self) -> bool {
        self.actor.is_some() || self.action.is_some()
    }

    pub(crate) fn matches(&self, entry: &AuditEntry) -> bool {
        let actor = self.actor.as_ref();
        actor.is_none_or(|actor| entry.actor.as_ref() == Some(actor))
            && self
                .action
                .as_ref()
                .is_none_or(|action| *action == entry.action)
    }
}

/// What was done, by the name that the trail keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuditAction {
    SubscriptionCreated,
    SubscriptionChanged,
    SubscriptionPaused,
    SubscriptionActivated,
    SecretRotated,
    GraceEnded,
    SubscriptionTested,
    VerificationStarted,
    SubscriptionRemoved,
    MessageResent,
    DeliveryRetried,
    DeliveryCancelled,
    DeliveriesPaused,
    DeliveriesResumed,
    JobStarted,
    JobCancelled,
    GrantCreated,
    GrantRevoked,
}

impl AuditAction {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::SubscriptionCreated => "subscription.created",
            Self::SubscriptionChanged => "subscription.changed",
            Self::SubscriptionPaused => "subscription.paused",
            Self::SubscriptionActivated => "subscription.activated",
            Self::SecretRotated => "subscription.secret_rotated",
            Self::GraceEnded => "subscription.grace_ended",
            Self::SubscriptionTested => "subscription.tested",
            Self::VerificationStarted => "subscription.verification_started",
            Self::SubscriptionRemoved => "subscription.removed",
            Self::MessageResent => "message.resent",
            Self::DeliveryRetried => "delivery.retried",
            Self::DeliveryCancelled => "delivery.cancelled",
            Self::DeliveriesPaused => "deliveries.paused",
            Self::DeliveriesResumed => "deliveries.resumed",
            Self::JobStarted => "job.started",
            Self::JobCancelled => "job.cancelled",
            Self::GrantCreated => "grant.created",
            Self::GrantRevoked => "grant.revoked",
        }
    }
}

/// The longest actor, in bytes.
const LONGEST_ACTOR: usize = 256;

/// An actor as it is kept: a name that is too long or holds control characters must not keep a change from being made.
pub(crate) fn actor_name(text: &str) -> String {
    let mut name = String::new();
    for letter in text.chars() {
        let letter = if letter.is_control() {
            '\u{fffd}'
        } else {
            letter
        };
        if name.len() + letter.len_utf8() > LONGEST_ACTOR {
            break;
        }
        name.push(letter);
    }
    name
}

/// What of a subscription is not set by a change.
const NOT_AUDITED: [&str; 8] = [
    "id",
    "owner",
    "key",
    "failures",
    "failing_since",
    "created",
    "changed",
    "revision",
];

/// What the trail shows of a subscription: as it is answered, so without secrets and values of headers.
fn shown(subscription: &StoredSubscription) -> Map<String, Value> {
    let value = serde_json::to_value(subscription);
    let mut members = match value {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    members.retain(|name, _| !NOT_AUDITED.contains(&name.as_str()));
    members
}

/// The members that differ: as they were, and as they are.
pub(crate) fn difference(
    before: Option<&StoredSubscription>,
    after: Option<&StoredSubscription>,
) -> (Option<Value>, Option<Value>) {
    let (mut before, mut after) = (before.map(shown), after.map(shown));
    if let (Some(before), Some(after)) = (&mut before, &mut after) {
        let same: Vec<String> = before
            .iter()
            .filter(|(name, value)| after.get(*name) == Some(value))
            .map(|(name, _)| name.clone())
            .collect();
        for name in same {
            before.remove(&name);
            after.remove(&name);
        }
    }
    (before.map(Value::Object), after.map(Value::Object))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_cut_and_cleaned_instead_of_refused() {
        assert_eq!(actor_name("user 17"), "user 17");
        assert_eq!(actor_name("a\0b\n"), "a\u{fffd}b\u{fffd}");
        let long = actor_name(&"é".repeat(200));
        assert_eq!((long.len(), long.chars().count()), (256, 128));
    }
}
