//! Tests of implementations of the crate's traits against their contracts.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::deduplicate::{Claim, ClaimGuard, Deduplicate, MessageKey};

const LEASE: Duration = Duration::from_secs(60);

/// Tests a [`Deduplicate`] against its contract: one of many concurrent claims wins, a claim ends with its lease, what was
/// handled stays so, and keys are apart that are not equal byte for byte.
///
/// The store must be empty, or at least hold nothing of receivers whose names begin with `conformance`. It is asked with
/// times of its own, in the year 2026, so it must not compare them with the clock of a database.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use webhooks_receiver::RecentMessages;
/// use webhooks_receiver::testing::conformance;
///
/// conformance::deduplicate(RecentMessages::new(1000)).await;
/// # }
/// ```
///
/// # Panics
///
/// With the rule that does not hold.
pub async fn deduplicate(store: impl Deduplicate) {
    let store = Arc::new(store);
    the_first_claim_wins_and_the_second_is_in_progress(&*store).await;
    what_was_handled_stays_handled_and_another_body_is_noticed(&*store).await;
    a_dropped_claim_is_free_after_its_lease_at_the_latest(&*store).await;
    a_claim_that_is_neither_finished_nor_dropped_ends_with_its_lease(&*store).await;
    a_late_end_does_not_end_the_claim_of_another(&*store).await;
    keys_are_equal_byte_for_byte(&*store).await;
    a_clock_that_is_set_back_forgets_nothing(&*store).await;
    of_many_concurrent_claims_exactly_one_wins(store).await;
}

fn at(seconds: u64) -> SystemTime {
    // 2026-01-01T00:00:00Z
    UNIX_EPOCH + Duration::from_secs(1_767_225_600 + seconds)
}

async fn claim(store: &impl Deduplicate, key: MessageKey<'_>, seconds: u64) -> Claim {
    let claim = store.claim(key, LEASE, at(seconds)).await;
    claim.unwrap_or_else(|error| panic!("the store cannot be asked: {error}"))
}

#[track_caller]
fn won(claim: Claim, rule: &str) -> Box<dyn ClaimGuard> {
    match claim {
        Claim::First(guard) => guard,
        other => panic!("{rule}: {other:?} instead of First"),
    }
}

async fn finish(guard: Box<dyn ClaimGuard>, seconds: u64) {
    let end = guard.finish(at(seconds)).await;
    end.unwrap_or_else(|error| panic!("a claim cannot be finished: {error}"));
}

#[track_caller]
fn is_in_progress(claim: &Claim, rule: &str) {
    assert!(matches!(claim, Claim::InProgress), "{rule}: {claim:?}");
}

#[track_caller]
fn is_handled(claim: &Claim, same: bool, rule: &str) {
    let is_it = matches!(claim, Claim::Handled { same_body } if *same_body == same);
    assert!(is_it, "{rule}: {claim:?}");
}

async fn the_first_claim_wins_and_the_second_is_in_progress(store: &impl Deduplicate) {
    let rule = "the first claim wins and the second is in progress";
    let key = MessageKey::new("conformance 1", "a");
    let guard = won(claim(store, key, 0).await, rule);
    is_in_progress(&claim(store, key, 1).await, rule);
    finish(guard, 2).await;
}

async fn what_was_handled_stays_handled_and_another_body_is_noticed(store: &impl Deduplicate) {
    let rule = "what was handled stays handled and another body is noticed";
    let key = MessageKey::new("conformance 2", "a").with_content([1; 32]);
    finish(won(claim(store, key, 0).await, rule), 1).await;
    for seconds in [2, 61, 3600] {
        is_handled(&claim(store, key, seconds).await, true, rule);
        let other = key.with_content([2; 32]);
        is_handled(&claim(store, other, seconds).await, false, rule);
    }
}

async fn a_dropped_claim_is_free_after_its_lease_at_the_latest(store: &impl Deduplicate) {
    let rule = "a dropped claim is free after its lease at the latest";
    let key = MessageKey::new("conformance 3", "a");
    drop(won(claim(store, key, 0).await, rule));
    finish(won(claim(store, key, 61).await, rule), 62).await;
}

async fn a_claim_that_is_neither_finished_nor_dropped_ends_with_its_lease(
    store: &impl Deduplicate,
) {
    let rule =
        "a claim that is neither finished nor dropped, as after kill -9, ends with its lease";
    let key = MessageKey::new("conformance 4", "a");
    let lost = won(claim(store, key, 0).await, rule);
    is_in_progress(&claim(store, key, 59).await, rule);
    let next = won(claim(store, key, 61).await, rule);
    finish(next, 62).await;
    drop(lost);
    is_handled(&claim(store, key, 63).await, true, rule);
}

async fn a_late_end_does_not_end_the_claim_of_another(store: &impl Deduplicate) {
    let rule = "the end of a claim whose lease is over does not end the claim of another";
    let key = MessageKey::new("conformance 5", "a");
    let late = won(claim(store, key, 0).await, rule);
    let next = won(claim(store, key, 61).await, rule);
    drop(late);
    is_in_progress(&claim(store, key, 62).await, rule);
    finish(next, 63).await;
    is_handled(&claim(store, key, 64).await, true, rule);
}

async fn keys_are_equal_byte_for_byte(store: &impl Deduplicate) {
    let rule = "two keys are the same only if receiver and id are equal byte for byte";
    let long = "x".repeat(512);
    let longer = format!("{}y", &long[1..]);
    let keys = [
        ("conformance 6", "a"),
        ("conformance 6", "A"),
        ("conformance 6", "a "),
        ("conformance 6 a", ""),
        ("conformance 6a", "a"),
        ("conformance 6", "\u{e9}"),
        ("conformance 6", "e\u{301}"),
        ("conformance 6", "'; --"),
        ("conformance 6", "%_\\"),
        ("conformance 6", &long),
        ("conformance 6", &longer),
    ];
    for (receiver, id) in keys {
        let key = MessageKey::new(receiver, id);
        finish(won(claim(store, key, 0).await, rule), 1).await;
    }
}

async fn a_clock_that_is_set_back_forgets_nothing(store: &impl Deduplicate) {
    let rule = "a clock that is set back forgets nothing";
    let key = MessageKey::new("conformance 7", "a");
    finish(won(claim(store, key, 1000).await, rule), 1001).await;
    is_handled(&claim(store, key, 0).await, true, rule);
}

async fn of_many_concurrent_claims_exactly_one_wins<D: Deduplicate>(store: Arc<D>) {
    let rule = "of many concurrent claims exactly one wins";
    let claims: Vec<_> = (0..32)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(
                async move { claim(&*store, MessageKey::new("conformance 8", "a"), 0).await },
            )
        })
        .collect();
    let mut guards = Vec::new();
    for one in claims {
        match one.await.expect(rule) {
            Claim::First(guard) => guards.push(guard),
            Claim::InProgress => {}
            handled @ Claim::Handled { .. } => panic!("{rule}: {handled:?}"),
        }
    }
    assert_eq!(guards.len(), 1, "{rule}");
}
