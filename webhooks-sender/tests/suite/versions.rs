//! What a process does not know, it leaves to one that does: without using a try, and without blaming the customer.
//!
//! Two programs on one database, as in a rolling deploy. The older one runs and owns the lanes; then the newer one does.

use std::sync::Arc;
use std::time::Duration;

use sqlx::Pool;
use tokio::time::timeout;
use webhooks_sender::database::Database;
use webhooks_sender::dialect::Dialect;
use webhooks_sender::id::SubscriptionId;
use webhooks_sender::query::{AuditFilter, DeliveryFilter, DeliveryState, MessageFilter};
use webhooks_sender::subscription::SubscriptionState;
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::testing::TestTransport;
use webhooks_sender::{Error, Outbound, Sender, SenderBuilder, Subscription};
use webhooks_signature::Scheme;

use crate::webhooks::{bare, payment, payment_created};

/// Owners of whom nothing is odd.
const HEALTHY: usize = 20;

/// What the older program meets.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Odd {
    /// A dialect that it does not have.
    Dialect,
    /// A target that its policy forbids.
    Policy,
    /// A setting that it has not heard of.
    NewSetting,
    /// A setting of another shape.
    OtherShape,
    State,
    /// Members of a message's request.
    Message,
}

const ODD: [Odd; 6] = [
    Odd::Dialect,
    Odd::Policy,
    Odd::NewSetting,
    Odd::OtherShape,
    Odd::State,
    Odd::Message,
];

impl Odd {
    fn owner(self) -> String {
        format!("{self:?}")
    }

    /// How a later version writes the row; and how this one does, which stands for a program that understands it.
    fn statements(self) -> Option<[String; 2]> {
        let owner = self.owner();
        let of = |table: &str, set: &str| {
            format!("UPDATE webhooks_{table} SET {set} WHERE owner = '{owner}'")
        };
        let settings = |from: &str, to: &str| {
            let set =
                format!("settings = replace(settings, '{from}', '{to}'), revision = revision + 1");
            of("subscriptions", &set)
        };
        let (plain, newer) = match self {
            Self::Dialect | Self::Policy => return None,
            Self::NewSetting => (r#"{"events""#, r#"{"sequence":true,"events""#),
            Self::OtherShape => (r#""rate_limit":9"#, r#""rate_limit":{"per_second":9}"#),
            Self::State => {
                let state = |state: &str| {
                    of(
                        "subscriptions",
                        &format!("state = '{state}', revision = revision + 1"),
                    )
                };
                return Some([state("quarantined"), state("active")]);
            }
            Self::Message => {
                let wire = |wire: &str| of("messages", &format!("wire = {wire}"));
                return Some([
                    wire(r#"'{"method":"POST","compression":"zstd"}'"#),
                    wire("NULL"),
                ]);
            }
        };
        Some([settings(plain, newer), settings(newer, plain)])
    }
}

async fn run<D: Database>(pool: &Pool<D>, sql: String)
where
    for<'c> &'c mut D::Connection: sqlx::Executor<'c, Database = D>,
{
    let mut connection = pool.acquire().await.expect("a connection");
    let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
    sql.execute(&mut *connection).await.expect("executed");
}

fn older<D: Database>(pool: &Pool<D>, transport: &Arc<TestTransport>) -> SenderBuilder<D> {
    let sender = Sender::new(pool.clone()).webhooks(bare());
    sender.transport(Arc::clone(transport))
}

fn newer<D: Database>(pool: &Pool<D>, transport: &Arc<TestTransport>) -> SenderBuilder<D> {
    let acme = Dialect::signed("acme", Scheme::GITHUB).event_header("x-acme-event");
    older(pool, transport)
        .dialect(Dialect::standard_webhooks())
        .dialect(acme)
        .targets(TargetPolicy::development())
}

async fn subscribe<D: Database>(sender: &Sender<D>, wanted: Subscription) -> SubscriptionId {
    let subscribed = sender.operator().subscribe(wanted.event("*")).await;
    subscribed.expect("a subscription").id
}

async fn all_delivered<D: Database>(sender: &Sender<D>, owner: &str, count: usize) {
    let delivered = DeliveryFilter::of(MessageFilter::new().owner(owner));
    let delivered = delivered.state(DeliveryState::Delivered);
    let all = async {
        loop {
            let page = sender.operator().deliveries(&delivered, 100).await;
            if page.expect("a page").items.len() >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let waited = timeout(Duration::from_secs(40), all).await;
    waited.unwrap_or_else(|_| panic!("{owner} gets its messages"));
}

pub(crate) async fn left_to_a_newer<D: Database>(pool: Pool<D>)
where
    for<'c> &'c mut D::Connection: sqlx::Executor<'c, Database = D>,
{
    let transport = Arc::new(TestTransport::default());
    let api = newer(&pool, &transport)
        .without_engine()
        .start()
        .await
        .expect("an API");
    let mut odd = Vec::new();
    for kind in ODD {
        let owner = kind.owner();
        let target = format!("https://{}.example.com/hook", owner.to_lowercase());
        let wanted = match kind {
            Odd::Dialect => Subscription::new(owner, target).dialect("acme"),
            Odd::Policy => Subscription::new(owner, "http://127.0.0.1/hook"),
            _ => Subscription::new(owner, target).rate_limit(9),
        };
        odd.push((kind, subscribe(&api, wanted).await));
    }
    for number in 0..HEALTHY {
        let wanted = Subscription::new(format!("healthy {number}"), "https://example.com/hook");
        subscribe(&api, wanted).await;
    }
    for kind in ODD {
        for number in 0..2 {
            let message = Outbound::new(payment_created(payment(number)));
            api.send(kind.owner(), message).await.expect("sent");
        }
        if let Some([as_newer, _]) = kind.statements() {
            run(&pool, as_newer).await;
        }
    }

    let old = older(&pool, &transport)
        .start()
        .await
        .expect("the older program");
    for round in 1..=5 {
        for number in 0..HEALTHY {
            let owner = format!("healthy {number}");
            old.send(owner, payment_created(payment(round)))
                .await
                .expect("sent");
        }
    }
    for number in 0..HEALTHY {
        all_delivered(&old, &format!("healthy {number}"), 5).await;
    }
    assert_eq!(
        transport.requests().len(),
        5 * HEALTHY,
        "nothing of the others"
    );
    // Lists go on without what cannot be read.
    let page = old
        .operator()
        .subscriptions(None, 100)
        .await
        .expect("a page");
    assert_eq!(page.items.len(), HEALTHY + 3);
    let unreadable = old.operator().subscription(&odd[2].1).await;
    assert!(
        matches!(unreadable, Err(Error::Corrupt(_))),
        "{unreadable:?}"
    );
    old.shut_down().await;

    for statement in ODD.into_iter().filter_map(Odd::statements) {
        run(&pool, statement[1].clone()).await;
    }
    let new = newer(&pool, &transport)
        .start()
        .await
        .expect("the newer program");
    all_taken_up(&new, odd).await;
    new.shut_down().await;
}

/// Everything is delivered, and nothing was counted against the customers.
async fn all_taken_up<D: Database>(new: &Sender<D>, odd: Vec<(Odd, SubscriptionId)>) {
    // This one was put off by itself, for a minute; a person need not wait for it.
    let of_message = DeliveryFilter::new().subscription(odd[5].1.clone());
    let page = new.operator().deliveries(&of_message, 10).await;
    for delivery in page.expect("a page").items {
        new.operator().retry(&delivery.id).await.expect("hastened");
    }
    for (kind, id) in odd {
        all_delivered(new, &kind.owner(), 2).await;
        let stored = new.operator().subscription(&id).await.expect("stored");
        assert_eq!(
            (stored.state, stored.failures),
            (SubscriptionState::Active, 0),
            "{kind:?}"
        );
        let page = new
            .operator()
            .deliveries(&DeliveryFilter::new().subscription(id), 10)
            .await;
        for delivery in page.expect("a page").items {
            assert_eq!(delivery.attempts, 1, "{kind:?}: {delivery:?}");
        }
    }
}

/// What cannot be read can be removed, by itself and with its owner: a customer who leaves has a right to it.
pub(crate) async fn removed<D: Database>(pool: Pool<D>)
where
    for<'c> &'c mut D::Connection: sqlx::Executor<'c, Database = D>,
{
    let transport = Arc::new(TestTransport::default());
    let sender = older(&pool, &transport)
        .without_engine()
        .start()
        .await
        .expect("a sender");
    for kind in [Odd::NewSetting, Odd::State] {
        let wanted = Subscription::new(kind.owner(), "https://example.com/hook");
        subscribe(&sender, wanted).await;
        let [as_newer, _] = kind.statements().expect("a statement");
        run(&pool, as_newer).await;
    }
    let single = Odd::NewSetting.owner();
    let wanted = Subscription::new(single.as_str(), "https://example.com/hook");
    let id = subscribe(&sender, wanted).await;
    let [as_newer, _] = Odd::NewSetting.statements().expect("a statement");
    run(&pool, as_newer).await;
    let foreign = sender.of("another").unsubscribe(&id).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    let account = sender.of(single.as_str()).by("the customer");
    let unreadable = account.subscription(&id).await;
    assert!(
        matches!(unreadable, Err(Error::Corrupt(_))),
        "{unreadable:?}"
    );
    account.unsubscribe(&id).await.expect("removed");
    let again = account.unsubscribe(&id).await;
    assert!(matches!(again, Err(Error::NotFound)), "{again:?}");
    let trail = account
        .audit(&AuditFilter::new(), 10)
        .await
        .expect("a page");
    assert!(
        trail
            .items
            .iter()
            .any(|entry| entry.actor.as_deref() == Some("the customer"))
    );
    let operator = sender.operator();
    let removed = operator.remove_owner(&Odd::State.owner()).await;
    assert_eq!(removed.expect("removed"), 1);
    operator
        .erase_owner(Odd::NewSetting.owner())
        .await
        .expect("a job");
    sender.deliver().await.expect("the job is done");
    // Any row that is left is refused here.
    run(
        &pool,
        "CREATE TABLE left_over (id integer NOT NULL)".to_owned(),
    )
    .await;
    let left = "INSERT INTO left_over SELECT CAST(NULL AS integer) FROM webhooks_subscriptions";
    run(&pool, left.to_owned()).await;
}

/// A static subscription that a newer program has written keeps no older one from starting.
#[tokio::test]
async fn a_static_subscription_of_a_newer_program_is_left_to_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = crate::outbox::pool(&folder).await;
    let secret = || webhooks_signature::Secret::generate().expect("a secret");
    let program = |secret| {
        let wanted = Subscription::new("acct_1", "https://example.com/hook").event("*");
        let sender = Sender::new(pool.clone()).webhooks(bare()).without_engine();
        sender.subscription("billing", wanted.secret(secret))
    };
    program(secret()).start().await.expect("a sender");
    let newer =
        r#"UPDATE webhooks_subscriptions SET settings = '{"sequence":true,"events":["*"]}'"#;
    run(&pool, newer.to_owned()).await;
    program(secret())
        .start()
        .await
        .expect("the older program starts");
    let without = Sender::new(pool.clone()).webhooks(bare()).without_engine();
    without.start().await.expect("also one that has none");
    let kept = sqlx::query_scalar::<_, String>("SELECT settings FROM webhooks_subscriptions");
    let kept = kept.fetch_one(&pool).await.expect("it is there");
    assert!(kept.contains("sequence"), "{kept}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_process_does_not_know_it_leaves_to_one_that_does() {
    let folder = tempfile::tempdir().expect("a folder");
    left_to_a_newer(crate::outbox::pool(&folder).await).await;
}

#[tokio::test]
async fn an_owner_whose_subscriptions_cannot_be_read_can_be_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    removed(crate::outbox::pool(&folder).await).await;
}

#[cfg(feature = "postgres")]
mod postgres {
    use crate::postgres::with_schema;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "needs PostgreSQL: cargo xtask test"]
    async fn what_a_process_does_not_know_it_leaves_to_one_that_does_on_postgres() {
        with_schema("versions", super::left_to_a_newer).await;
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL: cargo xtask test"]
    async fn an_owner_whose_subscriptions_cannot_be_read_can_be_removed_on_postgres() {
        with_schema("unreadable", super::removed).await;
    }
}
