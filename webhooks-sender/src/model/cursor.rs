//! Where the next page of deliveries or attempts begins, inside of an opaque [`Cursor`](super::Cursor).

use std::fmt;
use std::str::FromStr;

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
