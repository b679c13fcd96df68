//! What comes out of a statement, the same for both databases.
//!
//! A column is read by its name, so that one more in the `SELECT` list moves no other.

use crate::database::Database;
use crate::error::Error;

/// A row that a statement returned. Its columns are read by their names in the `SELECT` or `RETURNING` list, which
/// the driver resolves once per statement.
#[derive(Debug)]
pub struct Row<D: Database>(pub(crate) D::Row);

impl<D: Database> Row<D> {
    /// A number.
    ///
    /// # Errors
    ///
    /// When the column is missing, NULL or of another type.
    pub fn int(&self, column: &str) -> Result<i64, Error> {
        self.maybe_int(column)?
            .ok_or_else(|| unexpected_null(column))
    }

    /// A number or NULL.
    ///
    /// # Errors
    ///
    /// When the column is missing or of another type.
    pub fn maybe_int(&self, column: &str) -> Result<Option<i64>, Error> {
        Ok(D::int(&self.0, D::column(&self.0, column)?)?)
    }

    /// A text.
    ///
    /// # Errors
    ///
    /// When the column is missing, NULL or of another type.
    pub fn text(&self, column: &str) -> Result<String, Error> {
        self.maybe_text(column)?
            .ok_or_else(|| unexpected_null(column))
    }

    /// A text or NULL.
    ///
    /// # Errors
    ///
    /// When the column is missing or of another type.
    pub fn maybe_text(&self, column: &str) -> Result<Option<String>, Error> {
        Ok(D::string(&self.0, D::column(&self.0, column)?)?)
    }

    /// Bytes.
    ///
    /// # Errors
    ///
    /// When the column is missing, NULL or of another type.
    pub fn bytes(&self, column: &str) -> Result<Vec<u8>, Error> {
        self.maybe_bytes(column)?
            .ok_or_else(|| unexpected_null(column))
    }

    /// Bytes or NULL.
    ///
    /// # Errors
    ///
    /// When the column is missing or of another type.
    pub fn maybe_bytes(&self, column: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(D::bytes(&self.0, D::column(&self.0, column)?)?)
    }

    /// Bytes as they lie in the row, for what is looked at and not kept.
    ///
    /// # Errors
    ///
    /// When the column is missing, NULL or of another type.
    pub fn slice(&self, column: &str) -> Result<&[u8], Error> {
        self.maybe_slice(column)?
            .ok_or_else(|| unexpected_null(column))
    }

    /// Bytes as they lie in the row, or NULL.
    ///
    /// # Errors
    ///
    /// When the column is missing or of another type.
    pub fn maybe_slice(&self, column: &str) -> Result<Option<&[u8]>, Error> {
        Ok(D::slice(&self.0, D::column(&self.0, column)?)?)
    }
}

fn unexpected_null(column: &str) -> Error {
    Error::Database(sqlx::Error::Decode(
        format!("the column {column} is NULL, which it should never be").into(),
    ))
}
