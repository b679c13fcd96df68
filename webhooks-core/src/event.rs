//! Event names and the patterns that select them.
//!
//! A declared name is checked where it is written: the rule is a `const fn`, so a wrong name in a `static` descriptor
//! does not compile. One matcher, [`EventPattern`], serves sender and receiver.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::rules::{self, MAX_EVENT_NAME};

/// The name of a kind of happening: `payment.created`.
///
/// Letters, digits, `-` and `_`, in segments separated by single dots, at most 256 bytes.
///
/// ```
/// use webhooks_core::EventName;
///
/// let name: EventName = "payment.created".parse()?;
/// assert_eq!(name.as_str(), "payment.created");
/// assert!("payment..created".parse::<EventName>().is_err());
/// # Ok::<(), webhooks_core::EventNameError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventName(Cow<'static, str>);

impl EventName {
    /// Takes a name that is written in the program, checked when the program is compiled where it is a constant.
    ///
    /// # Panics
    ///
    /// When the name breaks the rule; in a `const` or `static` that is a compile error.
    ///
    /// ```
    /// use webhooks_core::EventName;
    ///
    /// const CREATED: EventName = EventName::new("payment.created");
    /// assert_eq!(CREATED.to_string(), "payment.created");
    /// ```
    pub const fn new(name: &'static str) -> Self {
        assert_valid(name);
        Self(Cow::Borrowed(name))
    }

    /// A name of an existing API that follows another rule, such as `orders/create` or `Push Hook`.
    ///
    /// It has at most 256 bytes, no control characters, no `*`, and no space at either end. Such a name can be documented
    /// and received. Not every way to send it can carry it: see [`Descriptor::any_name`](crate::Descriptor::any_name).
    ///
    /// # Panics
    ///
    /// When the name breaks this rule; in a `const` or `static` that is a compile error.
    pub const fn any(name: &'static str) -> Self {
        assert_any(name);
        Self(Cow::Borrowed(name))
    }

    /// A name that was checked where it was declared.
    pub(crate) const fn declared(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// Whether the name keeps the rule of [`EventName`], so that it fits every envelope and header.
    pub fn is_portable(&self) -> bool {
        rules::event_name(&self.0).is_ok()
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This name below `prefix`: `created` below `payment` is `payment.created`.
    pub(crate) fn below(&self, prefix: &str) -> Result<Self, EventNameError> {
        let name = format!("{prefix}.{self}");
        if self.is_portable() {
            return name.parse();
        }
        rules::event_name(prefix)
            .and_then(|()| rules::any_event_name(&name))
            .map_err(|rule| EventNameError {
                name: name.clone(),
                rule,
            })?;
        Ok(Self(Cow::Owned(name)))
    }
}

impl FromStr for EventName {
    type Err = EventNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match rules::event_name(text) {
            Ok(()) => Ok(Self(Cow::Owned(text.to_owned()))),
            Err(rule) => Err(EventNameError {
                name: text.to_owned(),
                rule,
            }),
        }
    }
}

impl AsRef<str> for EventName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// An event name that breaks the naming rule; says which part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventNameError {
    name: String,
    rule: &'static str,
}

impl fmt::Display for EventNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A name that is too long is not repeated: the message would be as long.
        if self.name.is_empty() || self.name.len() > MAX_EVENT_NAME {
            f.write_str(self.rule)
        } else {
            write!(f, "`{}`: {}", self.name, self.rule)
        }
    }
}

impl std::error::Error for EventNameError {}

/// The rule for names in constants, where a panic is a compile error at the right place.
pub(crate) const fn assert_valid(name: &str) {
    if let Err(rule) = rules::event_name(name) {
        panic!("{}", rule);
    }
}

/// The rule for any name in constants.
pub(crate) const fn assert_any(name: &str) {
    if let Err(rule) = rules::any_event_name(name) {
        panic!("{}", rule);
    }
}

/// Selects events: an exact name, `*` for all, or a final `.*` for everything below a name.
///
/// `payment.*` matches `payment.created` and `payment.card.declined`, but not `payment`.
///
/// ```
/// use webhooks_core::EventPattern;
///
/// let payments: EventPattern = "payment.*".parse()?;
/// assert!(payments.matches("payment.card.declined"));
/// assert!(!payments.matches("payment"));
/// # Ok::<(), webhooks_core::EventNameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventPattern(Pattern);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Pattern {
    Any,
    /// The name before `.*`, with the dot.
    Below(String),
    Exact(String),
}

impl EventPattern {
    /// The pattern that matches every event, written `*`.
    pub const ANY: Self = Self(Pattern::Any);

    /// A pattern over another party's event names, which follow no rule of ours (`Push Hook`, `products/create`).
    ///
    /// `*` and a final `.*` mean the same as in a parsed pattern; everything else is taken literally.
    ///
    /// ```
    /// use webhooks_core::EventPattern;
    ///
    /// assert!(EventPattern::of_provider("Push Hook").matches("Push Hook"));
    /// ```
    pub fn of_provider(text: &str) -> Self {
        Self(match text.strip_suffix(".*") {
            _ if text == "*" => Pattern::Any,
            Some(name) if !name.is_empty() => Pattern::Below(format!("{name}.")),
            _ => Pattern::Exact(text.to_owned()),
        })
    }

    /// Whether an event of this name is selected. Names are case-sensitive.
    pub fn matches(&self, name: &str) -> bool {
        match &self.0 {
            Pattern::Any => true,
            Pattern::Below(prefix) => {
                name.len() > prefix.len() && name.starts_with(prefix.as_str())
            }
            Pattern::Exact(exact) => exact == name,
        }
    }

    /// How narrow the pattern is: an exact name before a longer prefix before a shorter one before `*`.
    ///
    /// Sorting by this, largest first, gives the order in which a receiver calls its functions.
    pub fn specificity(&self) -> usize {
        match &self.0 {
            Pattern::Any => 0,
            Pattern::Below(prefix) => prefix.len(),
            Pattern::Exact(_) => usize::MAX,
        }
    }
}

impl FromStr for EventPattern {
    type Err = EventNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "*" {
            return Ok(Self::ANY);
        }
        let name = text.strip_suffix(".*").unwrap_or(text);
        if name.contains('*') {
            let rule = "a pattern is an exact name, `*` alone, or a name with a final `.*`";
            return Err(EventNameError {
                name: text.to_owned(),
                rule,
            });
        }
        rules::event_name(name).map_err(|rule| EventNameError {
            name: text.to_owned(),
            rule,
        })?;
        Ok(Self::of_provider(text))
    }
}

impl fmt::Display for EventPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Pattern::Any => f.write_str("*"),
            Pattern::Below(prefix) => write!(f, "{prefix}*"),
            Pattern::Exact(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_segments_of_letters_digits_dash_and_underscore() {
        for good in [
            "a",
            "payment.created",
            "new-event",
            "a_b.C-1.2",
            &"x".repeat(256),
        ] {
            assert!(good.parse::<EventName>().is_ok(), "{good}");
        }
        let long = "x".repeat(257);
        for bad in [
            "",
            " ",
            "{id}",
            "/a",
            "a b",
            "a#b",
            ".a",
            "a.",
            "a..b",
            "ä",
            "a\n",
            "a*",
            long.as_str(),
        ] {
            assert!(bad.parse::<EventName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_error_names_what_was_found_but_repeats_no_endless_name() {
        let error = "a b".parse::<EventName>().expect_err("a space").to_string();
        assert!(
            error.starts_with("`a b`: an event name has only letters"),
            "{error}"
        );
        let error = "x"
            .repeat(300)
            .parse::<EventName>()
            .expect_err("too long")
            .to_string();
        assert_eq!(error, "an event name has at most 256 bytes");
    }

    #[test]
    fn a_final_star_matches_one_or_more_further_segments() {
        let pattern: EventPattern = "payment.*".parse().expect("a pattern");
        assert!(pattern.matches("payment.created") && pattern.matches("payment.card.declined"));
        for other in [
            "payment",
            "payment.",
            "payments.created",
            "Payment.created",
            "",
        ] {
            assert!(!pattern.matches(other), "{other}");
        }
    }

    #[test]
    fn a_pattern_comes_back_as_it_was_written() {
        for text in ["*", "payment.*", "payment.created"] {
            assert_eq!(text.parse::<EventPattern>().expect(text).to_string(), text);
        }
        for bad in [
            "",
            ".*",
            "*.created",
            "pay*",
            "a.*.b",
            "a.**",
            "**",
            "a b.*",
        ] {
            assert!(bad.parse::<EventPattern>().is_err(), "{bad}");
        }
    }

    #[test]
    fn exact_is_narrower_than_a_long_prefix_and_that_than_a_short_one() {
        let of = |text: &str| text.parse::<EventPattern>().expect(text).specificity();
        assert!(of("a.b") > of("a.b.*") && of("a.b.*") > of("a.*") && of("a.*") > of("*"));
    }
}
