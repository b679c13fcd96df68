//! `webhooks dashboard`: the operator's pages over the tables of an application, from a terminal.
//!
//! It is a process of its own, for a look at any database of ours: it makes no requests, no tables, no files but the `-wal`
//! and `-shm` of SQLite, and writes nothing without leave. It listens on this machine alone, lets in who has the code that
//! it printed, and answers only to the names by which it is known.
//!
//! It does not serve customers and has no accounts: an application mounts `webhooks-portal` for that.

mod address;
mod database;
mod door;
mod entrance;
mod guard;
mod hosts;
mod pages;
mod path_prefix;
mod refusal;
mod serve;
mod settings;

pub(crate) use self::address::Address;
pub(crate) use self::hosts::Host;
pub(crate) use self::path_prefix::PathPrefix;
pub(crate) use self::serve::run;
pub(crate) use self::settings::{Settings, Tables};
