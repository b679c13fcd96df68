//! What happens now: a message that was sent, an attempt that was made.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_store::{from_ms, to_ms};

use super::json::{DateTime, time};
use super::{Attempt, MessageId};

/// Something that has just happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Happening {
    /// A message was sent.
    Message {
        /// Its id.
        message: MessageId,
        /// Its event.
        event: String,
        /// The owner it was sent to; none for a broadcast.
        owner: Option<String>,
        /// When it was sent.
        #[serde(with = "time")]
        #[schemars(with = "DateTime")]
        created: SystemTime,
    },
    /// An attempt was made.
    Attempt {
        /// The message.
        message: MessageId,
        /// Its event.
        event: String,
        /// Whose subscription it went to.
        owner: String,
        /// The attempt, without what came back.
        attempt: Attempt,
    },
}

impl Happening {
    /// When it happened.
    pub fn at(&self) -> SystemTime {
        match self {
            Self::Message { created, .. } => *created,
            Self::Attempt { attempt, .. } => attempt.at,
        }
    }

    /// The kind, as in JSON: `message`, `attempt`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Message { .. } => "message",
            Self::Attempt { .. } => "attempt",
        }
    }

    /// Its event.
    pub(crate) fn event(&self) -> &str {
        match self {
            Self::Message { event, .. } | Self::Attempt { event, .. } => event,
        }
    }

    /// Whose it is; none for a broadcast, which is everyone's.
    pub(crate) fn owner(&self) -> Option<&str> {
        match self {
            Self::Message { owner, .. } => owner.as_deref(),
            Self::Attempt { owner, .. } => Some(owner),
        }
    }

    /// Its place among all.
    pub fn position(&self) -> LivePosition {
        // In one millisecond a message comes before the attempts at it.
        let name = match self {
            Self::Message { message, .. } => format!("m.{message}"),
            Self::Attempt { attempt, .. } => format!("t.{}", attempt.id),
        };
        LivePosition {
            at_ms: to_ms(self.at()),
            name,
        }
    }
}

/// Where a [live feed](crate::Account::live) goes on, as text: what the last happening gave as
/// [`position`](Happening::position).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LivePosition {
    at_ms: i64,
    name: String,
}

impl LivePosition {
    /// The time at which it goes on.
    pub(crate) fn at(&self) -> SystemTime {
        from_ms(self.at_ms)
    }
}

impl fmt::Display for LivePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at_ms, self.name)
    }
}

impl FromStr for LivePosition {
    type Err = super::CursorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_ours = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let (at_ms, name) = text.split_once('.').ok_or(super::CursorError)?;
        let is_time = at_ms.len() <= 15 && at_ms.bytes().all(|byte| byte.is_ascii_digit());
        if !is_time || name.len() > 100 || !name.bytes().all(is_ours) {
            return Err(super::CursorError);
        }
        let at_ms = at_ms.parse().map_err(|_| super::CursorError)?;
        let name = name.to_owned();
        Ok(Self { at_ms, name })
    }
}

/// The time before another, but not before 1970.
pub(crate) fn earlier(time: SystemTime, by: Duration) -> SystemTime {
    time.checked_sub(by).unwrap_or(UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_comes_back_from_its_text_and_odd_texts_are_refused() {
        let read = |text: &str| text.parse::<LivePosition>();
        let text = "1732838400123.t.dlv_0000000001zzzzzzzzzzzzzzzz.0.3";
        assert_eq!(
            read(text).map(|position| position.to_string()),
            Ok(text.to_owned())
        );
        for odd in ["", "1", "-1.a", "1.\n", "99999999999999999.a", "a.b"] {
            assert!(read(odd).is_err(), "{odd:?}");
        }
        let at = |text: &str| read(text).expect("a position");
        assert!(at("1.a") < at("2.a") && at("2.a") < at("2.b"));
    }
}
