//! The smaller duties: fanning out, replaying, rescuing what a crash left behind.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use webhooks_store::{Claimer, Database};

use crate::complaint::Complaint;
use crate::error::Error;
use crate::publish::{DELIVERIES, FAN_OUTS, fan_out_page};
use crate::replay::{REPLAYS, replay_page};
use crate::shared::Shared;

/// How often leases that ran out are looked for.
const RESCUE_EVERY: Duration = Duration::from_secs(5);
const PAGE_LEASE: Duration = Duration::from_mins(1);
/// Every send wakes these duties, and few sends are for them: between two looks that find nothing they rest so long.
const FAN_OUT_REST: Duration = Duration::from_millis(20);
const REPLAY_REST: Duration = Duration::from_millis(500);

/// Makes the deliveries of messages with many subscriptions.
pub(super) async fn fan_out<D: Database>(
    shared: Arc<Shared<D>>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut wakeups = shared.store.wake().wakeups();
    let mut complaint = Complaint::default();
    while !*stopped.borrow() {
        match fan_out_due(&shared).await {
            Ok(0) => pause(FAN_OUT_REST, &mut stopped).await,
            Ok(_) => continue,
            Err(error) => {
                if let Some(error) = complaint.about(&error.reason(), Instant::now()) {
                    tracing::warn!(error, "a message could not be fanned out");
                }
            }
        }
        tokio::select! {
            () = wakeups.wait(shared.rules.poll) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Makes one page of deliveries of each message that is due; returns how many pages.
pub(super) async fn fan_out_due<D: Database>(shared: &Shared<D>) -> Result<usize, Error> {
    let jobs = Claimer::new(&shared.store, FAN_OUTS)
        .lease(PAGE_LEASE)
        .claim(16)
        .await?
        .jobs;
    // One that cannot be made now does not keep the others waiting for the end of their leases.
    let mut failed = None;
    for job in &jobs {
        if let Err(error) = fan_out_page(shared, job).await {
            failed = failed.or(Some(error));
        }
    }
    failed.map_or(Ok(jobs.len()), Err)
}

/// Brings failed deliveries back.
pub(super) async fn replay<D: Database>(
    shared: Arc<Shared<D>>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut wakeups = shared.store.wake().wakeups();
    let mut complaint = Complaint::default();
    while !*stopped.borrow() {
        match replay_due(&shared).await {
            Ok(0) => pause(REPLAY_REST, &mut stopped).await,
            Ok(_) => continue,
            Err(error) => {
                if let Some(error) = complaint.about(&error.reason(), Instant::now()) {
                    tracing::warn!(error, "deliveries could not be replayed");
                }
            }
        }
        tokio::select! {
            () = wakeups.wait(shared.rules.poll * 5) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Brings one page of failed deliveries back for each replay that is due; returns how many pages.
pub(super) async fn replay_due<D: Database>(shared: &Shared<D>) -> Result<usize, Error> {
    let jobs = Claimer::new(&shared.store, REPLAYS)
        .lease(PAGE_LEASE)
        .claim(4)
        .await?
        .jobs;
    let mut failed = None;
    for job in &jobs {
        if let Err(error) = replay_page(shared, job).await {
            failed = failed.or(Some(error));
        }
    }
    failed.map_or(Ok(jobs.len()), Err)
}

/// Makes deliveries whose process died claimable again.
pub(super) async fn rescue<D: Database>(
    shared: Arc<Shared<D>>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut complaint = Complaint::default();
    while !*stopped.borrow() {
        for (queue, lease) in [
            (DELIVERIES, shared.rules.lease),
            (FAN_OUTS, PAGE_LEASE),
            (REPLAYS, PAGE_LEASE),
        ] {
            match shared.store.rescue(queue, lease, 1000).await {
                Ok(rescued) if rescued.is_empty() => {}
                Ok(rescued) => {
                    tracing::warn!(
                        queue,
                        count = rescued.len(),
                        "leases ran out; the work is done again"
                    );
                    metrics::counter!("webhooks_rescued_total").increment(rescued.len() as u64);
                    shared.store.wake().now();
                }
                Err(error) => {
                    if let Some(error) = complaint.about(&error.reason(), Instant::now()) {
                        tracing::warn!(error, "leases could not be looked through");
                    }
                }
            }
        }
        pause(RESCUE_EVERY, &mut stopped).await;
    }
}

pub(super) async fn pause(time: Duration, stopped: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        _ = stopped.changed() => {}
    }
}
