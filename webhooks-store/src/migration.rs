//! Migrations: each component of a program numbers its own, one runner applies them.
//!
//! All pending ones are applied in one transaction under a lock, so that several processes may start at once and a
//! failure leaves everything as it was.

use sqlx::Pool;

use crate::database::Database;
use crate::error::Error;
use crate::prefix::Prefix;
use crate::statement::Statement;

/// The tables that belong together, and how they came to be.
///
/// ```
/// use webhooks_store::{Component, Migration, Statement, Store};
///
/// static NOTES: Component = Component {
///     name: "notes",
///     migrations: &[Migration {
///         name: "create",
///         script: Statement::new(
///             "CREATE TABLE {prefix}note (id BLOB PRIMARY KEY, text TEXT NOT NULL) STRICT;",
///             "CREATE TABLE {prefix}note (id bytea PRIMARY KEY, text text NOT NULL);",
///         ),
///     }],
/// };
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let store = Store::memory().component(&NOTES).open().await?;
/// # Ok::<(), webhooks_store::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct Component {
    /// Under this name the version reached is kept.
    pub name: &'static str,
    /// The first brings the tables to version 1, the next to 2. What was released is never changed.
    pub migrations: &'static [Migration],
}

/// One step.
#[derive(Debug)]
pub struct Migration {
    /// What it does, in a word or two.
    pub name: &'static str,
    /// Any number of statements; `{prefix}` stands for the table prefix.
    pub script: Statement,
}

/// The store's own tables.
pub(crate) static STORE: Component = Component { name: "store", migrations: &[] };

impl Component {
    /// Everything as SQL text, for a database that programs may not change: to be applied by hand, before the
    /// program is started with [`without_migrating`](crate::StoreOptions::without_migrating). It includes the store's
    /// own tables, and records what it has done.
    pub fn sql<D: Database>(components: &[&'static Component], prefix: &Prefix) -> String {
        let _ = (components, prefix);
        todo!()
    }
}

pub(crate) async fn run<D: Database>(
    pool: &Pool<D>,
    prefix: &Prefix,
    components: &[&'static Component],
) -> Result<(), Error> {
    let _ = (pool, prefix, components);
    todo!()
}

pub(crate) async fn verify<D: Database>(
    pool: &Pool<D>,
    prefix: &Prefix,
    components: &[&'static Component],
) -> Result<(), Error> {
    let _ = (pool, prefix, components);
    todo!()
}
