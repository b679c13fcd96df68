//! PostgreSQL for the tests: found or installed, and one server started for all of them.

use std::ffi::OsString;

use anyhow::{Context, Result};
use webhooks_tests_postgres::{Programs, Server};

use crate::debian;
use crate::resource::Resource;

/// Names the database: read here to use a running server, and set for the tests.
pub(crate) const VARIABLE: &str = "WEBHOOKS_POSTGRES_URL";

/// What ignored tests get to know of the database.
///
/// The programs are needed also beside a server that runs already: a test that crashes its server starts its own.
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

fn find_or_install() -> Result<Programs> {
    if let Some(found) = Programs::find() {
        return Ok(found);
    }
    debian::install(&["postgresql"], "PostgreSQL")?;
    Programs::find()
        .context("Debian's package postgresql is installed, but there is no initdb under /usr/lib/postgresql")
}
