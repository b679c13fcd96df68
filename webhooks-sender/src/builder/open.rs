//! What only SQLite has: a file of the sender's own, and the testing kit's memory.

use std::path::Path;

use webhooks_store::{Sqlite, Store};

use super::SenderBuilder;
use crate::sender::Sender;

impl Sender<Sqlite> {
    /// A sender with a database file of its own, for an application without one. The file is made when it is missing.
    ///
    /// `send_in` takes transactions of the sender's database, so an application that has one of its own takes
    /// [`Sender::new`] with its pool.
    pub fn open(path: impl AsRef<Path>) -> SenderBuilder<Sqlite> {
        SenderBuilder::on(Store::file(path))
    }
}
