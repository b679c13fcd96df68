//! The deliveries that are in flight, from the claim to the record: counted, for all and for each owner, because nothing
//! more is claimed beyond a limit. And whether anything may be sent: not while outcomes cannot be recorded.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

use super::load::Delivery;
use super::subscription_cache::CachedSubscription;

/// The deliveries in flight, counted.
pub(super) struct InFlight {
    pub(super) deliveries: AtomicU32,
    pub(super) bytes: AtomicUsize,
    /// There is room worth a claim.
    pub(super) room: Notify,
    owners: Mutex<HashMap<String, u32>>,
    records: watch::Sender<bool>,
}

impl Default for InFlight {
    fn default() -> Self {
        Self {
            deliveries: AtomicU32::default(),
            bytes: AtomicUsize::default(),
            room: Notify::default(),
            owners: Mutex::default(),
            records: watch::Sender::new(true),
        }
    }
}

impl InFlight {
    pub(super) fn add(&self, delivery: &Delivery) {
        self.deliveries.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(delivery.size(), Ordering::Relaxed);
        if let Some(cached) = &delivery.cached {
            let mut owners = self.owners();
            match owners.get_mut(&cached.owner) {
                Some(count) => *count += 1,
                None => _ = owners.insert(cached.owner.clone(), 1),
            }
        }
    }

    pub(super) fn remove(&self, delivery: &Delivery) {
        self.subtract(delivery.size(), delivery.cached.as_deref());
    }

    /// How many deliveries of an owner are in flight.
    pub(super) fn of_owner(&self, owner: &str) -> u32 {
        self.owners().get(owner).copied().unwrap_or(0)
    }

    /// Whether outcomes can be recorded, as far as is known.
    pub(super) fn records(&self) -> bool {
        *self.records.borrow()
    }

    /// Outcomes can be recorded, or they cannot: what is sent meanwhile would be sent again.
    pub(super) fn set_records(&self, can: bool) {
        let changed = self.records.send_if_modified(|records| {
            let changed = *records != can;
            *records = can;
            changed
        });
        if changed && can {
            self.room.notify_one();
        }
    }

    /// Waits until outcomes can be recorded.
    pub(super) async fn until_it_records(&self) {
        // The sender lives as long as this does.
        let _ = self.records.subscribe().wait_for(|records| *records).await;
    }

    fn subtract(&self, size: usize, cached: Option<&CachedSubscription>) {
        self.deliveries.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(size, Ordering::Relaxed);
        let Some(cached) = cached else { return };
        let mut owners = self.owners();
        if let Some(count) = owners.get_mut(&cached.owner) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                owners.remove(&cached.owner);
            }
        }
    }

    fn owners(&self) -> MutexGuard<'_, HashMap<String, u32>> {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A delivery in flight, until this is dropped. Application code (a transport, a rule) may panic, and then it is dropped
/// too.
pub(super) struct InFlightGuard<'f> {
    in_flight: &'f InFlight,
    size: usize,
    cached: Option<Arc<CachedSubscription>>,
}

impl<'f> InFlightGuard<'f> {
    pub(super) fn new(in_flight: &'f InFlight, delivery: &Delivery) -> Self {
        Self {
            in_flight,
            size: delivery.size(),
            cached: delivery.cached.clone(),
        }
    }
}

impl Drop for InFlightGuard<'_> {
    fn drop(&mut self) {
        self.in_flight.subtract(self.size, self.cached.as_deref());
    }
}
