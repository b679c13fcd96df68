//! A slot of this process.

use crate::lane::LaneName;

/// What is known of it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is true or not whatever the others are"
)]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Own {
    pub(super) epoch: i64,
    /// Its owners have died of late.
    pub(super) is_doubtful: bool,
    /// It stays here, because another process has refused it.
    pub(super) is_kept: bool,
    /// It is given back because this one refuses it.
    pub(super) is_refused: bool,
    /// Nothing new is begun in it, and it is given back when everything has ended.
    pub(super) is_draining: bool,
    pub(super) sweep: Sweep,
}

/// How far the lanes of a slot have been found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sweep {
    Start,
    After(LaneName),
    Done,
}

impl Own {
    pub(super) fn new(epoch: i64, is_doubtful: bool, is_kept: bool) -> Self {
        Self {
            epoch,
            is_doubtful,
            is_kept,
            is_refused: false,
            is_draining: false,
            sweep: Sweep::Start,
        }
    }
}
