//! The deliveries that are in flight, from the claim to the record: counted, because nothing more is claimed beyond a
//! limit.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use tokio::sync::Notify;

use super::load::Delivery;

/// The deliveries in flight, counted.
#[derive(Default)]
pub(super) struct InFlight {
    pub(super) deliveries: AtomicU32,
    pub(super) bytes: AtomicUsize,
    /// There is room worth a claim.
    pub(super) room: Notify,
}

impl InFlight {
    pub(super) fn add(&self, delivery: &Delivery) {
        self.deliveries.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(delivery.size(), Ordering::Relaxed);
    }

    pub(super) fn remove(&self, size: usize) {
        self.deliveries.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(size, Ordering::Relaxed);
    }
}

/// A delivery in flight, until this is dropped. Application code (a transport, a rule) may panic, and then it is dropped
/// too.
pub(super) struct InFlightGuard<'f> {
    in_flight: &'f InFlight,
    size: usize,
}

impl<'f> InFlightGuard<'f> {
    pub(super) fn new(in_flight: &'f InFlight, delivery: &Delivery) -> Self {
        Self {
            in_flight,
            size: delivery.size(),
        }
    }
}

impl Drop for InFlightGuard<'_> {
    fn drop(&mut self) {
        self.in_flight.remove(self.size);
    }
}
