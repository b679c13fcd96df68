//! What the pages of all jobs have in common: what was asked for, how far the job has come, and what a page leaves behind.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use webhooks_store::Database;

use crate::error::Error;
use crate::model::{JobState, Scope};
use crate::tables::{Advance, BulkJobRow, Tx};

/// Whether a page waits while its subscription has much to send already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Throttle {
    On,
    /// For a caller that does everything that there is to do.
    Off,
}

/// The next page follows immediately.
pub(super) fn advance(progress: &str, done: u64) -> Advance {
    Advance {
        progress: progress.to_owned(),
        done,
        state: JobState::Running,
        reason: None,
        pause: Duration::ZERO,
    }
}

/// What a page that has dealt with `done` leaves behind: where the next one begins, or that it was the last.
pub(super) fn advanced<P: Serialize>(next: Option<&P>, done: usize) -> Advance {
    let progress = next.map(|next| serde_json::to_string(next).expect("numbers are always JSON"));
    Advance {
        state: if progress.is_some() {
            JobState::Running
        } else {
            JobState::Finished
        },
        ..advance(&progress.unwrap_or_default(), done as u64)
    }
}

/// How far a job has come; the beginning where nothing is written.
pub(super) fn progress<P: DeserializeOwned + Default>(row: &BulkJobRow) -> Result<P, Error> {
    if row.progress.is_empty() {
        return Ok(P::default());
    }
    parse(row, &row.progress)
}

/// What was asked for.
pub(super) fn request<R: DeserializeOwned>(row: &BulkJobRow) -> Result<R, Error> {
    parse(row, &row.request)
}

pub(super) fn parse<T: DeserializeOwned>(row: &BulkJobRow, text: &str) -> Result<T, Error> {
    serde_json::from_str(text)
        .map_err(|_| Error::Corrupt(format!("what is stored of the job {}", row.job.id)))
}

/// Whose subscriptions a job reaches.
pub(super) fn scope(row: &BulkJobRow) -> Scope<'_> {
    row.job
        .owner
        .as_deref()
        .map_or(Scope::AllOwners, Scope::Owner)
}

/// Writes how far the job has come as the last thing of a page. False: nothing of the page may be committed.
pub(super) async fn write<D: Database>(
    tx: &mut Tx<'_, D>,
    row: &BulkJobRow,
    advance: &Advance,
) -> Result<bool, Error> {
    let is_ours = tx.advance_job(row, advance).await?;
    if !is_ours {
        let job = row.job.id.as_str();
        tracing::debug!(
            job,
            "a page was dropped: the job was cancelled, or another process has it"
        );
    }
    Ok(is_ours)
}
