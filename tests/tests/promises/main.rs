//! What the sender promises, held in real processes, on both databases, with what can go wrong going wrong.
//!
//! Random choices come from a seed that is printed; `WEBHOOKS_SEED` takes it back.

mod arrivals;
mod busy;
mod chaos;
mod crash;
mod deadly;
mod document;
mod exchange;
mod exclusive;
mod faults;
mod joining;
mod limits;
mod mixed;
mod outbox;
mod polling;
mod process;
mod received;
mod takeover;
mod verification;
mod workers;
