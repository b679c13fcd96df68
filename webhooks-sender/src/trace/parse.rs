//! Reading what arrives in `traceparent` and `tracestate`, and writing what is sent.

use std::fmt;

/// The most members of a `tracestate` (Trace Context, section 3.3.1.1).
const MOST_MEMBERS: usize = 32;
/// The longest `tracestate` that is passed on; the specification asks for at least 512 characters.
const LONGEST_STATE: usize = 1024;

/// What of a `traceparent` header (Trace Context, section 3.2) goes on: the trace, and whether it is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TraceParent<'h> {
    /// 32 hex digits.
    pub(crate) trace_id: &'h str,
    /// The flags that mean something: 1 for sampled, 2 for a random trace id.
    flags: u8,
}

impl<'h> TraceParent<'h> {
    /// Reads a header's value: `00-{32 hex}-{16 hex}-{2 hex}`, neither id all zero. Later versions may say more behind it.
    pub(crate) fn parse(value: &'h str) -> Option<Self> {
        let (known, more) = value.split_at_checked(55)?;
        let parts: Vec<_> = known.split('-').collect();
        let [version, trace_id, parent, flags] = parts[..] else {
            return None;
        };
        let is_version = match version {
            "00" => more.is_empty(),
            version => {
                is_hex(version, 2) && version != "ff" && (more.is_empty() || more.starts_with('-'))
            }
        };
        if !(is_version && is_id(trace_id, 32) && is_id(parent, 16) && is_hex(flags, 2)) {
            return None;
        }
        let flags = u8::from_str_radix(flags, 16).ok()? & 3;
        Some(Self { trace_id, flags })
    }

    /// The `traceparent` of a request that is its own span.
    pub(crate) fn child(&self, span: SpanId) -> String {
        format!("00-{}-{span}-{:02x}", self.trace_id, self.flags)
    }
}

/// The id of a span; never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SpanId(u64);

impl SpanId {
    pub(crate) fn new(random: [u8; 8]) -> Self {
        Self(u64::from_be_bytes(random).max(1))
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Whether a `tracestate` (Trace Context, section 3.3) may be passed on.
pub(crate) fn is_tracestate(value: &str) -> bool {
    let members: Vec<_> = value
        .split(',')
        .map(|member| member.trim_matches([' ', '\t']))
        .filter(|member| !member.is_empty())
        .collect();
    let keys: Vec<_> = members
        .iter()
        .filter_map(|member| Some(member.split_once('=')?.0))
        .collect();
    let is_once = |key: &&str| keys.iter().filter(|other| *other == key).count() == 1;
    value.len() <= LONGEST_STATE
        && (1..=MOST_MEMBERS).contains(&members.len())
        && members.iter().all(|member| {
            member
                .split_once('=')
                .is_some_and(|(key, value)| is_member(key, value))
        })
        && keys.iter().all(is_once)
}

fn is_member(key: &str, value: &str) -> bool {
    let is_key =
        |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'*' | b'/' | b'@');
    let is_value = |byte| matches!(byte, b' '..=b'~') && byte != b',' && byte != b'=';
    let begins = key
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    begins
        && key.len() <= 256
        && key.bytes().all(is_key)
        && (1..=256).contains(&value.len())
        && value.bytes().all(is_value)
}

fn is_hex(part: &str, length: usize) -> bool {
    part.len() == length
        && part
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_id(part: &str, length: usize) -> bool {
    is_hex(part, length) && part.bytes().any(|byte| byte != b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn each_attempt_is_a_span_of_the_same_trace() {
        let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
        let parent = TraceParent::parse(&parent).expect("a trace context");
        assert_eq!(
            parent.child(SpanId::new([1; 8])),
            format!("00-{TRACE}-0101010101010101-01")
        );
        assert_eq!(
            parent.child(SpanId::new([0; 8])),
            format!("00-{TRACE}-0000000000000001-01"),
            "never zero"
        );
    }

    #[test]
    fn whether_a_trace_is_recorded_is_kept_and_unknown_flags_are_not() {
        for (flags, kept) in [
            ("00", "00"),
            ("01", "01"),
            ("02", "02"),
            ("03", "03"),
            ("ff", "03"),
            ("f0", "00"),
        ] {
            let parent = format!("00-{TRACE}-00f067aa0ba902b7-{flags}");
            let child = TraceParent::parse(&parent)
                .expect("a trace context")
                .child(SpanId::new([1; 8]));
            assert!(child.ends_with(&format!("-{kept}")), "{flags}: {child}");
        }
    }

    #[test]
    fn a_later_version_is_read_as_far_as_it_is_known() {
        for value in [
            format!("01-{TRACE}-00f067aa0ba902b7-01"),
            format!("cc-{TRACE}-00f067aa0ba902b7-01-what-else"),
        ] {
            let parent = TraceParent::parse(&value).expect("a trace context");
            assert!(
                parent.child(SpanId::new([1; 8])).starts_with("00-4bf9"),
                "{value}"
            );
        }
    }

    #[test]
    fn what_is_no_trace_context_is_ignored() {
        for bad in [
            String::new(),
            format!("00-{TRACE}-00f067aa0ba902b7"),
            format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
            format!("01-{TRACE}-00f067aa0ba902b7-01.more"),
            format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            format!("0-{TRACE}-00f067aa0ba902b7-001"),
            format!("00-{TRACE}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            format!("00-{TRACE}-00f067aa0ba902b7-0g"),
            format!("00-{TRACE}-00f067aa0ba902b7-01\r\nx: y"),
            format!(" 00-{TRACE}-00f067aa0ba902b7-01"),
            format!("00-{TRACE}-00f067aa0ba902bä-01"),
        ] {
            assert_eq!(TraceParent::parse(&bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_tracestate_is_a_list_of_members() {
        let most = (0..32)
            .map(|n| format!("k{n}=v"))
            .collect::<Vec<_>>()
            .join(",");
        for good in [
            "a=b",
            "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
            "a=b , c=d",
            "t@v=x y",
            "a=b,,c=d",
            &most,
        ] {
            assert!(is_tracestate(good), "{good:?}");
        }
        let many = format!("{most},one=more");
        let long = format!("a={}", "b".repeat(257));
        for bad in [
            "",
            ",",
            "a",
            "a=",
            "=b",
            "A=b",
            "a=b=c",
            "a=b,a=c",
            "a=b\r\nx: y",
            "a=ä",
            "@a=b",
            &many,
            &long,
        ] {
            assert!(!is_tracestate(bad), "{bad:?}");
        }
    }
}
