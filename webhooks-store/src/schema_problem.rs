//! What is wrong with the schema, in the words of the database.

use std::fmt;

/// What the database says of its schema: a table that is missing, a right that was not given, SQL that it does not
/// understand. Such a message names tables and columns, never a value.
pub(crate) struct SchemaProblem<'e> {
    message: &'e str,
    is_missing: bool,
}

impl fmt::Display for SchemaProblem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, ": {}", self.message)?;
        if self.is_missing {
            f.write_str(
                "; the tables are made when the sender or receiver starts: has it been started on the database and the schema of \
                 this connection?",
            )?;
        }
        Ok(())
    }
}

pub(crate) fn schema_problem(error: &sqlx::Error) -> Option<SchemaProblem<'_>> {
    let sqlx::Error::Database(reported) = error else {
        return None;
    };
    let (code, message) = (reported.code()?, reported.message());
    // SQLITE_ERROR; PostgreSQL's class "syntax error or access rule violation".
    let is_sqlite = code == "1";
    (is_sqlite || code.starts_with("42") && code.len() == 5).then(|| SchemaProblem {
        message,
        // undefined_table
        is_missing: code == "42P01" || is_sqlite && message.starts_with("no such table"),
    })
}
