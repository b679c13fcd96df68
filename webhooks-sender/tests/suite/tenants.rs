//! The matrix of tenants: each call of one account, with the ids of another. It answers as if they did not exist, and the
//! database has no more to do for it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use serde_json::json;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use webhooks_sender::grant::GrantId;
use webhooks_sender::id::{AttemptId, DeliveryId, JobId, MessageId, SubscriptionId};
use webhooks_sender::job::{BulkRetry, Replay, ReplayId};
use webhooks_sender::query::{
    AttemptFilter, AuditFilter, DeliveryFilter, MessageFilter, Period, Poll, SubscriptionFilter,
};
use webhooks_sender::testing::{TestAnswer, TestSender};
use webhooks_sender::{Account, Error, Sender, Sqlite};

use crate::accounts::{TARGET, not_found, request, things};
use crate::webhooks::{all, payment, payment_created};

/// What is asked for in the matrix.
struct Ids {
    subscription: SubscriptionId,
    message: MessageId,
    delivery: DeliveryId,
    attempt: AttemptId,
    job: JobId,
    grant: GrantId,
}

impl Ids {
    /// One of everything, of this owner.
    async fn of(sender: &TestSender, owner: &str) -> Self {
        let ids = things(sender, owner).await;
        let account = sender.of(owner);
        let attempts = account.attempts(&ids.delivery).await.expect("attempts");
        let job = account.replay(&ids.subscription, Replay::all().dry_run());
        let (short, long) = (Duration::from_mins(1), Duration::from_hours(1));
        let grant = account.grant("view", short, long).await.expect("a grant");
        Self {
            attempt: attempts[0].id.clone(),
            job: job.await.expect("a job").id,
            grant: grant.id,
            subscription: ids.subscription,
            message: ids.message,
            delivery: ids.delivery,
        }
    }

    /// Ids of the same time that nothing has.
    fn made_up(now: SystemTime) -> Self {
        let random = [7; 10];
        let delivery = DeliveryId::new(now, random);
        Self {
            subscription: SubscriptionId::new(now, random),
            message: MessageId::new(now, random),
            attempt: format!("{delivery}.0.1").parse().expect("an attempt's id"),
            delivery,
            job: JobId::new(now, random),
            grant: GrantId::new(now, random),
        }
    }
}

/// What was answered to a call, and how many instructions the database has executed for it.
struct Asked {
    call: &'static str,
    answer: String,
    steps: u64,
}

/// What one account asks.
struct Matrix<'s> {
    sender: &'s TestSender,
    b: Account<Sqlite>,
    own: (SubscriptionId, MessageId),
    steps: Arc<AtomicU64>,
    asked: Vec<Asked>,
}

impl Matrix<'_> {
    async fn ask<T: fmt::Debug>(
        &mut self,
        call: &'static str,
        answer: impl Future<Output = Result<T, Error>>,
    ) {
        let before = self.steps.load(Ordering::Relaxed);
        let answer = match answer.await {
            Ok(found) => format!("{found:?}"),
            Err(error) => error.to_string(),
        };
        let steps = self.steps.load(Ordering::Relaxed) - before;
        self.asked.push(Asked {
            call,
            answer,
            steps,
        });
    }

    /// Each call, with these ids.
    async fn with(&mut self, ids: &Ids) -> Vec<Asked> {
        self.subscriptions(&ids.subscription).await;
        self.messages(ids).await;
        self.lists(ids).await;
        std::mem::take(&mut self.asked)
    }

    async fn subscriptions(&mut self, id: &SubscriptionId) {
        let (sender, b) = (self.sender, &self.b.clone());
        let (epoch, hour) = (SystemTime::UNIX_EPOCH, Duration::from_hours(1));
        self.ask("subscription", b.subscription(id)).await;
        self.ask("change", b.change(id, request())).await;
        self.ask("poll", b.poll(id, Poll::new())).await;
        self.ask("pause", b.pause(id)).await;
        self.ask("activate", b.activate(id)).await;
        self.ask("verify", b.verify(id)).await;
        self.ask("rotate", b.rotate(id, Duration::ZERO)).await;
        self.ask("end_grace", b.end_grace(id)).await;
        self.ask("unsubscribe", b.unsubscribe(id)).await;
        self.ask("send_test", b.send_test(id)).await;
        let payload = json!({"id": 1, "amount": 2});
        let example = b.send_example(id, "payment.created", &payload);
        self.ask("send_example", example).await;
        self.ask("replay", b.replay(id, Replay::failed())).await;
        let retry = BulkRetry::failed().subscription(id.clone());
        self.ask("retry_all", b.retry_all(retry)).await;
        self.ask("missed", b.missed(id, epoch, 10)).await;
        let now = sender.now();
        let period = Period::new(now - hour, now, hour).expect("a period");
        self.ask("statistics", b.statistics(id, period)).await;
        let changed = async {
            let mut transaction = sender.begin().await?;
            let changed = b.change_in(&mut transaction, id, request()).await;
            transaction.commit().await?;
            changed
        };
        self.ask("change_in", changed).await;
        // Its own message to another's subscription.
        let (_, own) = self.own.clone();
        let to = std::slice::from_ref(id);
        self.ask("resend to", b.resend(&own, to)).await;
    }

    async fn messages(&mut self, ids: &Ids) {
        let b = &self.b.clone();
        let (message, delivery) = (&ids.message, &ids.delivery);
        self.ask("message", b.message(message)).await;
        let replay = b.replay_message(message, ReplayId::Same);
        self.ask("replay_message", replay).await;
        self.ask("erase_message", b.erase_message(message)).await;
        let (own, _) = self.own.clone();
        let to = std::slice::from_ref(&own);
        self.ask("resend", b.resend(message, to)).await;
        self.ask("delivery", b.delivery(delivery)).await;
        self.ask("retry", b.retry(delivery)).await;
        self.ask("cancel", b.cancel(delivery)).await;
        self.ask("attempt", b.attempt(&ids.attempt)).await;
        let request = b.rebuilt_request(&ids.attempt);
        self.ask("rebuilt_request", request).await;
        self.ask("job", b.job(&ids.job)).await;
        self.ask("cancel_job", b.cancel_job(&ids.job)).await;
        self.ask("revoke_grant", b.revoke_grant(&ids.grant)).await;
    }

    async fn lists(&mut self, ids: &Ids) {
        let b = &self.b.clone();
        self.ask("attempts", b.attempts(&ids.delivery)).await;
        let attempts = b.attempts_to(&ids.subscription, 10);
        self.ask("attempts_to", attempts).await;
        let to = || DeliveryFilter::new().subscription(ids.subscription.clone());
        let of = DeliveryFilter::new().message(ids.message.clone());
        for filter in [of.clone(), to(), to().ended()] {
            self.ask("deliveries", b.deliveries(&filter, 10)).await;
        }
        for filter in [of, to()].map(AttemptFilter::of) {
            let found = b.find_attempts(&filter, 10);
            self.ask("find_attempts", found).await;
        }
    }
}

/// A sender whose database counts what it does.
async fn counting() -> (TestSender, Arc<AtomicU64>) {
    let steps = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&steps);
    let options: SqliteConnectOptions = "sqlite::memory:".parse().expect("a database");
    // Two connections to a database in memory refuse each other what one of them writes, without waiting.
    let pool = SqlitePoolOptions::new().max_connections(1);
    let pool = pool.after_connect(move |connection, _| {
        let counter = Arc::clone(&counter);
        Box::pin(async move {
            let mut handle = connection.lock_handle().await?;
            // After each instruction of SQLite's machine.
            handle.set_progress_handler(1, move || {
                counter.fetch_add(1, Ordering::Relaxed);
                true
            });
            Ok(())
        })
    });
    let options = options.statement_cache_capacity(400);
    let pool: SqlitePool = pool.connect_with(options).await.expect("a pool");
    let webhooks = all().build().expect("a catalogue");
    let sender = Sender::new(pool).webhooks(webhooks).testing();
    (sender.start().await.expect("a sender"), steps)
}

async fn matrix(sender: &TestSender, steps: Arc<AtomicU64>) -> Matrix<'_> {
    let b = sender.of("b");
    let own = b.subscribe(request()).await.expect("subscribed").id;
    let sent = sender.send("b", payment_created(payment(2))).await;
    Matrix {
        sender,
        own: (own, sent.expect("sent").id),
        b,
        steps,
        asked: Vec::new(),
    }
}

/// Everything that an owner could see change, as text.
async fn snapshot(account: &Account<Sqlite>) -> String {
    let subscriptions = account.subscriptions(None, 100).await.expect("a page");
    let messages = account.messages(None, 100).await.expect("a page");
    let deliveries = account.deliveries(&DeliveryFilter::new(), 100).await;
    let attempts = account.find_attempts(&AttemptFilter::new(), 100).await;
    let jobs = account.jobs(None, 100).await.expect("a page");
    let trail = account.audit(&AuditFilter::new(), 100).await;
    format!(
        "{subscriptions:?} {messages:?} {:?} {:?} {jobs:?} {:?}",
        deliveries.expect("a page"),
        attempts.expect("a page"),
        trail.expect("a page")
    )
}

#[tokio::test]
async fn an_id_of_another_owner_is_not_found_and_nothing_is_changed() {
    let (sender, steps) = counting().await;
    let ids = Ids::of(&sender, "a").await;
    let a = sender.of("a");
    let kept = a.keep("crm", request()).await.expect("kept").id;
    let mut matrix = matrix(&sender, steps).await;
    let before = snapshot(&a).await;

    let foreign = matrix.with(&ids).await;
    let unknown = matrix.with(&Ids::made_up(sender.now())).await;
    for (foreign, unknown) in foreign.iter().zip(&unknown) {
        let Asked { call, answer, .. } = foreign;
        assert_eq!(*answer, unknown.answer, "{call}");
        let is_nothing = [
            "there is no such subscription, message, delivery or job",
            "Page { items: [], next: None }",
            "[]",
            "false",
        ]
        .contains(&answer.as_str());
        assert!(is_nothing, "{call}: {answer}");
    }
    // What names no id.
    let b = &matrix.b;
    not_found("kept", b.kept("crm").await);
    let other = b.keep("crm", request()).await.expect("its own");
    assert!(!other.repeated && other.id != kept, "keys are the owner's");
    assert_eq!(b.revoke_grants().await.expect("nothing"), 0);
    nothing_in_lists(b).await;
    assert_eq!(snapshot(&a).await, before, "nothing was changed");
    assert_eq!(a.revoke_grants().await.expect("its own"), 1, "still there");
}

/// Lists have nothing of another owner's.
async fn nothing_in_lists(b: &Account<Sqlite>) {
    let of_a = DeliveryFilter::of(MessageFilter::new().owner("a"));
    let page = b.deliveries(&of_a, 10).await.expect("a page");
    assert_eq!((page.items.len(), page.next), (0, None));
    let page = b.messages(MessageFilter::new().owner("a"), 10).await;
    assert_eq!(page.expect("a page").items.len(), 0);
    let of_a = SubscriptionFilter::new().owner("a");
    let page = b.subscriptions(of_a, 10).await;
    assert_eq!(page.expect("a page").items.len(), 0);
    let jobs = b.jobs(None, 10).await.expect("a page");
    assert_eq!(jobs.items.len(), 0);
    let attempts = b.find_attempts(&AttemptFilter::new(), 10).await;
    assert_eq!(attempts.expect("a page").items.len(), 0);
    let trail = b.audit(&AuditFilter::new(), 10).await.expect("a page");
    assert!(trail.items.iter().all(|entry| entry.owner == "b"));
}

/// The instructions that a look at one more row takes: a row that is there is held against the owner.
const ONE_ROW: u64 = 60;

/// However much the other owner has: so the time of an answer tells nothing.
#[tokio::test]
async fn an_id_of_another_owner_costs_the_database_what_one_that_nothing_has_costs() {
    let (sender, steps) = counting().await;
    let mut ids = Ids::of(&sender, "a").await;
    let many = || (0..200).map(|number| payment_created(payment(number)));
    for status in [204, 500] {
        sender.answer_at(TARGET, TestAnswer::status(status));
        sender.send_many("a", many()).await.expect("sent");
        sender.deliver().await.expect("tried");
    }
    // A message to many.
    for _ in 0..20 {
        let more = sender.of("a").subscribe(request()).await;
        more.expect("subscribed");
    }
    let sent = sender.send("a", payment_created(payment(1))).await;
    ids.message = sent.expect("sent").id;

    let mut matrix = matrix(&sender, steps).await;
    let made_up = Ids::made_up(sender.now());
    let (mut foreign, mut unknown) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        foreign.push(matrix.with(&ids).await);
        unknown.push(matrix.with(&made_up).await);
    }
    let calls = foreign[0].iter().map(|asked| asked.call);
    let mut wrong = Vec::new();
    for (at, call) in calls.enumerate() {
        let (theirs, nothing) = (least(&foreign, at), least(&unknown, at));
        assert!(nothing > 0, "{call}: nothing is counted");
        if theirs.abs_diff(nothing) > ONE_ROW {
            wrong.push(format!("{call}: {theirs} instead of {nothing}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A statement is compiled when it is first executed on a connection, and that counts, too.
const RUNS: usize = 8;

fn least(runs: &[Vec<Asked>], at: usize) -> u64 {
    let steps = runs.iter().map(|run| run[at].steps);
    steps.min().expect("several runs")
}

/// A call that is added to an account fails here until it is in the matrix, in whichever file it is.
#[test]
fn the_matrix_has_every_call_of_an_account() {
    const MATRIX: &str = include_str!("tenants.rs");
    // What names no id of anything: new things, and what is the sender's and the operator's own in these files.
    const OTHERS: [&str; 14] = [
        "of",
        "owner",
        "by",
        "subscribe",
        "subscribe_in",
        "check_target",
        "events",
        "grant",
        "erase_owner",
        "reseal",
        "redeem",
        "granted",
        "offered",
        // Of the whole of it, and held by webhooks-api's
        // `what_happens_is_shown_to_its_owner_and_goes_on_where_it_was_interrupted`.
        "live",
    ];
    // As it is without the breaks of lines.
    let matrix: String = MATRIX.split_whitespace().collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sender");
    let mut calls = 0;
    for entry in std::fs::read_dir(folder).expect("the sources are here") {
        let path = entry.expect("a file").path();
        let source = std::fs::read_to_string(&path).unwrap_or_default();
        let is_of_accounts = source.contains("> Account<D> {") || source.contains("on_both! {");
        let functions = ["pub fn ", "pub async fn "].map(|begin| source.split(begin).skip(1));
        for text in functions.into_iter().flatten().filter(|_| is_of_accounts) {
            let name = text.split(['(', '<']).next().unwrap_or_default();
            let is_there = matrix.contains(&format!("b.{name}("));
            assert!(
                is_there || OTHERS.contains(&name),
                "{name} of {} is not in the matrix",
                path.display()
            );
            calls += usize::from(is_there);
        }
    }
    assert!(calls > 35, "{calls}");
}
