//! Order, limits and takeover on PostgreSQL.

use webhooks_sender::Sender;
use webhooks_sender::database::Prefix;

use crate::postgres::with_schema;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn order_on_postgres() {
    with_schema("order", |pool| async move {
        let prefix = |name| Prefix::new(name).expect("a prefix");
        let builder = |name| Sender::new(pool.clone()).prefix(prefix(name));
        crate::order::keys(builder("keys_")).await;
        crate::order::first_in_first_out(builder("fifo_")).await;
        Box::pin(crate::order::given_up(builder("on_"), builder("stop_"))).await;
        let (by_key, whole) = (builder("key_"), builder("whole_"));
        Box::pin(crate::order::counted(by_key, whole, builder("held_"))).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn limits_hold_over_several_engines_on_postgres() {
    with_schema("limits", |pool| async move {
        let prefix = |name| Prefix::new(name).expect("a prefix");
        let process = |name| {
            let pool = pool.clone();
            move || Sender::new(pool.clone()).prefix(prefix(name))
        };
        crate::owning::concurrency(process("concurrency_")).await;
        crate::owning::rate(process("rate_")).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn the_lanes_of_an_engine_that_ended_without_a_word_are_taken_over_on_postgres() {
    with_schema("takeover", |pool| async move {
        let prefix = |name| Prefix::new(name).expect("a prefix");
        let process = |name| {
            let pool = pool.clone();
            move || Sender::new(pool.clone()).prefix(prefix(name))
        };
        crate::owning::takeover(process("takeover_")).await;
        crate::owning::by_hand(process("by_hand_")).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn many_paused_subscriptions_hold_up_no_other_on_postgres() {
    with_schema("paused", |pool| async move {
        crate::owning::paused(Sender::new(pool), 2000).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn numbers_and_slow_owners_on_postgres() {
    with_schema("sequence", |pool| async move {
        let prefix = |name| Prefix::new(name).expect("a prefix");
        let builder = |name| Sender::new(pool.clone()).prefix(prefix(name));
        crate::sequence::numbered(|| builder("numbered_")).await;
        crate::sequence::concurrent(builder("concurrent_")).await;
        crate::slow_owners::slow(builder("slow_"), 100).await;
    })
    .await;
}
