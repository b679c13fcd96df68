//! A sender of a program that is not the application: it looks at the application's tables, and may act on them.

use webhooks_store::Database;

use super::SenderBuilder;

/// # From outside
impl<D: Database> SenderBuilder<D> {
    /// For a program other than the application, such as a dashboard that someone starts at a terminal. It has neither the
    /// application's webhooks nor its keys, and must not be in the application's way:
    ///
    /// - it makes no requests and no tables: both are the application's;
    /// - it starts without keys that are missing. What needs them is refused, also writing a secret without
    ///   encryption where the application encrypts: its next start would be refused then;
    /// - patterns of events are taken as they are.
    ///
    /// ```
    /// use webhooks_sender::{Error, Sender};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let path = folder.path().join("webhooks.db");
    /// # Sender::open(&path).start().await?.shut_down().await;
    /// let looking = Sender::open(&path).from_outside().start().await?;
    /// assert_eq!(looking.operator().queue_stats().await?.ready, 0);
    /// # looking.shut_down().await;
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "dashboard")]
    #[doc(alias = "tool")]
    pub fn from_outside(mut self) -> Self {
        self.engine = false;
        self.is_outside = true;
        self.options = self.options.without_migrating();
        self
    }

    /// [From outside](Self::from_outside), and only to look: whatever would write is refused. Give it a pool whose
    /// connections cannot write either.
    #[doc(alias = "inspect")]
    pub fn read_only(mut self) -> Self {
        self = self.from_outside();
        self.options = self.options.read_only();
        self
    }
}
