//! What is looked for: filters over messages and deliveries. A part that is left out lets everything through.

use std::collections::BTreeMap;
use std::time::SystemTime;

use webhooks_core::EventPattern;
use webhooks_store::Id;

use super::status_filter::any_matches;
use super::{DeliveryState, EventHint, MessageId, StatusFilter, SubscriptionId};

/// Which messages to look at: of an owner, of an event, with labels, of a time.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use webhooks_sender::query::MessageFilter;
///
/// let yesterday = SystemTime::now() - Duration::from_secs(86_400);
/// let payments = MessageFilter::new().owner("acct_1").event("payment.*").label("order", "17").since(yesterday);
/// # let _ = payments;
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessageFilter {
    pub(crate) owner: Option<String>,
    event: Option<String>,
    labels: BTreeMap<String, String>,
    since: Option<SystemTime>,
    until: Option<SystemTime>,
}

impl MessageFilter {
    /// All messages.
    pub fn new() -> Self {
        Self::default()
    }

    /// Those that were sent to this owner; an empty one stands for everyone: the broadcasts.
    pub fn owner(mut self, owner: impl Into<String>) -> Self {
        self.owner = Some(owner.into());
        self
    }

    /// Those of this event: an exact name, or a pattern such as `payment.*`.
    pub fn event(mut self, pattern: impl Into<String>) -> Self {
        self.event = Some(pattern.into());
        self
    }

    /// Those with this label; said several times, those with all of them.
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(name.into(), value.into());
        self
    }

    /// Those that were sent at this time or later.
    pub fn since(mut self, time: SystemTime) -> Self {
        self.since = Some(time);
        self
    }

    /// Those that were sent before this time.
    pub fn until(mut self, time: SystemTime) -> Self {
        self.until = Some(time);
        self
    }

    /// The id below which they begin, newest first.
    pub(crate) fn below(&self, cursor: Option<Id>) -> Vec<u8> {
        below(self.until, cursor)
    }

    /// The same as an id, where there is one.
    pub(crate) fn end(&self, cursor: Option<Id>) -> Option<Id> {
        let until = self.until.map(|until| Id::at(until, [0; 10]));
        cursor.into_iter().chain(until).min()
    }

    /// Whether an id, and with it all below, is too old.
    pub(crate) fn is_too_old(&self, id: Id) -> bool {
        self.since.is_some_and(|since| id < Id::at(since, [0; 10]))
    }

    /// The events that the database may look for before [`matches`](Self::matches) does.
    pub(crate) fn event_hint(&self) -> EventHint {
        let event = self.event.as_deref().filter(|event| *event != "*");
        let name = event.and_then(|event| event.strip_suffix(".*"));
        match name.filter(|name| !name.is_empty()) {
            Some(name) => EventHint {
                exact: None,
                beginning: Some(format!("{name}.")),
            },
            None => EventHint {
                exact: event.map(str::to_owned),
                beginning: None,
            },
        }
    }

    /// Whether more than owner and time is asked for.
    pub(crate) fn looks_inside(&self) -> bool {
        self.event.is_some() || !self.labels.is_empty()
    }

    pub(crate) fn matches(&self, event: &str, labels: Option<&str>) -> bool {
        let wanted = self
            .event
            .as_ref()
            .is_none_or(|wanted| EventPattern::of_provider(wanted).matches(event));
        wanted && (self.labels.is_empty() || has_all(&self.labels, &read_labels(labels)))
    }
}

impl From<&str> for MessageFilter {
    fn from(owner: &str) -> Self {
        Self::new().owner(owner)
    }
}

impl From<Option<&str>> for MessageFilter {
    fn from(owner: Option<&str>) -> Self {
        owner.map_or_else(Self::new, Self::from)
    }
}

/// Which deliveries to look at: those of some messages, to a subscription, in some states.
///
/// ```
/// use webhooks_sender::query::{DeliveryFilter, DeliveryState, MessageFilter};
///
/// let failed = DeliveryFilter::of(MessageFilter::new().event("payment.*")).state(DeliveryState::Failed);
/// # let _ = failed;
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    pub(crate) messages: MessageFilter,
    pub(crate) message: Option<MessageId>,
    pub(crate) subscription: Option<SubscriptionId>,
    states: Vec<DeliveryState>,
    statuses: Vec<StatusFilter>,
}

impl DeliveryFilter {
    /// All deliveries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Those of these messages.
    pub fn of(messages: impl Into<MessageFilter>) -> Self {
        Self {
            messages: messages.into(),
            ..Self::default()
        }
    }

    /// Those of this message.
    pub fn message(mut self, id: MessageId) -> Self {
        self.message = Some(id);
        self
    }

    /// Those to this subscription.
    pub fn subscription(mut self, id: SubscriptionId) -> Self {
        self.subscription = Some(id);
        self
    }

    /// Those in this state; given several times, those in any of them.
    /// Together with a subscription, states in which a delivery has ended are found fastest.
    pub fn state(mut self, state: DeliveryState) -> Self {
        self.states.push(state);
        self
    }

    /// Those whose last attempt had this answer; given several times, one of these answers.
    pub fn status(mut self, status: StatusFilter) -> Self {
        self.statuses.push(status);
        self
    }

    /// Those that have ended: delivered, failed or cancelled.
    pub fn ended(mut self) -> Self {
        let ended = DeliveryState::ALL.into_iter();
        self.states.extend(ended.filter(|state| state.is_final()));
        self
    }

    /// Whether only deliveries that have ended are asked for.
    pub(crate) fn asks_for_ended(&self) -> bool {
        !self.states.is_empty() && self.states.iter().all(|state| state.is_final())
    }

    /// Whether only deliveries that wait are asked for.
    pub(crate) fn asks_for_waiting(&self) -> bool {
        !self.states.is_empty() && !self.states.iter().any(|state| state.is_final())
    }

    /// Whether only deliveries that failed are asked for.
    pub(crate) fn asks_for_failed(&self) -> bool {
        self.states == [DeliveryState::Failed]
    }

    /// Whether it lets every delivery of a message through.
    pub(crate) fn shows_all(&self) -> bool {
        self.subscription.is_none() && self.states.is_empty() && self.statuses.is_empty()
    }

    /// Whether something is asked for that cannot be seen at a delivery.
    pub(crate) fn needs_messages(&self) -> bool {
        let messages = &self.messages;
        self.message.is_some() || messages.owner.is_some() || !messages.labels.is_empty()
    }

    /// Whether it asks for what the last attempt was answered.
    pub(crate) fn asks_for_answers(&self) -> bool {
        !self.statuses.is_empty()
    }

    /// Whether a delivery whose last attempt had this status is let through.
    pub(crate) fn wants_answer(&self, status: Option<u16>) -> bool {
        any_matches(&self.statuses, status)
    }

    /// Whether a delivery to this subscription, in this state, is let through, whatever was answered.
    pub(crate) fn matches(&self, subscription: Id, state: DeliveryState) -> bool {
        let is_one = self.subscription.as_ref();
        is_one.is_none_or(|id| id.key() == subscription)
            && (self.states.is_empty() || self.states.contains(&state))
    }
}

/// Which attempts to look at: those of some deliveries, with some answers.
///
/// ```
/// use webhooks_sender::query::{AttemptFilter, DeliveryFilter, MessageFilter, StatusFilter};
///
/// let payments = DeliveryFilter::of(MessageFilter::new().event("payment.*"));
/// let unanswered = AttemptFilter::of(payments).status(StatusFilter::UNANSWERED);
/// # let _ = unanswered;
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttemptFilter {
    pub(crate) deliveries: DeliveryFilter,
    statuses: Vec<StatusFilter>,
}

impl AttemptFilter {
    /// All attempts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Those of these deliveries.
    pub fn of(deliveries: DeliveryFilter) -> Self {
        Self {
            deliveries,
            ..Self::default()
        }
    }

    /// Those with this answer; given several times, with one of these answers.
    pub fn status(mut self, status: StatusFilter) -> Self {
        self.statuses.push(status);
        self
    }

    /// Whether it lets every attempt at a delivery through.
    pub(crate) fn shows_all(&self) -> bool {
        self.statuses.is_empty()
    }

    pub(crate) fn matches(&self, attempt: &super::Attempt) -> bool {
        any_matches(&self.statuses, attempt.status)
    }
}

/// The id below which a list begins that goes back from a time, or from a cursor.
pub(crate) fn below(until: Option<SystemTime>, cursor: Option<Id>) -> Vec<u8> {
    let until = until.map(|until| Id::at(until, [0; 10]));
    match (cursor, until) {
        (Some(cursor), Some(until)) => cursor.min(until).as_bytes().to_vec(),
        (Some(id), None) | (None, Some(id)) => id.as_bytes().to_vec(),
        // Longer than an id, therefore above all of them.
        (None, None) => vec![0xff; 17],
    }
}

pub(super) fn has_all(wanted: &BTreeMap<String, String>, own: &BTreeMap<String, String>) -> bool {
    wanted
        .iter()
        .all(|(name, value)| own.get(name) == Some(value))
}

/// Labels as they are stored.
pub(crate) fn read_labels(labels: Option<&str>) -> BTreeMap<String, String> {
    labels
        .and_then(|labels| serde_json::from_str(labels).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn what_is_not_said_is_not_asked_for() {
        assert!(MessageFilter::new().matches("payment.created", None));
        assert!(
            !MessageFilter::new().looks_inside()
                && !MessageFilter::new().is_too_old(Id::from_bytes([0; 16]))
        );
    }

    #[test]
    fn all_labels_are_wanted_and_the_event_may_be_a_pattern() {
        let filter = MessageFilter::new()
            .event("payment.*")
            .label("a", "1")
            .label("b", "2");
        assert!(filter.matches("payment.created", Some(r#"{"a":"1","b":"2","c":"3"}"#)));
        for (event, labels) in [
            ("payment.created", r#"{"a":"1"}"#),
            ("payment.created", r#"{"a":"2","b":"1"}"#),
            ("payment", r#"{"a":"1","b":"2"}"#),
        ] {
            assert!(!filter.matches(event, Some(labels)), "{event} {labels}");
        }
        assert!(!filter.matches("payment.created", None));
    }

    #[test]
    fn the_database_is_asked_for_what_a_pattern_lets_through() {
        let hint = |pattern: &str| {
            let events = MessageFilter::new().event(pattern).event_hint();
            (events.exact, events.beginning)
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(hint("*"), (None, None));
        assert_eq!(hint("a.b"), (text("a.b"), None));
        assert_eq!(hint("a.*"), (None, text("a.")));
        assert_eq!(hint(".*"), (text(".*"), None));
        assert_eq!(MessageFilter::new().event_hint(), EventHint::default());
    }

    #[test]
    fn a_time_is_a_range_of_ids_with_its_beginning_and_without_its_end() {
        let at = |ms| UNIX_EPOCH + Duration::from_millis(ms);
        let filter = MessageFilter::new().since(at(10)).until(at(20));
        assert!(
            filter.is_too_old(Id::at(at(9), [0xff; 10]))
                && !filter.is_too_old(Id::at(at(10), [0; 10]))
        );
        assert_eq!(filter.below(None), Id::at(at(20), [0; 10]).as_bytes());
        let (early, late) = (Id::at(at(15), [1; 10]), Id::at(at(30), [1; 10]));
        assert_eq!(filter.below(Some(early)), early.as_bytes());
        assert_eq!(filter.below(Some(late)), Id::at(at(20), [0; 10]).as_bytes());
    }
}
