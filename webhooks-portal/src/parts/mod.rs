//! What pages are made of. Each part escapes what came from outside, and says in words what it says in colour.

mod badge;
mod chart;
mod code;
mod columns;
mod fact;
mod frame;
mod icon;
mod input;
mod moment;
mod notice;
mod pager;
mod target;

pub(crate) use badge::{answer, delivery_state, job_state, liveness, outcome, subscription_state};
pub(crate) use chart::{at_least, durations, endings, outcomes, share};
pub(crate) use code::{body, command, copyable, json};
pub(crate) use columns::{Columns, Row, columns, counted, sum};
pub(crate) use fact::fact;
pub(crate) use frame::frame;
pub(crate) use input::{Choice, action, choices, danger, field, hidden, select};
pub(crate) use moment::{exact, exact_minute, millis, relative, stamp};
pub(crate) use notice::{Tone, notice};
pub(crate) use pager::pager;
pub(crate) use target::{target, target_name};
