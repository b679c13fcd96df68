//! What a worker has in hand, from the claim to the record: counted, because nothing more is claimed when it is full.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use tokio::sync::Notify;

use super::load::Delivery;

/// What the worker has in hand, counted.
#[derive(Default)]
pub(super) struct Hand {
    pub(super) deliveries: AtomicU32,
    pub(super) bytes: AtomicUsize,
    /// There is room worth a claim.
    pub(super) room: Notify,
}

impl Hand {
    pub(super) fn add(&self, delivery: &Delivery) {
        self.deliveries.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(delivery.size(), Ordering::Relaxed);
    }

    pub(super) fn remove(&self, size: usize) {
        self.deliveries.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(size, Ordering::Relaxed);
    }
}

/// A delivery in hand: out of it when this is dropped, also by a panic in what an application brought.
pub(super) struct Held<'h> {
    hand: &'h Hand,
    size: usize,
}

impl<'h> Held<'h> {
    pub(super) fn new(hand: &'h Hand, delivery: &Delivery) -> Self {
        Self {
            hand,
            size: delivery.size(),
        }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.hand.remove(self.size);
    }
}
