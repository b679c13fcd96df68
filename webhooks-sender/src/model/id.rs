//! Ids that sort by the time they were made: a prefix, 48 bits of milliseconds, 80 random bits.
//!
//! Written in Crockford's base 32 in lower case, so that text order is time order in every database and no id contains
//! the dot that Standard Webhooks uses as a separator.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use webhooks_store::Id;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// The length of an id behind its prefix.
const LENGTH: usize = 26;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
            #[serde(try_from = "String", into = "String")]
            #[schemars(with = "String", description = concat!("An id that begins with `", $prefix, "`."))]
            pub struct $name(String);

            impl $name {
                /// What every such id begins with.
                pub const PREFIX: &'static str = $prefix;

                /// An id of this time with these random bits; equal arguments give equal ids.
                pub fn new(time: SystemTime, random: [u8; 10]) -> Self {
                    Self::from_key(Id::at(time, random))
                }

                /// The id as text.
                pub fn as_str(&self) -> &str {
                    &self.0
                }

                /// When it was made, to the millisecond.
                pub fn time(&self) -> SystemTime {
                    let bits = u128::from_be_bytes(*self.key().as_bytes());
                    UNIX_EPOCH + Duration::from_millis(u64::try_from(bits >> 80).unwrap_or_default())
                }

                /// The 128 bits by which the store knows it.
                pub(crate) fn key(&self) -> Id {
                    key_of(&self.0[$prefix.len()..])
                }

                pub(crate) fn from_key(key: Id) -> Self {
                    Self(written($prefix, u128::from_be_bytes(*key.as_bytes())))
                }
            }

            impl FromStr for $name {
                type Err = IdError;

                fn from_str(text: &str) -> Result<Self, IdError> {
                    check(text, $prefix).map(|()| Self(text.to_owned()))
                }
            }

            impl TryFrom<String> for $name {
                type Error = IdError;

                fn try_from(text: String) -> Result<Self, IdError> {
                    check(&text, $prefix).map(|()| Self(text))
                }
            }

            impl From<$name> for String {
                fn from(id: $name) -> Self {
                    id.0
                }
            }

            impl AsRef<str> for $name {
                fn as_ref(&self) -> &str {
                    &self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }
        )*
    };
}

ids! {
    /// The id of a message: the `webhook-id` of all its requests, to all subscribers, over all retries.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use webhooks_sender::id::MessageId;
    ///
    /// let early = MessageId::new(UNIX_EPOCH + Duration::from_millis(1), [255; 10]);
    /// let late = MessageId::new(UNIX_EPOCH + Duration::from_millis(2), [0; 10]);
    /// assert!(early < late);
    /// assert_eq!(early.to_string(), "msg_0000000001zzzzzzzzzzzzzzzz");
    /// ```
    MessageId = "msg_";
    /// The id of a subscription.
    SubscriptionId = "sub_";
    /// The id of a delivery: one message on its way to one subscription.
    DeliveryId = "dlv_";
    /// The id of a [job](crate::job::Job).
    JobId = "job_";
    /// The id of an entry of the audit trail.
    AuditId = "aud_";
    /// The id of a grant: of a link, and of the session that it opened.
    GrantId = "grt_";
}

/// What the last byte of the id of a subscription is that is fetched.
const POLLED: u8 = 0xff;

/// Whether the subscription with this id is fetched. A send finds subscriptions by patterns alone, and knows so from the id
/// where their deliveries belong.
pub(crate) fn is_polled(subscription: Id) -> bool {
    subscription.as_bytes()[15] == POLLED
}

impl SubscriptionId {
    /// The id of a new subscription, which tells whether it is fetched.
    pub(crate) fn of_kind(time: SystemTime, mut random: [u8; 10], is_polled: bool) -> Self {
        random[9] = match (is_polled, random[9]) {
            (true, _) => POLLED,
            (false, POLLED) => POLLED - 1,
            (false, other) => other,
        };
        Self::new(time, random)
    }

    /// Whether it is fetched instead of sent to.
    pub(crate) fn is_polled(&self) -> bool {
        is_polled(self.key())
    }
}

impl MessageId {
    /// This id bound to the event's name: it ends in `_` and the first 16 hex digits of the SHA-256 of the name.
    ///
    /// Standard Webhooks signs the id but not the `webhook-event` header with which a bare payload travels. With the
    /// binding, a captured request cannot be replayed under another event's name.
    ///
    /// ```
    /// use std::time::UNIX_EPOCH;
    /// use webhooks_sender::id::MessageId;
    ///
    /// let id = MessageId::new(UNIX_EPOCH, [0; 10]).bound_to("payment.created");
    /// assert!(id.as_str().ends_with("_20e6506aae8b2de2"), "{id}");
    /// ```
    pub fn bound_to(&self, event: &str) -> Self {
        let unbound = &self.0[..Self::PREFIX.len() + LENGTH];
        Self(webhooks_core::binding::bind(unbound, event))
    }

    /// Whether the id is [bound](Self::bound_to) to an event's name.
    pub fn is_bound(&self) -> bool {
        self.0.len() > Self::PREFIX.len() + LENGTH
    }
}

impl DeliveryId {
    /// The delivery of this message to this subscription: there is one, however often the fan-out is repeated.
    pub(crate) fn of(message: Id, subscription: Id) -> Id {
        let digest = Sha256::new_with_prefix(message.as_bytes())
            .chain_update(subscription.as_bytes())
            .finalize();
        let mut own = [0; 8];
        own.copy_from_slice(&digest[..8]);
        Id::about(message, own)
    }
}

fn written(prefix: &str, mut bits: u128) -> String {
    let mut digits = [0; LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(bits & 31) as usize];
        bits >>= 5;
    }
    let mut text = String::with_capacity(prefix.len() + LENGTH);
    text.push_str(prefix);
    text.extend(digits.iter().map(|&digit| char::from(digit)));
    text
}

/// The bits of an id that was checked.
fn key_of(digits: &str) -> Id {
    let value = |digit: u8| {
        ALPHABET
            .iter()
            .position(|&one| one == digit)
            .unwrap_or_default() as u128
    };
    let bits = digits
        .bytes()
        .take(LENGTH)
        .fold(0_u128, |bits, digit| (bits << 5) | value(digit));
    Id::from_bytes(bits.to_be_bytes())
}

fn check(text: &str, prefix: &'static str) -> Result<(), IdError> {
    let refused = IdError { prefix };
    let digits = text.strip_prefix(prefix).ok_or(refused.clone())?;
    let (id, binding) = digits.split_at_checked(LENGTH).ok_or(refused.clone())?;
    let is_id = id.bytes().all(|byte| ALPHABET.contains(&byte)) && id.as_bytes()[0] <= b'7';
    let is_binding = binding.is_empty()
        || prefix == MessageId::PREFIX
            && binding.len() == 17
            && binding.starts_with('_')
            && binding
                .bytes()
                .skip(1)
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_id && is_binding {
        Ok(())
    } else {
        Err(refused)
    }
}

/// A text that is not an id of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdError {
    prefix: &'static str,
}

impl IdError {
    pub(crate) const fn of(prefix: &'static str) -> Self {
        Self { prefix }
    }
}

impl fmt::Display for IdError {
    // The text is not repeated: it came from outside and may be anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no such id: it begins with `{}`, followed by {LENGTH} letters and digits",
            self.prefix
        )
    }
}

impl std::error::Error for IdError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_subscription_tells_whether_it_is_fetched() {
        for last in [0, 7, POLLED - 1, POLLED] {
            let id = |is_polled| SubscriptionId::of_kind(UNIX_EPOCH, [last; 10], is_polled);
            assert!(id(true).is_polled() && !id(false).is_polled(), "{last}");
        }
    }

    #[test]
    fn ids_sort_by_time_and_give_the_time_back() {
        let at = |millis| UNIX_EPOCH + Duration::from_millis(millis);
        let (first, second) = (
            MessageId::new(at(1_790_000_000_123), [255; 10]),
            MessageId::new(at(1_790_000_000_124), [0; 10]),
        );
        assert!(first < second);
        assert_eq!(first.time(), at(1_790_000_000_123));
        assert_eq!(first.bound_to("a.b").time(), first.time());
    }

    #[test]
    fn an_id_is_read_back_and_nothing_else_is() {
        let id = MessageId::new(UNIX_EPOCH, [7; 10]);
        for good in [id.clone(), id.bound_to("payment.created")] {
            assert_eq!(good.as_str().parse(), Ok(good.clone()));
        }
        let upper = id.as_str().to_uppercase();
        for bad in [
            "",
            "msg_",
            "sub_00000000000000000000000000",
            "msg_0000000000000000000000000l",
            upper.as_str(),
        ] {
            assert!(bad.parse::<MessageId>().is_err(), "{bad}");
        }
        assert!(format!("{id}_short").parse::<MessageId>().is_err());
        assert!(
            "msg_0000000000000000000000000é"
                .parse::<MessageId>()
                .is_err()
        );
        assert!(
            "sub_00000000000000000000000000_0123456789abcdef"
                .parse::<SubscriptionId>()
                .is_err()
        );
    }

    #[test]
    fn the_binding_differs_by_event_and_is_not_repeated() {
        let id = MessageId::new(UNIX_EPOCH, [7; 10]);
        assert_ne!(
            id.bound_to("payment.failed"),
            id.bound_to("payment.succeeded")
        );
        assert_eq!(id.bound_to("a").bound_to("a"), id.bound_to("a"));
        assert!(id.bound_to("a").is_bound() && !id.is_bound());
    }
}
