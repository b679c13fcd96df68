//! How a target proves that it wants the messages, and how close a subscription is to being switched off.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a target proves, before the first delivery, that it wants the messages: otherwise a customer could have them sent
/// to anyone.
///
/// Until it has, messages are kept for the subscription. It is asked five times within two hours, as a
/// [job](crate::job::JobKind::Verification) that says why it failed; then the subscription is
/// [refused](crate::subscription::SubscriptionState::Refused) until it is verified again. A changed target is asked anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(
    description = "How a target proves, before the first delivery, that it wants the messages."
)]
#[non_exhaustive]
pub enum Verification {
    /// REST Hooks: a POST without a body and with the subscription's secret in `X-Hook-Secret`, which the target gives back
    /// in the same header of a 2xx answer. So it also learns the secret.
    HookSecret,
    /// CloudEvents' abuse protection: OPTIONS with the sender's [origin](crate::SenderBuilder::origin) in
    /// `WebHook-Request-Origin`, which the target allows in `WebHook-Allowed-Origin`.
    #[schemars(
        description = "CloudEvents' abuse protection: OPTIONS with the sender's origin in `WebHook-Request-Origin`, which \
                       the target allows in `WebHook-Allowed-Origin`."
    )]
    CloudEvents,
    /// A signed POST of `{"type":"url_verification","challenge":".."}`: a 2xx answer has the challenge as its body, or as the
    /// member `challenge` of a JSON body.
    Challenge,
}

/// How close a subscription is to being switched off because it fails, by the
/// [rule](crate::settings::DeactivationRule): both its number of failures and its time are this far.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(description = "How close a subscription is to being switched off because it fails.")]
#[non_exhaustive]
pub enum Warning {
    /// Half of it.
    Half,
    /// Four fifths.
    FourFifths,
}

impl Warning {
    /// All of them, the first one first.
    pub const ALL: [Self; 2] = [Self::Half, Self::FourFifths];

    /// How far that is, in percent.
    pub const fn percent(self) -> u8 {
        match self {
            Self::Half => 50,
            Self::FourFifths => 80,
        }
    }

    /// The furthest that is reached at this percentage.
    pub(crate) fn at(percent: i64) -> Option<Self> {
        let reached = |warning: &Self| percent >= i64::from(warning.percent());
        Self::ALL.into_iter().rfind(reached)
    }
}
