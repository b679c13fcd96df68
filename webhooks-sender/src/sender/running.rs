//! What those who run a sender ask of it: which processes work, which keys seal, whose the subscriptions are, and all
//! deliveries held back.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use webhooks_store::Database;

use super::Operator;
use crate::error::Error;
use crate::model::{
    Cursor, CursorError, OwnerTotals, Page, PageRequest, PauseOfAll, Process, Processes,
    SealingKeyUse, StaticReport,
};
use crate::rules::Retention;
use crate::subscriptions::Subscribing;

/// The letter of the cursors of owners.
const OWNERS: char = 'o';

/// # Running it
impl<D: Database> Operator<D> {
    /// Holds all deliveries of all owners back, until [`resume_all`](Self::resume_all): what is sent is accepted and kept,
    /// also over restarts. Once this returns, this process begins no request. Others are notified on PostgreSQL, and find out
    /// by themselves within five seconds; requests that are under way end. Messages with an expiry may expire meanwhile. It
    /// is in the audit trail.
    ///
    /// Customers who [fetch](crate::Account::poll) still do: that is a request of theirs, and none to their servers.
    ///
    /// # Errors
    ///
    /// When the database fails.
    ///
    /// ```
    /// # use webhooks_sender::{Error, Sender};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().start().await?;
    /// let operator = sender.operator().by("ops@example.com");
    /// operator.pause_all().await?;
    /// assert!(operator.pause_of_all().await?.is_some());
    /// operator.resume_all().await?;
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "maintenance")]
    #[doc(alias = "kill switch")]
    pub async fn pause_all(&self) -> Result<(), Error> {
        self.reach().pause_all().await
    }

    /// Lets deliveries go on. Subscriptions that are paused themselves stay so.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn resume_all(&self) -> Result<(), Error> {
        self.reach().resume_all().await
    }

    /// Since when all deliveries are held back, and who did it; [`None`] where they are not.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn pause_of_all(&self) -> Result<Option<PauseOfAll>, Error> {
        self.reach().pause_of_all().await
    }

    /// Which processes make deliveries, and how the work is shared among them.
    ///
    /// # Errors
    ///
    /// When the database fails.
    #[doc(alias = "workers")]
    #[doc(alias = "nodes")]
    pub async fn processes(&self) -> Result<Processes, Error> {
        let context = &self.sender.context;
        let found = context.tables.store.processes().await?;
        let processes = found.all.into_iter().map(|process| Process {
            name: hex(process.name.as_bytes()),
            slots: process.slots,
            capacity: process.capacity,
            is_alive: process.is_alive,
            is_answering: context.delivering.is_engine(&process.name),
        });
        Ok(Processes {
            processes: processes.collect(),
            free_slots: found.free_slots,
        })
    }

    /// With which keys the secrets of subscriptions are sealed, and the one that seals now.
    ///
    /// # Errors
    ///
    /// When the database fails.
    #[doc(alias = "encryption at rest")]
    pub async fn sealing_keys(&self) -> Result<Vec<SealingKeyUse>, Error> {
        let tables = &self.sender.context.tables;
        let vault = &tables.vault;
        let mut connection = tables.connection().await?;
        let used = tables.on(&mut connection).used_keys().await?;
        let mut keys: Vec<SealingKeyUse> = used
            .into_iter()
            .map(|key| SealingKeyUse {
                subscriptions: u32::try_from(key.subscriptions).unwrap_or(u32::MAX),
                is_newest: key.id == vault.newest(),
                is_known: vault.has(&key.id),
                id: key.id,
            })
            .collect();
        // One that has sealed nothing yet.
        if !vault.newest().is_empty() && keys.iter().all(|key| !key.is_newest) {
            keys.push(SealingKeyUse {
                id: vault.newest().to_owned(),
                subscriptions: 0,
                is_newest: true,
                is_known: true,
            });
        }
        Ok(keys)
    }

    /// The static subscriptions, and how what is stored differs from those that this process was started with: another
    /// process may have been started with others since.
    ///
    /// # Errors
    ///
    /// When the database fails.
    #[doc(alias = "drift")]
    pub async fn static_report(&self) -> Result<StaticReport, Error> {
        let context = &self.sender.context;
        let configured = context.configured.as_deref();
        let subscribing = Subscribing::new(context);
        subscribing.static_report(&context.tables, configured).await
    }

    /// How long things are kept.
    pub fn retention(&self) -> Retention {
        self.sender.context.delivering.rules.retention
    }

    /// Who has subscriptions, by name, and what they come to.
    ///
    /// # Errors
    ///
    /// When the cursor is not one of this list, or the database fails.
    #[doc(alias = "tenants")]
    #[doc(alias = "accounts")]
    pub async fn owners(&self, page: impl Into<PageRequest>) -> Result<Page<OwnerTotals>, Error> {
        let page = page.into();
        let behind = page.position::<String>(OWNERS)?;
        let behind = behind.map(|text| decoded(&text)).transpose()?;
        let tables = &self.sender.context.tables;
        let mut connection = tables.connection().await?;
        let mut tx = tables.on(&mut connection);
        let behind = behind.unwrap_or_default();
        let items = tx.page_owners(&behind, page.limit()).await?;
        let last = items
            .last()
            .filter(|_| items.len() == page.limit() as usize);
        let next = last.map(|last| Cursor::new(OWNERS, BASE64.encode(&last.owner)));
        Ok(Page { items, next })
    }
}

fn decoded(text: &str) -> Result<String, CursorError> {
    let bytes = BASE64.decode(text).map_err(|_| CursorError)?;
    String::from_utf8(bytes).map_err(|_| CursorError)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
