//! Attempts over all deliveries.

use webhooks_sender::database::Database;
use webhooks_sender::id::AttemptId;
use webhooks_sender::query::{
    Attempt, AttemptFilter, Cursor, DeliveryFilter, DeliveryState, MessageFilter, Page,
    PageRequest, StatusFilter,
};

use super::Filled;
use crate::webhooks::{payment, payment_created};

/// Each once, in order, whatever is left out: held against the attempts of each delivery by itself.
pub(super) async fn look<D: Database>(filled: &Filled<D>) {
    several_attempts(filled).await;
    let failed = StatusFilter::range(500..=599);
    for owner in [None, Some("acct_1"), Some("acct_2"), Some("acct_3")] {
        let all = one_by_one(filled, owner).await;
        for status in [None, Some(failed.clone()), Some(StatusFilter::UNANSWERED)] {
            let wanted = |attempt: &&Attempt| {
                let status = status.as_ref();
                status.is_none_or(|status| status.matches(attempt.status))
            };
            let expected: Vec<AttemptId> = all
                .iter()
                .filter(wanted)
                .map(|attempt| attempt.id.clone())
                .collect();
            let mut filter = AttemptFilter::new();
            if let Some(status) = &status {
                filter = filter.status(status.clone());
            }
            for limit in [7, 60, 1000] {
                let seen = paged(filled, owner, &filter, limit).await;
                assert_eq!(seen, expected, "{status:?} of {owner:?} by {limit}");
            }
        }
    }
    of_some_deliveries(filled).await;
}

/// Some deliveries have had more than one, also after they were brought back; one delivery has had none yet.
async fn several_attempts<D: Database>(filled: &Filled<D>) {
    let operator = filled.sender.operator();
    let failed = DeliveryFilter::new().state(DeliveryState::Failed);
    let failed = operator.deliveries(&failed, 6).await.expect("a page").items;
    assert_eq!(failed.len(), 6);
    for again in [&failed[..], &failed[..2]] {
        for delivery in again {
            operator.retry(&delivery.id).await.expect("made again");
        }
        filled.sender.deliver().await.expect("delivered");
    }
    let message = payment_created(payment(1));
    filled.sender.send("acct_1", message).await.expect("sent");
}

async fn of_some_deliveries<D: Database>(filled: &Filled<D>) {
    let all = one_by_one(filled, Some("acct_1")).await;
    let to = DeliveryFilter::new().subscription(filled.free.clone());
    let to_free = all.iter().filter(|one| one.subscription == filled.free);
    let to_free: Vec<AttemptId> = to_free.map(|one| one.id.clone()).collect();
    let declined = DeliveryFilter::of(MessageFilter::new().event("payment.card.*"));
    for limit in [1, 1000] {
        let filter = AttemptFilter::of(to.clone());
        let seen = paged(filled, Some("acct_1"), &filter, limit).await;
        assert_eq!(seen, to_free, "by {limit}");
        let filter = AttemptFilter::of(declined.clone());
        let seen = paged(filled, None, &filter, limit).await;
        assert_eq!(seen.len(), 60, "by {limit}");
    }
}

/// Delivery by delivery, and of each the last one first.
async fn one_by_one<D: Database>(filled: &Filled<D>, owner: Option<&str>) -> Vec<Attempt> {
    let (mut all, mut after) = (Vec::new(), None::<Cursor>);
    loop {
        let page = PageRequest::first(50).after(after);
        let filter = DeliveryFilter::new();
        let found = match owner {
            Some(owner) => filled.sender.of(owner).deliveries(&filter, page).await,
            None => filled.sender.operator().deliveries(&filter, page).await,
        };
        let found = found.expect("a page");
        for delivery in found.items {
            let own = filled.sender.operator().attempts(&delivery.id).await;
            all.extend(own.expect("attempts").into_iter().rev());
        }
        after = found.next;
        if after.is_none() {
            return all;
        }
    }
}

async fn paged<D: Database>(
    filled: &Filled<D>,
    owner: Option<&str>,
    filter: &AttemptFilter,
    limit: u32,
) -> Vec<AttemptId> {
    let (mut seen, mut after) = (Vec::new(), None::<Cursor>);
    loop {
        let page = PageRequest::first(limit).after(after);
        let found = match owner {
            Some(owner) => filled.sender.of(owner).find_attempts(filter, page).await,
            None => filled.sender.operator().find_attempts(filter, page).await,
        };
        let Page { items, next, .. } = found.expect("a page");
        assert!(items.len() <= limit as usize);
        seen.extend(items.into_iter().map(|attempt| attempt.id));
        after = next.map(|next| next.to_string().parse().expect("a cursor"));
        if after.is_none() {
            return seen;
        }
    }
}
