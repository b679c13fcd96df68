//! Looking at so many rows, of which a statement returns those that may be wanted, and the last one in any case: the others need
//! not be sent, and it is known where the next ones are. What is wanted is decided above.

use webhooks_store::{Database, Row};

use crate::error::Error;

/// Some of the rows that were looked at, the last one among them.
#[derive(Debug)]
pub(crate) struct Scan<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) looked_at: u32,
}

/// How many rows a statement looked at.
pub(super) fn looked_at<D: Database>(rows: &[Row<D>]) -> Result<u32, Error> {
    let number = rows.first().map(|row| row.int("looked_at")).transpose()?;
    Ok(u32::try_from(number.unwrap_or(0)).unwrap_or(u32::MAX))
}
