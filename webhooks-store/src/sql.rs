//! A statement that is ready to run: text, clock and database together.

use std::marker::PhantomData;

use sqlx::SqlStr;

use crate::clock::Clock;
use crate::database::Database;
use crate::error::Error;
use crate::parameters::Parameters;
use crate::prefix::Prefix;
use crate::row::Row;
use crate::statement::{Statement, StatementText};

/// A statement with prefix and clock filled in, ready to run on a connection of `D`.
///
/// ```
/// use webhooks_store::{Parameters, Statement, Store};
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// static ADD: Statement = Statement::new(
///     "WITH given (a, b) AS (VALUES {rows}) SELECT a + b + ?1 AS total FROM given WHERE a IS NOT NULL",
///     "SELECT a + b + $1 AS total FROM unnest($2::bigint[], $3::bigint[]) AS given (a, b)",
/// );
/// let store = Store::memory().open().await?;
/// let add = store.load(&ADD);
/// let mut connection = store.connection().await?;
/// let rows = add.fetch(&mut connection, Parameters::new().int(100).ints([1, 2, 3]).ints([10, 20, 30])).await?;
/// assert_eq!(rows[2].int("total")?, 133);
/// # Ok::<(), webhooks_store::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct Sql<D> {
    text: StatementText,
    clock: Clock,
    /// Kept prepared under a name on each connection.
    is_named: bool,
    database: PhantomData<fn() -> D>,
}

impl<D: Database> Sql<D> {
    pub(crate) fn new(statement: &Statement, prefix: &Prefix, clock: &Clock) -> Self {
        Self {
            text: StatementText::new(D::text(statement), D::NOW, prefix),
            clock: clock.clone(),
            is_named: true,
            database: PhantomData,
        }
    }

    /// Sent without a name each time, in a transaction: behind a connection pooler the next statement may run on another
    /// connection, where no name is known.
    pub(crate) fn unnamed(mut self) -> Self {
        self.is_named = false;
        self
    }

    /// Runs it and returns how many rows it changed.
    ///
    /// With columns that have no row at all, nothing is run.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn execute(
        &self,
        connection: &mut D::Connection,
        parameters: Parameters,
    ) -> Result<u64, Error> {
        let mut changed = 0;
        for (text, arguments) in self.bind(parameters)? {
            changed += D::execute(connection, text, arguments, self.is_named).await?;
        }
        Ok(changed)
    }

    /// Runs it and returns all its rows: say `LIMIT`.
    ///
    /// With columns that have no row at all, nothing is run.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn fetch(
        &self,
        connection: &mut D::Connection,
        parameters: Parameters,
    ) -> Result<Vec<Row<D>>, Error> {
        let mut rows = Vec::new();
        for (text, arguments) in self.bind(parameters)? {
            rows.extend(
                D::fetch(connection, text, arguments, self.is_named)
                    .await?
                    .into_iter()
                    .map(Row),
            );
        }
        Ok(rows)
    }

    /// Runs it and returns its first row, if there is one.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn first(
        &self,
        connection: &mut D::Connection,
        parameters: Parameters,
    ) -> Result<Option<Row<D>>, Error> {
        Ok(self.fetch(connection, parameters).await?.into_iter().next())
    }

    /// The text that is sent, with `{rows}` where SQLite will see rows: to be explained by a test.
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// The texts to run with their arguments: several where the rows do not fit into one.
    pub(crate) fn bind(
        &self,
        parameters: Parameters,
    ) -> Result<Vec<(SqlStr, D::Arguments)>, Error> {
        D::bind(&self.text, self.complete(parameters)?)
    }

    /// With the time as the first, where the statement asks for it.
    pub(crate) fn complete(&self, mut parameters: Parameters) -> Result<Parameters, Error> {
        if self.text.is_timed() {
            parameters.prepend(D::now_parameter(&self.clock));
        }
        parameters.checked()
    }
}
