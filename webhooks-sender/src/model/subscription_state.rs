//! Whether a subscription gets messages, and why not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether a subscription gets messages, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SubscriptionState {
    /// It gets messages.
    Active,
    /// Paused by its owner: messages are kept for it and delivered when it is activated.
    Paused,
    /// Its target has not yet proved that it wants the messages: they are kept for it. See
    /// [`Verification`](crate::subscription::Verification).
    #[schemars(
        description = "Its target has not yet proved that it wants the messages: they are kept for it."
    )]
    Unverified,
    /// Its target did not prove that it wants the messages: it gets none.
    Refused,
    /// Switched off because its target answered 410 (Gone).
    Gone,
    /// Switched off because its target answered with the header `webhook-delivery: disable`.
    Disabled,
    /// Switched off because nothing succeeded for too long; see [`DeactivationRule`](crate::settings::DeactivationRule).
    #[schemars(description = "Switched off because nothing succeeded for too long.")]
    Failing,
    /// Its time is over.
    Expired,
    /// A static subscription that the configuration no longer has. Its history is kept.
    Retired,
}

impl SubscriptionState {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Active,
        Self::Paused,
        Self::Unverified,
        Self::Refused,
        Self::Gone,
        Self::Disabled,
        Self::Failing,
        Self::Expired,
        Self::Retired,
    ];

    /// Whether requests are made.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Active)
    }

    /// Whether messages are kept for it: when active, paused, or not yet verified.
    pub const fn gets_messages(self) -> bool {
        matches!(self, Self::Active | Self::Paused | Self::Unverified)
    }

    /// The name: `active`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Unverified => "unverified",
            Self::Refused => "refused",
            Self::Gone => "gone",
            Self::Disabled => "disabled",
            Self::Failing => "failing",
            Self::Expired => "expired",
            Self::Retired => "retired",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}
