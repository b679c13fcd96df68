//! What a dashboard is started with.

use std::net::SocketAddr;

use webhooks_sender::database::Prefix;

use super::address::Address;
use super::hosts::Host;
use super::path_prefix::PathPrefix;

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

/// Which tables of the database are the sender's.
#[derive(Debug, Clone)]
pub(crate) struct Tables {
    pub(crate) prefix: Prefix,
    /// Whether a pooler in transaction mode is in front of PostgreSQL.
    pub(crate) behind_pooler: bool,
}
