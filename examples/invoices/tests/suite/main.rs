//! Tests as a team would write them: the application without a network on both databases, the processes as they run, and the
//! files that run them.

#[macro_use]
mod fixture;

mod app;
mod deploy;
mod opentelemetry;
mod processes;
