//! `webhooks dashboard`: the operator's pages over the tables of an application, from a terminal.
//!
//! It is a process of its own, for a look at any database of ours: it makes no requests, no tables and no files, and
//! writes nothing unless it is told that it may. It listens on this machine alone, lets in who has the code that it
//! printed, and answers only to the names by which it is known.
//!
//! It is no service for customers and has no accounts: an application mounts `webhooks-portal` for that.

mod database;
mod door;
mod entrance;
mod guard;
mod hosts;
mod pages;
mod path_prefix;
mod serve;

use std::fmt;
use std::net::SocketAddr;

pub(crate) use self::database::{Address, Tables};
pub(crate) use self::hosts::Host;
pub(crate) use self::path_prefix::PathPrefix;
pub(crate) use self::serve::run;

/// What a dashboard is started with.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) database: Address,
    pub(crate) tables: Tables,
    pub(crate) listen: SocketAddr,
    pub(crate) prefix: PathPrefix,
    /// The names of this machine by which it may be asked for, in addition to the loopback ones.
    pub(crate) hosts: Vec<Host>,
    /// Whether it may change something.
    pub(crate) writes: bool,
    /// Whether payloads and answers are shown.
    pub(crate) shows_payloads: bool,
    /// Who started it, for the audit trail.
    pub(crate) actor: String,
}

/// Why there is no dashboard, in words for the person at the terminal. It holds no password.
#[derive(Debug)]
pub(crate) struct Refused(String);

impl Refused {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}
