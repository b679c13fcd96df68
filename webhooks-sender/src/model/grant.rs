//! Grants: what a link gives to those who open it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::GrantId;

/// A grant that was made. Its code is shown only now.
///
/// `Debug` leaves the code out. As JSON it is what one answer shows, once, to the one who makes the link.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct GrantCode {
    /// The id of the grant, to take it back by.
    pub id: GrantId,
    /// The one-time code, for a link. It cannot be read again.
    pub code: String,
}

impl fmt::Debug for GrantCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrantCode")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What was granted, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Grant {
    /// The id of the grant.
    pub id: GrantId,
    /// The owner whose things are reached.
    pub owner: String,
    /// What is granted, as it was given to [`Account::grant`](crate::Account::grant).
    pub content: String,
}
