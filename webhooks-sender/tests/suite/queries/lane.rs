//! The deliveries to one subscription.

use webhooks_sender::database::Database;
use webhooks_sender::query::{DeliveryFilter, DeliveryState, MessageFilter};

use super::Filled;
use crate::webhooks::{payment, payment_created};

/// What waits and what has ended come from two tables, and a page goes through both.
pub(super) async fn look<D: Database>(filled: &Filled<D>) {
    let to = |filter: DeliveryFilter| filter.subscription(filled.paid.clone());
    let ended = filled.deliveries(to(DeliveryFilter::new()), 1000).await;
    for number in 0..3 {
        let message = payment_created(payment(number));
        filled.sender.send("acct_1", message).await.expect("sent");
    }
    let now = MessageFilter::new().since(filled.sender.now());
    let created = MessageFilter::new().event("payment.created");
    for limit in [1, 7, 60, 1000] {
        for (filter, expected) in [
            (DeliveryFilter::new(), ended + 3),
            (DeliveryFilter::new().ended(), ended),
            (DeliveryFilter::new().state(DeliveryState::Pending), 3),
            (DeliveryFilter::of(now.clone()), 3),
            (
                DeliveryFilter::of(created.clone()).state(DeliveryState::Pending),
                3,
            ),
        ] {
            let shown = format!("{filter:?} by {limit}");
            let found = filled.deliveries(to(filter), limit).await;
            assert_eq!(found, expected, "{shown}");
        }
    }
    // What failed is found by itself, whatever else there is.
    let failed = DeliveryFilter::of(created).state(DeliveryState::Failed);
    assert_eq!(filled.deliveries(failed, 7).await, 30);
}
