//! A trace context that is known to be valid, and the one of the request that is being answered.

use http::HeaderMap;

use super::parse::{TraceParent, is_tracestate};

tokio::task_local! {
    /// That of the request which this task answers.
    pub(super) static CURRENT: Option<TraceContext>;
}

/// The trace that something belongs to: a valid `traceparent`, with its `tracestate`.
///
/// ```
/// use webhooks_sender::trace::TraceContext;
///
/// let context = TraceContext::from_ids([0x4b; 16], [7; 8], 1).expect("neither id is zero");
/// assert_eq!(context.traceparent(), "00-4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b-0707070707070707-01");
/// assert_eq!(TraceContext::new("nonsense"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceContext {
    traceparent: String,
    tracestate: Option<String>,
}

impl TraceContext {
    /// The context of a `traceparent` header; nothing where that is not valid.
    pub fn new(traceparent: impl Into<String>) -> Option<Self> {
        let traceparent = traceparent.into();
        TraceParent::parse(&traceparent)?;
        Some(Self {
            traceparent,
            tracestate: None,
        })
    }

    /// With this `tracestate`; one that is not valid is left out.
    pub fn state(mut self, tracestate: impl Into<String>) -> Self {
        self.tracestate = Some(tracestate.into()).filter(|state| is_tracestate(state));
        self
    }

    /// The context that a tracer knows: the ids of the trace and of the span, and the flags (1: sampled). Nothing where an id
    /// is zero.
    pub fn from_ids(trace_id: [u8; 16], span_id: [u8; 8], flags: u8) -> Option<Self> {
        let (trace, span) = (u128::from_be_bytes(trace_id), u64::from_be_bytes(span_id));
        Self::new(format!("00-{trace:032x}-{span:016x}-{flags:02x}"))
    }

    /// The context of a request. Nothing where it has none, or two.
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let mut parents = headers.get_all("traceparent").iter();
        let (Some(parent), None) = (parents.next(), parents.next()) else {
            return None;
        };
        let context = Self::new(parent.to_str().ok()?)?;
        // Several headers are one list (Trace Context, section 3.3.1).
        let states = headers.get_all("tracestate").iter();
        let states: Vec<_> = states.filter_map(|state| state.to_str().ok()).collect();
        Some(context.state(states.join(",")))
    }

    /// The context of this task: of the request that it answers, or the one of [`scope`](Self::scope).
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok().flatten()
    }

    /// Runs a future in this context. A task that a request's handler spawns does not have the request's, unless it is given
    /// like this.
    pub async fn scope<F: Future>(self, future: F) -> F::Output {
        CURRENT.scope(Some(self), future).await
    }

    /// The `traceparent`.
    pub fn traceparent(&self) -> &str {
        &self.traceparent
    }

    /// The `tracestate`.
    pub fn tracestate(&self) -> Option<&str> {
        self.tracestate.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn the_headers_of_a_request_are_one_context() {
        let context = TraceContext::from_headers(&headers(&[
            ("traceparent", PARENT),
            ("tracestate", "a=b"),
            ("tracestate", "c=d"),
        ]));
        let context = context.expect("a context");
        assert_eq!(
            (context.traceparent(), context.tracestate()),
            (PARENT, Some("a=b,c=d"))
        );
    }

    #[test]
    fn a_request_with_two_parents_has_none() {
        let both = headers(&[("traceparent", PARENT), ("traceparent", PARENT)]);
        assert_eq!(TraceContext::from_headers(&both), None);
        assert_eq!(
            TraceContext::from_headers(&headers(&[("traceparent", "00-1-2-3")])),
            None
        );
        assert_eq!(TraceContext::from_headers(&HeaderMap::new()), None);
    }

    #[test]
    fn a_state_that_is_not_valid_is_left_out_and_the_trace_goes_on() {
        let context =
            TraceContext::from_headers(&headers(&[("traceparent", PARENT), ("tracestate", "A=b")]));
        assert_eq!(context.expect("a context").tracestate(), None);
    }

    #[test]
    fn an_id_of_zeros_is_no_trace() {
        assert_eq!(TraceContext::from_ids([0; 16], [1; 8], 1), None);
        assert_eq!(TraceContext::from_ids([1; 16], [0; 8], 1), None);
    }
}
