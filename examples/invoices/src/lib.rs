//! Invoices: an application as it runs in production.
//!
//! One process answers requests, others deliver. What they share is the database: PostgreSQL, or a SQLite file while the
//! application is small. `deploy/` has what runs them: a Dockerfile, a compose file with Prometheus and Grafana, systemd units.
//!
//! | file | what a team would copy |
//! |---|---|
//! | [`config`] | everything from the environment, and all that is wrong with it in one text |
//! | [`database`] | the application's own tables, written once for both databases |
//! | [`accounts`] | who asks, as one extractor for its own routes and for the webhooks' API |
//! | [`events`] | the declared webhooks |
//! | [`books`] | what happens: a change and its message in one transaction |
//! | [`routes`] | the HTTP API, described by utoipa |
//! | [`webhooks`] | what every process says of the sender, and what customers read |
//! | [`telemetry`] | logs as JSON, metrics with HELP texts, the address that Prometheus asks |
//! | [`serve`] | the processes: start, serve, stop |

pub mod accounts;
pub mod books;
pub mod config;
pub mod database;
pub mod events;
pub mod routes;
pub mod serve;
pub mod telemetry;
pub mod webhooks;

use sqlx::Pool;
use webhooks_sender::Sender;

use crate::accounts::Tokens;
use crate::database::Tables;

/// What every route is given.
#[derive(Debug)]
pub struct App<D: Tables> {
    /// The application's own database.
    pub pool: Pool<D>,
    /// The sender, in the same database.
    pub sender: Sender<D>,
    /// Who may ask.
    pub tokens: Tokens,
}

impl<D: Tables> Clone for App<D> {
    fn clone(&self) -> Self {
        Self {
            pool: self.pool.clone(),
            sender: self.sender.clone(),
            tokens: self.tokens.clone(),
        }
    }
}
