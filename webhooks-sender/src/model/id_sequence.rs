//! Ids of messages that ascend: those which one process makes within one millisecond keep their order.
//!
//! The time alone does not order them, because a clock that a test has stopped, and a burst of messages, give many of
//! them the same millisecond. RFC 9562, section 6.2, calls it a counter in the random bits (method 1).

use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use webhooks_store::to_ms;

use super::MessageId;

/// The ids of one sender.
#[derive(Debug, Default)]
pub(crate) struct IdSequence(Mutex<Last>);

#[derive(Debug, Default)]
struct Last {
    ms: i64,
    /// The first two random bytes of the id.
    number: u16,
}

impl IdSequence {
    /// The next id, of this time.
    ///
    /// A millisecond begins in the lower half of the numbers, so that at least 32,768 ids follow in order. Further ones
    /// are as unique, and not in order.
    pub(crate) fn next(&self, time: SystemTime, mut random: [u8; 10]) -> MessageId {
        let ms = to_ms(time);
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.number = if last.ms == ms {
            last.number.wrapping_add(1)
        } else {
            u16::from_be_bytes([random[0], random[1]]) >> 1
        };
        last.ms = ms;
        random[..2].copy_from_slice(&last.number.to_be_bytes());
        MessageId::new(time, random)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn ids_of_one_millisecond_ascend_whatever_the_randomness_is() {
        let sequence = IdSequence::default();
        let at = UNIX_EPOCH + Duration::from_millis(17);
        let ids: Vec<_> = (0..1000_u16)
            .map(|number| sequence.next(at, [(number.wrapping_mul(37) & 0xff) as u8; 10]))
            .collect();
        assert!(ids.is_sorted(), "{:?}", &ids[..3]);
        assert_eq!(
            ids.iter().collect::<std::collections::HashSet<_>>().len(),
            1000
        );
    }

    #[test]
    fn another_millisecond_begins_with_other_numbers() {
        let sequence = IdSequence::default();
        let first = sequence.next(UNIX_EPOCH + Duration::from_millis(1), [0xff; 10]);
        let second = sequence.next(UNIX_EPOCH + Duration::from_millis(2), [0; 10]);
        assert_eq!(
            first,
            MessageId::new(
                first.time(),
                [0x7f, 0xff, 255, 255, 255, 255, 255, 255, 255, 255]
            )
        );
        assert_eq!(second, MessageId::new(second.time(), [0; 10]));
    }
}
