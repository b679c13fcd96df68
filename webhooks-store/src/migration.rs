//! Migrations: each component of a program numbers its own, one runner applies them.
//!
//! All pending ones are applied in one transaction under a lock, so that several processes may start concurrently and a
//! failure leaves everything as it was.

use std::fmt::Write;

use sqlx::Pool;

use crate::clock::Clock;
use crate::database::Database;
use crate::error::Error;
use crate::parameters::Parameters;
use crate::prefix::Prefix;
use crate::sql::Sql;
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
///         readable_by: 1,
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
    /// The oldest version whose programs work on the tables afterwards; a program that knows at least that one starts
    /// on them. The migration's own version, unless it only adds what older programs may ignore, such as an index.
    pub readable_by: i64,
}

/// The store's own tables.
pub(crate) static STORE: Component = Component {
    name: "store",
    migrations: &[Migration {
        name: "jobs",
        script: Statement::new(
            include_str!("sqlite/sql/migration_1.sql"),
            include_str!("postgres/sql/migration_1.sql"),
        ),
        readable_by: 1,
    }],
};

static CREATE_VERSIONS: Statement = Statement::new(
    include_str!("sqlite/sql/create_schema_version.sql"),
    include_str!("postgres/sql/create_schema_version.sql"),
);
static READ_VERSION: Statement = Statement::new(
    include_str!("sqlite/sql/read_schema_version.sql"),
    include_str!("postgres/sql/read_schema_version.sql"),
);

impl Component {
    /// Everything as SQL text, for a database that programs may not change: to be applied by hand to a database that
    /// has none of it, before the program is started with
    /// [`without_migrating`](crate::StoreOptions::without_migrating). It includes the store's own tables, and records
    /// what it has done.
    ///
    /// ```
    /// use webhooks_store::{Component, Prefix, Sqlite};
    ///
    /// let sql = Component::sql::<Sqlite>(&[], &Prefix::new("hooks_")?);
    /// assert!(sql.contains("CREATE TABLE hooks_job ("));
    /// # Ok::<(), webhooks_store::Error>(())
    /// ```
    pub fn sql<D: Database>(components: &[&'static Component], prefix: &Prefix) -> String {
        let mut text = filled::<D>(&CREATE_VERSIONS, prefix);
        for component in [&&STORE].into_iter().chain(components) {
            for step in component.steps() {
                // Writing into a string cannot fail.
                let _ = writeln!(
                    text,
                    "\n-- {} {}: {}",
                    component.name, step.version, step.migration.name
                );
                text.push_str(&step.sql::<D>(component, prefix));
            }
        }
        text
    }

    fn newest(&self) -> i64 {
        i64::try_from(self.migrations.len()).unwrap_or(i64::MAX)
    }

    fn steps(&self) -> impl Iterator<Item = Step> {
        (1..)
            .zip(self.migrations)
            .map(|(version, migration)| Step { version, migration })
    }
}

struct Step {
    version: i64,
    migration: &'static Migration,
}

impl Step {
    /// The script and the row that says it was applied. Names are the program's own and hold no quotes.
    fn sql<D: Database>(&self, component: &Component, prefix: &Prefix) -> String {
        let script = filled::<D>(&self.migration.script, prefix);
        let (component, version, name) = (component.name, self.version, self.migration.name);
        let readable_by = self.migration.readable_by;
        let row = format!("('{component}', {version}, '{name}', {readable_by})");
        format!(
            "{script}\nINSERT INTO {prefix}schema_version (component, version, name, readable_by) VALUES {row};\n"
        )
    }
}

/// Brings all components up to date: in one transaction, under a lock, after looking whether there is anything to do.
pub(crate) async fn run<D: Database>(
    pool: &Pool<D>,
    prefix: &Prefix,
    components: &[&'static Component],
) -> Result<(), Error> {
    if versions::<D>(&mut *pool.acquire().await?, prefix, components)
        .await?
        .iter()
        .all(Version::is_newest)
    {
        return Ok(());
    }
    let mut transaction = pool.begin_with(D::BEGIN).await?;
    D::lock_schema(&mut transaction, prefix).await?;
    D::create_schema(&mut transaction, prefix).await?;
    D::script(&mut transaction, filled::<D>(&CREATE_VERSIONS, prefix)).await?;
    // Read again: another process may have migrated while this one waited for the lock.
    for version in versions::<D>(&mut transaction, prefix, components).await? {
        for step in version
            .component
            .steps()
            .filter(|step| step.version > version.found)
        {
            apply::<D>(&mut transaction, prefix, version.component, &step).await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// Fails unless every component is at the version this program needs.
pub(crate) async fn verify<D: Database>(
    pool: &Pool<D>,
    prefix: &Prefix,
    components: &[&'static Component],
) -> Result<(), Error> {
    let versions = versions::<D>(&mut *pool.acquire().await?, prefix, components).await?;
    match versions.iter().find(|version| !version.is_newest()) {
        None => Ok(()),
        Some(version) => Err(Error::OlderSchema {
            component: version.component.name.to_owned(),
            found: version.found,
            needed: version.component.newest(),
        }),
    }
}

async fn apply<D: Database>(
    connection: &mut D::Connection,
    prefix: &Prefix,
    component: &Component,
    step: &Step,
) -> Result<(), Error> {
    let (name, version) = (component.name, step.version);
    tracing::info!(
        component = name,
        version,
        migration = step.migration.name,
        "migrating"
    );
    D::script(connection, step.sql::<D>(component, prefix))
        .await
        .map_err(|error| Error::Migration {
            component: name.to_owned(),
            version,
            source: Box::new(error.into()),
        })
}

/// The version at which a component was found; 0 for none.
struct Version {
    component: &'static Component,
    found: i64,
}

impl Version {
    /// A newer one counts as well: it was found to be readable.
    fn is_newest(&self) -> bool {
        self.found >= self.component.newest()
    }
}

/// The version of each component; one that programs of this version cannot work on is an error.
async fn versions<D: Database>(
    connection: &mut D::Connection,
    prefix: &Prefix,
    components: &[&'static Component],
) -> Result<Vec<Version>, Error> {
    let clock = Clock::default();
    let (_, exists) = D::locate(connection, prefix).await?;
    let read = Sql::<D>::new(&READ_VERSION, prefix, &clock).unnamed();
    let mut versions = Vec::with_capacity(components.len());
    for component in components {
        let row = if exists {
            read.first(connection, Parameters::new().text(component.name))
                .await?
        } else {
            None
        };
        let (found, readable_by) = match row {
            Some(row) => (row.int("version")?, row.int("readable_by")?),
            None => (0, 0),
        };
        if found > component.newest() && readable_by > component.newest() {
            let (component, known) = (component.name.to_owned(), component.newest());
            return Err(Error::NewerSchema {
                component,
                found,
                known,
            });
        }
        versions.push(Version { component, found });
    }
    Ok(versions)
}

fn filled<D: Database>(statement: &Statement, prefix: &Prefix) -> String {
    prefix.fill(D::text(statement))
}
