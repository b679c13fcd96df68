//! Sealing all secrets anew, with the first key: key after key, page by page.

use serde::{Deserialize, Serialize};
use webhooks_store::{Database, Id};

use super::page::{advanced, progress, write};
use crate::context::Context;
use crate::error::{Error, SealError};
use crate::model::JobState;
use crate::tables::{BulkJobRow, UsedKey};

/// Subscriptions in one page.
const PAGE: u32 = 100;

/// How far it has come.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Progress {
    /// The key whose secrets are sealed anew.
    key: String,
    /// Whether all of that key were looked at.
    is_done: bool,
    /// The last subscription of that key that was looked at.
    after: Option<[u8; 16]>,
    /// How many could not be opened.
    refused: usize,
}

pub(super) async fn page<D: Database>(context: &Context<D>, row: &BulkJobRow) -> Result<(), Error> {
    let mut progress = progress::<Progress>(row)?;
    let tables = &context.tables;
    let newest = tables.vault.newest();
    if newest.is_empty() {
        return Err(SealError::NoKey.into());
    }
    let mut transaction = tables.begin().await?;
    let mut tx = tables.on(&mut transaction);
    let used = tx.used_keys().await?;
    let is_next = |key: &UsedKey| {
        let follows = key.id > progress.key || key.id == progress.key && !progress.is_done;
        key.id != newest && follows
    };
    let (next, resealed) = if let Some(key) = used.into_iter().find(is_next) {
        if key.id != progress.key {
            progress.after = None;
        }
        let after = progress.after.map(Id::from_bytes);
        let page = tx.reseal_page(&key.id, after, PAGE).await?;
        let next = Progress {
            is_done: page.last.is_none(),
            after: page.last.map(|last| *last.as_bytes()),
            key: key.id,
            refused: progress.refused + page.refused,
        };
        (Some(next), page.resealed)
    } else {
        (None, 0)
    };
    let mut advance = advanced(next.as_ref(), resealed);
    if next.is_none() && progress.refused > 0 {
        advance.state = JobState::Failed;
        let refused = progress.refused;
        advance.reason = Some(format!("{refused} could not be opened; the log names them"));
    }
    if write(&mut tx, row, &advance).await? {
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    Ok(())
}
