//! PostgreSQL for the tests: found or installed, and one server started for all of them.

use std::ffi::OsString;

use anyhow::{Context, Result};
use webhooks_tests_postgres::{Bouncer, Programs, Server};

use crate::debian;
use crate::resource::Resource;

/// Names the same database through PgBouncer.
pub(crate) const POOLER_VARIABLE: &str = "WEBHOOKS_PGBOUNCER_URL";

/// Names the database: read here to use a running server, and set for the tests.
pub(crate) const VARIABLE: &str = "WEBHOOKS_POSTGRES_URL";

/// What ignored tests get to know of the database.
///
/// The programs are needed even if a server already runs: a test that crashes its server starts its own.
pub(crate) fn resource() -> Result<Resource> {
    let programs = find_or_install()?;
    if let Some(url) = std::env::var_os(VARIABLE) {
        return Ok(Resource::program("PostgreSQL", VARIABLE, url));
    }
    let server = Server::start(&programs)?;
    Ok(Resource::server(
        "PostgreSQL",
        VARIABLE,
        OsString::from(server.url()),
        server,
    ))
}

/// PgBouncer before the database, in transaction mode: found or installed, and started unless one is named.
pub(crate) fn pooler(database: &Resource) -> Result<Resource> {
    if let Some(url) = std::env::var_os(POOLER_VARIABLE) {
        return Ok(Resource::program("PgBouncer", POOLER_VARIABLE, url));
    }
    if !Bouncer::is_installed() {
        debian::install(&["pgbouncer"], "PgBouncer")?;
    }
    let url = database
        .value(VARIABLE)
        .context("the database has no URL")?;
    let bouncer = Bouncer::start(&url)?;
    let url = OsString::from(bouncer.url());
    Ok(Resource::server("PgBouncer", POOLER_VARIABLE, url, bouncer))
}

fn find_or_install() -> Result<Programs> {
    if let Some(found) = Programs::find() {
        return Ok(found);
    }
    debian::install(&["postgresql"], "PostgreSQL")?;
    Programs::find()
        .context("Debian's package postgresql is installed, but there is no initdb under /usr/lib/postgresql")
}
