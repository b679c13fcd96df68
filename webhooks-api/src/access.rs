//! Who asks, for whom, and what they may do.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a caller may do. Each operation asks for one of these; the table is in the API's document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Ability {
    /// Reads events, subscriptions, messages, deliveries and attempts, without payloads and answers.
    View,
    /// Reads the payloads of messages and the bodies of answers.
    Payload,
    /// Makes, changes, pauses, activates and removes subscriptions.
    Change,
    /// Sends a test event to a subscription.
    Test,
    /// Retries, cancels and replays deliveries.
    Replay,
    /// Rotates secrets.
    Secret,
    /// Sends messages: for producers in other languages, never for a customer.
    Send,
}

impl Ability {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::View,
        Self::Payload,
        Self::Change,
        Self::Test,
        Self::Replay,
        Self::Secret,
        Self::Send,
    ];

    /// Those of a customer who manages subscriptions: all but [`Send`](Self::Send).
    pub const CUSTOMER: [Self; 6] = [
        Self::View,
        Self::Payload,
        Self::Change,
        Self::Test,
        Self::Replay,
        Self::Secret,
    ];

    /// The name: `view`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Payload => "payload",
            Self::Change => "change",
            Self::Test => "test",
            Self::Replay => "replay",
            Self::Secret => "secret",
            Self::Send => "send",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Ability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the application says of a caller: whose things it reaches, and what it may do with them.
///
/// Nothing is allowed that is not named.
///
/// ```
/// use webhooks_api::{Ability, Access};
///
/// let customer = Access::owner("acct_1").allow(Ability::CUSTOMER);
/// let support = Access::operator().allow([Ability::View]);
/// # let _ = (customer, support);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    owner: Option<String>,
    abilities: u8,
    actor: Option<String>,
    has_operational_events: bool,
}

impl Access {
    /// Reaches what is one owner's: a customer.
    ///
    /// The name of the owner who receives
    /// [operational events](webhooks_sender::SenderBuilder::operational_events_to) is refused, unless
    /// [`with_operational_events`](Self::with_operational_events) is said.
    pub fn owner(owner: impl fmt::Display) -> Self {
        Self {
            owner: Some(owner.to_string()),
            abilities: 0,
            actor: None,
            has_operational_events: false,
        }
    }

    /// Reaches what is any owner's: the people who run the application.
    pub fn operator() -> Self {
        Self {
            owner: None,
            abilities: 0,
            actor: None,
            has_operational_events: false,
        }
    }

    /// Allows these abilities as well.
    pub fn allow(mut self, abilities: impl IntoIterator<Item = Ability>) -> Self {
        for ability in abilities {
            self.abilities |= ability.bit();
        }
        self
    }

    /// Takes an ability away, whatever was allowed before.
    ///
    /// ```
    /// use webhooks_api::{Ability, Access};
    ///
    /// let support = Access::operator().allow(Ability::CUSTOMER).without(Ability::Payload);
    /// assert!(!support.allows(Ability::Payload));
    /// ```
    pub fn without(mut self, ability: Ability) -> Self {
        self.abilities &= !ability.bit();
        self
    }

    /// Says who the caller is, for the audit trail: a user, a key, a program. Of a longer name the first 256 bytes are kept.
    ///
    /// ```
    /// use webhooks_api::{Ability, Access};
    ///
    /// let access = Access::owner("acct_1").allow(Ability::CUSTOMER).actor("user 17");
    /// # let _ = access;
    /// ```
    pub fn actor(mut self, actor: impl fmt::Display) -> Self {
        self.actor = Some(actor.to_string());
        self
    }

    /// Lets it be the owner who receives [operational events](webhooks_sender::SenderBuilder::operational_events_to): they tell
    /// of all customers. Without it a customer who has this name, by chance or on purpose, is refused. An
    /// [operator](Self::operator) reaches that owner in any case, with `?owner=`.
    ///
    /// ```
    /// use webhooks_api::{Ability, Access};
    ///
    /// let monitoring = Access::owner("operator").with_operational_events().allow(Ability::CUSTOMER);
    /// # let _ = monitoring;
    /// ```
    pub fn with_operational_events(mut self) -> Self {
        self.has_operational_events = true;
        self
    }

    /// Whether this ability was allowed.
    pub fn allows(&self, ability: Ability) -> bool {
        self.abilities & ability.bit() != 0
    }

    /// Whether it may be the owner who receives operational events.
    pub(crate) fn may_have_operational_events(&self) -> bool {
        self.owner.is_none() || self.has_operational_events
    }

    /// Who the caller is.
    pub(crate) fn actor_name(&self) -> Option<&str> {
        self.actor.as_deref()
    }

    /// Whose things are reached; none for an operator.
    pub fn owner_name(&self) -> Option<&str> {
        self.owner.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_allowed_that_is_not_named() {
        for access in [Access::owner("a"), Access::operator()] {
            assert!(Ability::ALL.iter().all(|ability| !access.allows(*ability)));
            for one in Ability::ALL {
                let access = access.clone().allow([one]);
                let allowed = Ability::ALL
                    .into_iter()
                    .filter(|ability| access.allows(*ability));
                assert_eq!(allowed.collect::<Vec<_>>(), [one]);
            }
        }
    }
}
