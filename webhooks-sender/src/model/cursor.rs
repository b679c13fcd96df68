//! Where the next page of deliveries or attempts begins, inside of an opaque [`Cursor`](super::Cursor); and the id of an
//! attempt, which is its place.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DeliveryId, IdError, MessageId};

/// The position in a list of deliveries, message by message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeliveryCursor {
    /// The message that was looked at last.
    pub(crate) message: MessageId,
    /// Its delivery that was looked at last; none when the message is done.
    pub(crate) delivery: Option<DeliveryId>,
}

impl fmt::Display for DeliveryCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.delivery {
            Some(delivery) => write!(f, "{}.{delivery}", self.message),
            None => self.message.fmt(f),
        }
    }
}

impl FromStr for DeliveryCursor {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let (message, delivery) = text
            .split_once('.')
            .map_or((text, None), |(one, two)| (one, Some(two)));
        Ok(Self {
            message: message.parse()?,
            delivery: delivery.map(str::parse).transpose()?,
        })
    }
}

/// The position in a list of attempts. A page neither repeats an attempt nor leaves one out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AttemptCursor {
    pub(crate) delivery: DeliveryId,
    pub(crate) generation: i64,
    pub(crate) number: u32,
}

impl fmt::Display for AttemptCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.delivery, self.generation, self.number)
    }
}

impl FromStr for AttemptCursor {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().unwrap_or_default();
        let delivery = part().parse()?;
        let refused = || IdError::of(DeliveryId::PREFIX);
        Ok(Self {
            delivery,
            generation: part().parse().map_err(|_| refused())?,
            number: part().parse().map_err(|_| refused())?,
        })
    }
}

/// The position in a list of attempts, delivery by delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AttemptListCursor {
    pub(crate) delivery: DeliveryCursor,
    /// The attempt of that delivery that was looked at last, by generation and number; none when the delivery is done.
    pub(crate) attempt: Option<(i64, u32)>,
}

impl fmt::Display for AttemptListCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.delivery.fmt(f)?;
        match self.attempt {
            Some((generation, number)) => write!(f, ".{generation}.{number}"),
            None => Ok(()),
        }
    }
}

impl FromStr for AttemptListCursor {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let parts: Vec<&str> = text.split('.').collect();
        let refused = || IdError::of(DeliveryId::PREFIX);
        let (delivery, attempt) = match parts[..] {
            [message, delivery, generation, number] => {
                let generation = generation.parse().map_err(|_| refused())?;
                let number = number.parse().map_err(|_| refused())?;
                (format!("{message}.{delivery}"), Some((generation, number)))
            }
            _ => (text.to_owned(), None),
        };
        Ok(Self {
            delivery: delivery.parse()?,
            attempt,
        })
    }
}

/// The id of an attempt: its delivery, how often that had been made again, and its number.
///
/// ```
/// use webhooks_sender::id::AttemptId;
///
/// let id: AttemptId = "dlv_0000000001zzzzzzzzzzzzzzzz.0.3".parse()?;
/// assert_eq!(id.delivery().as_str(), "dlv_0000000001zzzzzzzzzzzzzzzz");
/// # Ok::<(), webhooks_sender::id::IdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(
    with = "String",
    description = "An id that begins with that of the delivery."
)]
pub struct AttemptId(AttemptCursor);

impl AttemptId {
    pub(crate) fn new(delivery: DeliveryId, generation: i64, number: u32) -> Self {
        Self(AttemptCursor {
            delivery,
            generation,
            number,
        })
    }

    /// Whose attempt it is.
    pub fn delivery(&self) -> &DeliveryId {
        &self.0.delivery
    }

    /// How often the delivery had been made again.
    pub(crate) fn generation(&self) -> i64 {
        self.0.generation
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for AttemptId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let id = Self(text.parse()?);
        // One text for each attempt: `+1` and `01` are numbers, too.
        if id.to_string() == text {
            Ok(id)
        } else {
            Err(IdError::of(DeliveryId::PREFIX))
        }
    }
}

impl TryFrom<String> for AttemptId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<AttemptId> for String {
    fn from(id: AttemptId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn a_cursor_comes_back_from_its_text() {
        let message = MessageId::new(UNIX_EPOCH, [7; 10]).bound_to("payment.created");
        for delivery in [None, Some(DeliveryId::new(UNIX_EPOCH, [8; 10]))] {
            let cursor = DeliveryCursor {
                message: message.clone(),
                delivery,
            };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        let cursor = AttemptCursor {
            delivery: DeliveryId::new(UNIX_EPOCH, [9; 10]),
            generation: 17,
            number: 3,
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }

    #[test]
    fn a_position_among_all_attempts_comes_back_from_its_text() {
        let message = MessageId::new(UNIX_EPOCH, [7; 10]).bound_to("payment.created");
        let at = |delivery| DeliveryCursor {
            message: message.clone(),
            delivery,
        };
        let delivery = Some(DeliveryId::new(UNIX_EPOCH, [8; 10]));
        for (delivery, attempt) in [
            (at(None), None),
            (at(delivery.clone()), None),
            (at(delivery), Some((17, 3))),
        ] {
            let cursor = AttemptListCursor { delivery, attempt };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        assert!(
            "dlv_0000000001zzzzzzzzzzzzzzzz.+1.03"
                .parse::<AttemptId>()
                .is_err()
        );
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let delivery = DeliveryId::new(UNIX_EPOCH, [9; 10]);
        for text in [
            "",
            ".",
            "a.b.c",
            &format!("{delivery}"),
            &format!("{delivery}.1"),
            &format!("{delivery}.1.2.3"),
        ] {
            assert!(text.parse::<AttemptCursor>().is_err(), "{text}");
            assert!(text.parse::<DeliveryCursor>().is_err(), "{text}");
        }
    }
}
