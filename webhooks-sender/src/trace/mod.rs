//! W3C trace context: the application's trace goes on in each attempt, as a span of its own.
//!
//! A message continues the trace that it is sent in. With the layer [`ContinueTrace`] on the router, that is the trace of the
//! request which the application is answering. An application with a tracer of its own gives the trace with
//! [`trace_context`](crate::SenderBuilder::trace_context). [`Outbound::traceparent`](crate::Outbound::traceparent) names
//! another one for a single message.
//!
//! What is not a trace context is ignored, as the specification asks: a trace is never worth a message.

mod context;
mod layer;
mod parse;

pub use context::TraceContext;
pub use layer::{ContinueTrace, ContinueTraceService};
pub(crate) use parse::{SpanId, TraceParent};
