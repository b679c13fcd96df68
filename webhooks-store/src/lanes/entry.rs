//! A row of a lane as it is read.

use std::sync::Arc;
use std::time::SystemTime;

use super::place::{Place, Version};
use crate::job::Id;
use crate::lane::LaneName;

/// A row that waits, as reads bring it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Which lane it is in.
    pub lane: LaneName,
    /// Whose lane that is: lanes of one owner share what the owner gets.
    pub owner: i64,
    /// Where it stands in its lane, and which row it is.
    pub place: Place,
    /// The state of the row.
    pub version: Version,
    /// A hash of its order key. Two keys that share a hash are kept in one order, which hurts neither.
    pub order_key: Option<u64>,
    /// An ordered job that waits for its next try keeps its place and waits until then, in the database's milliseconds.
    /// [`i64::MAX`]: until it is changed by hand.
    pub held_ms: Option<i64>,
    /// How many tries have been counted.
    pub attempts: u32,
    /// How often its request was [begun](super::Ask::Mark) without an outcome, by processes that died meanwhile.
    pub starts: u32,
    /// What was inserted.
    pub content: Arc<Content>,
}

impl Entry {
    /// Which row.
    pub fn id(&self) -> Id {
        self.place.id
    }

    /// Whether its request has ended so many processes that it is not to be made again.
    pub fn is_deadly(&self) -> bool {
        self.starts >= super::doubt::DEADLY
    }
}

/// What a job was inserted with, and who looks at it is its worker alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Content {
    /// See [`NewJob::reference`](crate::NewJob::reference).
    pub reference: Option<Id>,
    /// See [`NewJob::order_key`](crate::NewJob::order_key).
    pub order_key: Option<String>,
    /// See [`NewJob::labels`](crate::NewJob::labels).
    pub labels: Option<String>,
    /// See [`NewJob::data`](crate::NewJob::data).
    pub data: Vec<u8>,
    /// When it was inserted.
    pub created_at: SystemTime,
}

impl Default for Content {
    /// Nothing, inserted in 1970.
    fn default() -> Self {
        Self {
            reference: None,
            order_key: None,
            labels: None,
            data: Vec::new(),
            created_at: SystemTime::UNIX_EPOCH,
        }
    }
}
