//! When a request was signed: where the timestamp is, in which unit, and how far it may be off.
//!
//! The text is signed as it came; it is never parsed and printed again. Digits only, 15 at most: no sign, no
//! fraction, nothing that overflows.

mod pointer;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::error::{Reason, VerifyResult};
use crate::text::{Names, Text};

pub(crate) use pointer::{JsonPointer, find_digits};

/// Five minutes, what Standard Webhooks, Stripe and Slack use.
pub const FIVE_MINUTES: Duration = Duration::from_secs(300);

/// More digits than any unit needs for the next thousands of years, fewer than overflow anything.
const MAX_DIGITS: usize = 15;

/// Where a scheme's timestamp is, its unit, and the tolerance on both sides.
///
/// Unless said otherwise: seconds, five minutes back and five minutes ahead, both inclusive.
///
/// ```
/// use std::time::Duration;
/// use webhooks_signature::Timestamp;
///
/// const ACME: Timestamp = Timestamp::header("x-acme-time").millis().past_only(Duration::from_secs(60));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Timestamp {
    pub(crate) source: Source,
    pub(crate) unit: Unit,
    pub(crate) past: Option<Duration>,
    pub(crate) future: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Header(Names),
    Field(Text),
    Json(JsonPointer),
}

/// The unit of a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unit {
    /// Seconds since 1970. JSON: `s`.
    Seconds,
    /// Milliseconds since 1970. JSON: `ms`.
    Millis,
    /// Date and time as in ISO 8601; without an offset it is UTC. JSON: `iso`.
    Iso8601,
}

impl Timestamp {
    /// In a header of its own.
    pub const fn header(name: &'static str) -> Self {
        Self::new(Source::Header(Names::One(Text::Borrowed(name))))
    }

    /// In the first of several headers that is present.
    pub const fn any_header(names: &'static [&'static str]) -> Self {
        Self::new(Source::Header(Names::Static(names)))
    }

    /// In a field of the signature header, as `t` in `t=..,v1=..`.
    pub const fn field(name: &'static str) -> Self {
        Self::new(Source::Field(Text::Borrowed(name)))
    }

    /// In the body, at a JSON pointer (RFC 6901) such as `/webhookTimestamp`, as a number or as a string of
    /// digits.
    pub const fn json(pointer: &'static str) -> Self {
        Self::new(Source::Json(JsonPointer::fixed(pointer)))
    }

    const fn new(source: Source) -> Self {
        Self {
            source,
            unit: Unit::Seconds,
            past: Some(FIVE_MINUTES),
            future: Some(FIVE_MINUTES),
        }
    }

    /// In milliseconds since 1970.
    pub const fn millis(mut self) -> Self {
        self.unit = Unit::Millis;
        self
    }

    /// As ISO 8601 date and time.
    pub const fn iso8601(mut self) -> Self {
        self.unit = Unit::Iso8601;
        self
    }

    /// How far it may be off on either side, inclusive.
    pub const fn tolerance(mut self, tolerance: Duration) -> Self {
        self.past = Some(tolerance);
        self.future = Some(tolerance);
        self
    }

    /// How old it may be, inclusive, without a bound on the future side.
    pub const fn past_only(mut self, past: Duration) -> Self {
        self.past = Some(past);
        self.future = None;
        self
    }
}

impl Unit {
    pub(crate) const ALL: [(&'static str, Self); 3] = [
        ("s", Self::Seconds),
        ("ms", Self::Millis),
        ("iso", Self::Iso8601),
    ];

    /// Reads a timestamp as milliseconds since 1970.
    #[inline]
    pub(crate) fn parse(self, text: &[u8]) -> VerifyResult<i64> {
        let parsed = match self {
            Self::Seconds => digits(text).map(|seconds| seconds * 1000),
            Self::Millis => digits(text),
            Self::Iso8601 => iso8601(text),
        };
        parsed.ok_or_else(|| Box::new(Reason::MalformedTimestamp))
    }

    /// Writes a time. `None` before 1970 or when it does not fit.
    pub(crate) fn write(self, time: SystemTime) -> Option<String> {
        let since = time.duration_since(UNIX_EPOCH).ok()?;
        let text = match self {
            Self::Seconds => since.as_secs().to_string(),
            Self::Millis => since.as_millis().to_string(),
            Self::Iso8601 => jiff::Timestamp::from_second(i64::try_from(since.as_secs()).ok()?)
                .ok()?
                .to_string(),
        };
        self.parse(text.as_bytes()).ok().map(|_| text)
    }
}

impl Timestamp {
    /// Checks a timestamp against the clock. Both bounds are inclusive.
    #[inline]
    pub(crate) fn check(&self, signed: i64, now: SystemTime) -> VerifyResult<()> {
        // The sender of whole seconds cut its clock to them, so ours is cut too: exactly 300 s old means 300 s.
        let now = if self.unit == Unit::Seconds {
            whole_seconds(now)
        } else {
            millis(now)
        };
        let age = now.saturating_sub(signed);
        let ahead = signed.saturating_sub(now);
        match (self.past, self.future) {
            (Some(tolerance), _) if age > limit(tolerance) => Err(Box::new(Reason::TooOld {
                age: seconds(age),
                tolerance,
            })),
            (_, Some(tolerance)) if ahead > limit(tolerance) => Err(Box::new(Reason::TooNew {
                ahead: seconds(ahead),
                tolerance,
            })),
            _ => Ok(()),
        }
    }
}

/// The time of a timestamp, or `None` where the platform cannot hold it.
#[inline]
pub(crate) fn time(millis: i64) -> Option<SystemTime> {
    let distance = Duration::from_millis(millis.unsigned_abs());
    if millis < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    }
}

#[inline]
fn millis(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => limit(since),
        Err(before) => -limit(before.duration()),
    }
}

/// The beginning of the second, in milliseconds.
#[inline]
fn whole_seconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => limit(Duration::from_secs(since.as_secs())),
        Err(_) => millis(time).div_euclid(1000) * 1000,
    }
}

#[inline]
fn digits(text: &[u8]) -> Option<i64> {
    let fits = (1..=MAX_DIGITS).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
    fits.then(|| {
        text.iter()
            .fold(0, |number, digit| number * 10 + i64::from(digit - b'0'))
    })
}

fn iso8601(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    // A bare date would be midnight; no provider signs with that precision.
    if !text.contains(['T', 't']) || text.contains('[') {
        return None;
    }
    let with_offset = text.parse::<jiff::Timestamp>().ok();
    let utc = || {
        text.parse::<DateTime>()
            .ok()?
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    };
    with_offset
        .or_else(utc)
        .map(jiff::Timestamp::as_millisecond)
}

/// Milliseconds, at most as many as there can be.
#[inline]
fn limit(distance: Duration) -> i64 {
    let seconds = i64::try_from(distance.as_secs()).unwrap_or(i64::MAX);
    seconds
        .saturating_mul(1000)
        .saturating_add(distance.subsec_millis().into())
}

/// Rounded up, so that 300.4 s with an allowance of 300 s does not read as 300.
fn seconds(millis: i64) -> Duration {
    Duration::from_secs(millis.unsigned_abs().div_ceil(1000))
}
