//! The filter of the delivery log: it is in the address, so that a log can be shown to others.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::fields::Fields;
use crate::foreign::ForeignStr;
use crate::parts::{self, Choice};
use crate::source::DeliveryState;
use crate::text::{self, Text};
use crate::visit::Visit;

/// The spans that can be chosen: name, words, hours.
const SPANS: [(&str, Text, i64); 4] = [
    ("1h", text::LAST_HOUR, 1),
    ("24h", text::LAST_DAY, 24),
    ("7d", text::LAST_WEEK, 168),
    ("30d", text::LAST_MONTH, 720),
];

/// The names of its fields.
pub(super) const NAMES: [&str; 8] = [
    "state",
    "event",
    "status",
    "within",
    "owner",
    "subscription",
    "from",
    "until",
];

/// Classes of answers.
const STATUSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

const STATES: [(DeliveryState, Text); 5] = [
    (DeliveryState::Delivered, text::DELIVERED),
    (DeliveryState::Failed, text::FAILED),
    (DeliveryState::Pending, text::PENDING),
    (DeliveryState::Sending, text::SENDING),
    (DeliveryState::Cancelled, text::CANCELLED),
];

/// The span that is asked for.
pub(super) fn times(fields: &Fields, now: Timestamp) -> (Option<Timestamp>, Option<Timestamp>) {
    let span = fields.get("within");
    let span = span.and_then(|span| SPANS.iter().find(|(name, ..)| *name == span));
    let within = span.and_then(|(.., hours)| {
        now.checked_sub(jiff::SignedDuration::from_hours(*hours))
            .ok()
    });
    let since = fields.get("from").and_then(utc).or(within);
    (since, fields.get("until").and_then(utc))
}

/// A time as the API wants it.
pub(super) fn written(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// Whether what failed is among the states that are asked for.
pub(super) fn asks_for_failed(fields: &Fields) -> bool {
    fields.all("state").next().is_none() || fields.has("state", DeliveryState::Failed.as_str())
}

/// What failed of it, as the API's retry asks for it.
pub(super) fn of_failed(fields: &Fields, now: Timestamp) -> Value {
    let (since, until) = times(fields, now);
    json!({
        "states": [DeliveryState::Failed.as_str()],
        "events": fields.get("event").as_slice(),
        "statuses": fields.get("status").as_slice(),
        "subscription": fields.get("subscription"),
        "since": since.map(written),
        "until": until.map(written),
    })
}

/// What `datetime-local` gives, taken as UTC. What cannot be read is not asked for.
pub(super) fn utc(text: &str) -> Option<Timestamp> {
    let time: DateTime = text.parse().ok()?;
    Some(TimeZone::UTC.to_zoned(time).ok()?.timestamp())
}

pub(super) fn form(v: &Visit) -> Markup {
    let states = STATES.map(|(state, word)| Choice::new(state.as_str(), v.say(word)));
    let mut spans = vec![Choice::new("", v.say(text::ANY_TIME))];
    spans.extend(SPANS.map(|(name, word, _)| Choice::new(name, v.say(word))));
    let mut statuses = vec![Choice::new("", v.say(text::ANY_ANSWER))];
    statuses.extend(STATUSES.map(|name| Choice::new(name, name)));
    statuses.push(Choice::new("none", v.say(text::NO_ANSWER)));
    let text_field = |name: &str, label: &str| {
        parts::field(
            name,
            label,
            None,
            &html! { input id=(name) name=(name) type="text" autocomplete="off" value=[v.query.get(name).map(ForeignStr)]; },
        )
    };
    let time_field = |name: &str, label: &str| {
        parts::field(
            name,
            label,
            None,
            &html! { input id=(name) name=(name) type="datetime-local" value=[v.query.get(name).map(ForeignStr)]; },
        )
    };
    let is_narrow = ["from", "until", "subscription"]
        .iter()
        .any(|name| v.query.get(name).is_some());
    html! {
        form.filter method="get" role="search" aria-label=(v.say(text::FILTER)) {
            (parts::choices("state", v.say(text::STATE), &states, |state| v.query.has("state", state)))
            (text_field("event", v.say(text::EVENT)))
            (parts::select("status", v.say(text::ANSWER), &statuses, v.query.get("status")))
            (parts::select("within", v.say(text::SENT), &spans, v.query.get("within")))
            @if v.is_operator() { (text_field("owner", v.say(text::OWNER))) }
            button { (v.say(text::APPLY)) }
            details.more open[is_narrow] {
                summary { (v.say(text::MORE_FILTERS)) }
                div.fields {
                    (text_field("subscription", v.say(text::SUBSCRIPTION_ID)))
                    (time_field("from", v.say(text::FROM_UTC)))
                    (time_field("until", v.say(text::UNTIL_UTC)))
                }
            }
        }
    }
}
