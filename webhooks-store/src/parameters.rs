//! What goes into a statement, the same for both databases. What comes out of it is a [`Row`](crate::Row).
//!
//! Three kinds of value are enough: whole numbers, text and bytes. Each NULL knows its kind, because PostgreSQL asks.

use crate::error::Error;

/// The parameters of a statement: first the single values, then the columns of the rows it is given.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    pub(crate) values: Vec<SqlValue>,
    pub(crate) columns: Vec<Column>,
}

/// One value of a statement. NULL is the `None` of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SqlValue {
    /// A whole number: `INTEGER`, `bigint`.
    Int(Option<i64>),
    /// A text.
    Text(Option<String>),
    /// Bytes: `BLOB`, `bytea`.
    Bytes(Option<Vec<u8>>),
}

/// A statement with its values, for a program that runs it on a driver of its own.
///
/// The values are numbered from 1: `?1` on SQLite, `$1` on PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlStatement {
    /// The SQL.
    pub text: String,
    /// The values, in the order of their numbers.
    pub values: Vec<SqlValue>,
}

#[derive(Clone, Debug)]
pub(crate) enum Column {
    Int(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Column {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Int(cells) => cells.len(),
            Self::Text(cells) => cells.len(),
            Self::Bytes(cells) => cells.len(),
        }
    }
}

impl Parameters {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A number.
    pub fn int(self, value: i64) -> Self {
        self.maybe_int(Some(value))
    }

    /// A number or NULL.
    pub fn maybe_int(mut self, value: Option<i64>) -> Self {
        self.values.push(SqlValue::Int(value));
        self
    }

    /// A text.
    pub fn text(self, value: impl Into<String>) -> Self {
        self.maybe_text(Some(value))
    }

    /// A text or NULL.
    pub fn maybe_text(mut self, value: Option<impl Into<String>>) -> Self {
        self.values.push(SqlValue::Text(value.map(Into::into)));
        self
    }

    /// Bytes.
    pub fn bytes(self, value: impl Into<Vec<u8>>) -> Self {
        self.maybe_bytes(Some(value))
    }

    /// Bytes or NULL.
    pub fn maybe_bytes(mut self, value: Option<impl Into<Vec<u8>>>) -> Self {
        self.values.push(SqlValue::Bytes(value.map(Into::into)));
        self
    }

    /// A column of numbers.
    pub fn ints(self, cells: impl IntoIterator<Item = i64>) -> Self {
        self.maybe_ints(cells.into_iter().map(Some))
    }

    /// A column of numbers and NULLs.
    pub fn maybe_ints(mut self, cells: impl IntoIterator<Item = Option<i64>>) -> Self {
        self.columns.push(Column::Int(cells.into_iter().collect()));
        self
    }

    /// A column of texts.
    pub fn texts<T: Into<String>>(self, cells: impl IntoIterator<Item = T>) -> Self {
        self.maybe_texts(cells.into_iter().map(Some))
    }

    /// A column of texts and NULLs.
    pub fn maybe_texts<T: Into<String>>(
        mut self,
        cells: impl IntoIterator<Item = Option<T>>,
    ) -> Self {
        self.columns.push(Column::Text(
            cells.into_iter().map(|cell| cell.map(Into::into)).collect(),
        ));
        self
    }

    /// A column of bytes.
    pub fn blobs<T: Into<Vec<u8>>>(self, cells: impl IntoIterator<Item = T>) -> Self {
        self.maybe_blobs(cells.into_iter().map(Some))
    }

    /// A column of bytes and NULLs.
    pub fn maybe_blobs<T: Into<Vec<u8>>>(
        mut self,
        cells: impl IntoIterator<Item = Option<T>>,
    ) -> Self {
        self.columns.push(Column::Bytes(
            cells.into_iter().map(|cell| cell.map(Into::into)).collect(),
        ));
        self
    }

    pub(crate) fn prepend(&mut self, value: i64) {
        self.values.insert(0, SqlValue::Int(Some(value)));
    }

    /// How many rows are given, if any column is.
    pub(crate) fn rows(&self) -> Option<usize> {
        self.columns.first().map(Column::len)
    }

    /// Columns of different lengths are a mistake in the program, found before the database pads them with NULL.
    pub(crate) fn checked(self) -> Result<Self, Error> {
        let uneven = self
            .columns
            .windows(2)
            .any(|pair| pair[0].len() != pair[1].len());
        if uneven {
            let lengths: Vec<_> = self.columns.iter().map(Column::len).collect();
            return Err(Error::Database(sqlx::Error::Encode(
                format!("the columns given to a statement have different lengths: {lengths:?}")
                    .into(),
            )));
        }
        Ok(self)
    }
}
