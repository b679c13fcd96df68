//! Whose message or subscription something is.

use std::fmt;

/// Whose subscriptions receive a message: those of one owner, or all.
///
/// It is an argument of each send, not an option: forgetting it would show one customer's data to another, or lose it.
///
/// ```
/// use webhooks_sender::Owner;
///
/// assert_eq!(Owner::from("acct_1").name(), Some("acct_1"));
/// assert_eq!(Owner::everyone().name(), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Owner(Option<String>);

/// The longest owner, in bytes.
pub(crate) const LONGEST: usize = 256;

impl Owner {
    /// One owner: an account, a tenant, a user; whatever the application calls it.
    pub fn of(name: impl fmt::Display) -> Self {
        Self(Some(name.to_string()))
    }

    /// All owners: a broadcast.
    pub const fn everyone() -> Self {
        Self(None)
    }

    /// The owner's name; none for everyone.
    pub fn name(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Whether this is a broadcast.
    pub const fn is_everyone(&self) -> bool {
        self.0.is_none()
    }

    /// What [`is_valid`](Self::is_valid) asks for, as text for a person.
    pub(crate) const RULE: &'static str = "an owner has 1 to 256 bytes and no control characters";

    /// An owner has 1 to 256 bytes without control characters.
    pub(crate) fn is_valid(name: &str) -> bool {
        !name.is_empty() && name.len() <= LONGEST && !name.chars().any(char::is_control)
    }
}

/// Whatever an application calls its customers by: a text, a number, a UUID; anything that can be shown.
///
/// ```
/// use webhooks_sender::Owner;
///
/// assert_eq!(Owner::from(17).name(), Some("17"));
/// ```
impl<T: fmt::Display> From<T> for Owner {
    fn from(name: T) -> Self {
        Self::of(name)
    }
}
