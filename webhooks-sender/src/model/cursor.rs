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

/// The position in a list of attempts. Attempts of one moment are told apart, so that a page neither repeats nor leaves out
/// any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AttemptCursor {
    pub(crate) at_ms: i64,
    pub(crate) delivery: DeliveryId,
    pub(crate) claim: i64,
}

impl fmt::Display for AttemptCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.delivery, self.at_ms, self.claim)
    }
}

impl FromStr for AttemptCursor {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().unwrap_or_default();
        let delivery = part().parse()?;
        let mut number = || part().parse().map_err(|_| IdError::of(DeliveryId::PREFIX));
        Ok(Self {
            delivery,
            at_ms: number()?,
            claim: number()?,
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
            at_ms: 17,
            delivery: DeliveryId::new(UNIX_EPOCH, [9; 10]),
            claim: 3,
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
