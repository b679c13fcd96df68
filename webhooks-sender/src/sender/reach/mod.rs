//! What accounts and the operator can do, written once: each call carries whose things it reaches into its statements.

mod attempts;
mod audit;
mod deliveries;
mod having;
mod jobs;
mod messages;
mod missed;
mod pause;
mod poll;
mod reader;
mod rebuild;
mod redeliver;
mod resend;
mod series;
mod statistics;
mod subscribe;
mod subscriptions;
mod walk;

use webhooks_store::Database;

use crate::context::Context;
use crate::error::Error;
use crate::model::{Owner, Scope};

/// The rows that a filter examines for one page.
const MAX_EXAMINED: usize = 5000;
/// The rows that a filter reads in one statement.
const BATCH_SIZE: u32 = 500;

/// The sender, and whose subscriptions, messages and deliveries are reached.
#[derive(Debug)]
pub(crate) struct Reach<'s, D: Database> {
    context: &'s Context<D>,
    /// Missing for all owners.
    owner: Option<&'s str>,
    /// Who asks, for the audit trail.
    actor: Option<&'s str>,
}

impl<'s, D: Database> Reach<'s, D> {
    pub(crate) fn new(
        context: &'s Context<D>,
        owner: Option<&'s str>,
        actor: Option<&'s str>,
    ) -> Self {
        Self {
            context,
            owner,
            actor,
        }
    }

    /// Refuses an invalid owner.
    pub(crate) fn check_owner(&self) -> Result<(), Error> {
        self.scope().map(drop)
    }

    /// Whose things are reached. An invalid owner, such as an empty text, reaches nothing: not even what belongs
    /// to everyone.
    fn scope(&self) -> Result<Scope<'s>, Error> {
        match self.owner {
            None => Ok(Scope::AllOwners),
            Some(owner) if Owner::is_valid(owner) => Ok(Scope::Owner(owner)),
            Some(_) => Err(Error::Owner),
        }
    }
}
