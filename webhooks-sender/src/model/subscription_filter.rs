//! Which subscriptions are looked for.

use std::collections::BTreeMap;

use serde_json::Value;

use super::filter::has_all;
use super::{SettingsHint, StoredSubscription, SubscriptionState};

/// Which subscriptions to look at: of an owner, with labels, in a state, for an event.
///
/// ```
/// use webhooks_sender::query::SubscriptionFilter;
/// use webhooks_sender::subscription::SubscriptionState;
///
/// let failing = SubscriptionFilter::new().owner("acct_1").label("plan", "pro").state(SubscriptionState::Failing);
/// # let _ = failing;
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubscriptionFilter {
    pub(crate) owner: Option<String>,
    labels: BTreeMap<String, String>,
    state: Option<SubscriptionState>,
    event: Option<String>,
    text: Option<String>,
}

impl SubscriptionFilter {
    /// All subscriptions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Those of this owner.
    pub fn owner(mut self, owner: impl Into<String>) -> Self {
        self.owner = Some(owner.into());
        self
    }

    /// Those with this label; said several times, those with all of them.
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(name.into(), value.into());
        self
    }

    /// Those in this state.
    pub fn state(mut self, state: SubscriptionState) -> Self {
        self.state = Some(state);
        self
    }

    /// Those that want an event of this name, also by a pattern.
    pub fn event(mut self, name: impl Into<String>) -> Self {
        self.event = Some(name.into());
        self
    }

    /// Those with this text in target, description, key or the value of a label, in upper or lower case.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into().to_lowercase());
        self
    }

    /// Whether more than the owner is asked for.
    pub(crate) fn looks_inside(&self) -> bool {
        self.state.is_some()
            || self.event.is_some()
            || self.text.is_some()
            || !self.labels.is_empty()
    }

    /// The state that is asked for, unless it is the one that most have.
    pub(crate) fn inactive_state(&self) -> Option<SubscriptionState> {
        self.state
            .filter(|state| *state != SubscriptionState::Active)
    }

    /// What the database may look for before [`matches`](Self::matches) does. It finds a text as this program does where that has
    /// nothing but ASCII, and nothing that JSON writes in another way.
    pub(crate) fn hint(&self) -> SettingsHint {
        let is_plain = |byte: u8| (b' '..=b'~').contains(&byte) && ![b'"', b'\\'].contains(&byte);
        let text = self.text.clone();
        SettingsHint {
            event: self
                .event
                .as_deref()
                .map(|event| Value::from(event).to_string()),
            text: text.filter(|text| text.bytes().all(is_plain)),
        }
    }

    fn has_text(&self, subscription: &StoredSubscription) -> bool {
        let Some(text) = &self.text else {
            return true;
        };
        let settings = &subscription.settings;
        let own = [&subscription.target, &settings.description].into_iter();
        own.chain(&subscription.key)
            .chain(&subscription.own_key)
            .chain(settings.labels.values())
            .any(|own| own.to_lowercase().contains(text))
    }

    pub(crate) fn matches(&self, subscription: &StoredSubscription) -> bool {
        has_all(&self.labels, &subscription.settings.labels)
            && self.has_text(subscription)
            && self.state.is_none_or(|state| state == subscription.state)
            && self
                .event
                .as_ref()
                .is_none_or(|event| subscription.wants(event))
    }
}

impl From<&str> for SubscriptionFilter {
    fn from(owner: &str) -> Self {
        Self::new().owner(owner)
    }
}

impl From<Option<&str>> for SubscriptionFilter {
    fn from(owner: Option<&str>) -> Self {
        owner.map_or_else(Self::new, Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_asked_for_nothing_that_it_would_not_find() {
        let hint = |filter: SubscriptionFilter| filter.hint();
        assert_eq!(hint(SubscriptionFilter::new()), SettingsHint::default());
        let event = hint(SubscriptionFilter::new().event("a \"b\""));
        assert_eq!(event.event.as_deref(), Some(r#""a \"b\"""#));
        let of_text = |text: &str| hint(SubscriptionFilter::new().text(text)).text;
        assert_eq!(of_text("Shop 9/x").as_deref(), Some("shop 9/x"));
        for odd in ["a\"b", "a\\b", "a\tb", "straße"] {
            assert_eq!(of_text(odd), None, "{odd}");
        }
    }
}
