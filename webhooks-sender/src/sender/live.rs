//! Listening to what happens, as an account and as the operator.

use webhooks_store::Database;

use super::{Account, Operator};
use crate::error::Error;
use crate::live::LiveFeed;
use crate::model::LivePosition;

/// # Live
impl<D: Database> Account<D> {
    /// Listens to what happens to this owner's messages and subscriptions from now on, or from a position on. On each side
    /// of an interruption something may come twice, and nothing is left out that happened within an hour, but for what a
    /// [`Gap`](crate::live_feed::Live::Gap) stands for.
    ///
    /// # Errors
    ///
    /// When the database fails.
    #[doc(alias = "stream")]
    #[doc(alias = "tail")]
    pub async fn live(&self, after: impl Into<Option<LivePosition>>) -> Result<LiveFeed<D>, Error> {
        // An owner that is not valid reaches nothing.
        self.reach().check_owner()?;
        let owner = Some(self.owner().to_owned());
        let sender = &self.sender;
        let after = after.into();
        sender.live.listen(&sender.context, owner, after).await
    }
}

/// # Live
impl<D: Database> Operator<D> {
    /// Listens to what happens to all owners' messages and subscriptions from now on, or from a position on; as
    /// [`Account::live`].
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn live(&self, after: impl Into<Option<LivePosition>>) -> Result<LiveFeed<D>, Error> {
        let sender = &self.sender;
        let after = after.into();
        sender.live.listen(&sender.context, None, after).await
    }
}
