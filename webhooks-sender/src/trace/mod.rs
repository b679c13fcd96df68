//! W3C trace context: the application's trace goes on in each attempt, as a span of its own.
//!
//! A message takes the trace that it is sent in, by itself: that of the request which the application is answering, where its
//! router has the layer [`ContinueTrace`]; or whatever [`trace_context`](crate::SenderBuilder::trace_context) says, for an
//! application with a tracer of its own. [`Outbound::traceparent`](crate::Outbound::traceparent) names another one.
//!
//! What is not a trace context is ignored, as the specification asks: a trace is never worth a message.

mod context;
mod layer;
mod parse;

pub use context::TraceContext;
pub use layer::{ContinueTrace, ContinueTraceService};
pub(crate) use parse::{SpanId, TraceParent};
