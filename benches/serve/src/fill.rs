//! Fills a database: a million deliveries that have ended within thirty days, and some that wait.

use std::time::SystemTime;

use anyhow::Result;
use bench::home::Home;
use bench::machine;
use bench::rows::Value;
use sqlx::Pool;
use webhooks_store::Id;

use crate::history::{self, ANSWER, ATTEMPT, HISTORY, JOB, Rows, bytes, milliseconds};
use crate::population::{self, Health, OWNERS, Owner, Random, Subscription};
use crate::subject::EVENTS;

const MESSAGES_OF_LARGE: usize = 20_000;
const MESSAGES_OF_OTHERS: usize = 280;
/// Messages that every subscription of the large owner gets.
const OF_ALL: usize = 4;
/// Messages whose rows are written together.
const TOGETHER: usize = 5_000;

const SUBSCRIPTION: &[&str] = &[
    "id",
    "owner",
    "target",
    "settings",
    "secrets",
    "sealing_key",
    "state",
    "failures",
    "failing_since",
    "created",
    "changed",
];
const MESSAGE: &[&str] = &["id", "event", "owner", "bare", "body", "created"];

/// Whether an earlier run came to the end.
pub(crate) async fn is_filled<H: Home>(home: &H, pool: &Pool<H::Database>) -> bool {
    home.script(pool, "SELECT n FROM filled".to_owned())
        .await
        .is_ok()
}

pub(crate) async fn fill<H: Home>(home: &H, pool: &Pool<H::Database>) -> Result<()> {
    let (mut random, now) = (Random::new(1), SystemTime::now());
    home.script(pool, home.past_days(31)).await?;
    let owners = population::owners();
    let subscriptions = population::subscriptions(&mut random, now);
    write_subscriptions(home, pool, &owners, &subscriptions).await?;
    let mut messages = messages(&mut random, now);
    messages.sort_unstable_by_key(|message| message.id);
    for (number, some) in messages.chunks(TOGETHER).enumerate() {
        write_messages(
            home,
            pool,
            (&owners, &subscriptions),
            some,
            &mut random,
            milliseconds(now),
        )
        .await?;
        machine::progress(&format!(
            "{}: {} of {} messages",
            home.name(),
            (number + 1) * TOGETHER,
            messages.len()
        ));
    }
    home.script(pool, "CREATE TABLE filled (n INTEGER)".to_owned())
        .await?;
    home.settle(pool).await
}

struct Message {
    id: Id,
    at: SystemTime,
    owner: usize,
    event: usize,
}

fn messages(random: &mut Random, now: SystemTime) -> Vec<Message> {
    let usual = EVENTS.len() - 1;
    let mut all = Vec::new();
    for owner in 0..OWNERS {
        let count = if owner == 0 {
            MESSAGES_OF_LARGE
        } else {
            MESSAGES_OF_OTHERS
        };
        for number in 0..count {
            let is_of_all = owner == 0 && number < OF_ALL;
            let event = usize::try_from(random.below(usual as u64)).unwrap_or_default();
            let at = history::moment(random, now);
            let event = if is_of_all { usual } else { event };
            all.push(Message {
                id: random.id(at),
                at,
                owner,
                event,
            });
        }
    }
    all
}

async fn write_subscriptions<H: Home>(
    home: &H,
    pool: &Pool<H::Database>,
    owners: &[Owner],
    subscriptions: &[Subscription],
) -> Result<()> {
    let (mut rows, mut patterns) = (Vec::new(), Vec::new());
    for (number, subscription) in subscriptions.iter().enumerate() {
        let owner = Value::Text(owners[subscription.owner].name.clone());
        let made = subscription.id.as_bytes();
        let made = i64::from_be_bytes([0, 0, made[0], made[1], made[2], made[3], made[4], made[5]]);
        let is_off = subscription.health == Health::Bad && number % 2 == 0;
        let state = match subscription.health {
            Health::Paused => "paused",
            Health::Bad if is_off => "failing",
            _ => "active",
        };
        let since = if subscription.health == Health::Bad {
            Value::Int(made)
        } else {
            Value::Null
        };
        // A plain secret: the byte 0, then JSON.
        let secrets =
            b"\0{\"secrets\":[{\"s\":\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"}]}".to_vec();
        rows.push(vec![
            bytes(subscription.id), owner.clone(), Value::Text(format!("https://shop-{number}.example.com/hooks")),
            Value::Text(serde_json::json!({ "events": subscription.events, "description": format!("Orders of shop {number}") }).to_string()),
            Value::Bytes(secrets), Value::Text(String::new()), Value::Text(state.to_owned()),
            Value::Int(i64::from(subscription.health == Health::Bad) * 12), since, Value::Int(made), Value::Int(made),
        ]);
        if !is_off {
            let pattern = |event: &&str| {
                vec![
                    owner.clone(),
                    Value::Text((*event).to_owned()),
                    bytes(subscription.id),
                ]
            };
            patterns.extend(subscription.events.iter().map(pattern));
        }
    }
    home.insert(pool, "webhooks_subscriptions", SUBSCRIPTION, &rows)
        .await?;
    home.insert(
        pool,
        "webhooks_patterns",
        &["owner", "pattern", "subscription"],
        &patterns,
    )
    .await
}

async fn write_messages<H: Home>(
    home: &H,
    pool: &Pool<H::Database>,
    (owners, subscriptions): (&[Owner], &[Subscription]),
    messages: &[Message],
    random: &mut Random,
    now_ms: i64,
) -> Result<()> {
    let (mut rows, mut written) = (Rows::default(), Vec::new());
    for message in messages {
        let (owner, event, created_ms) = (
            &owners[message.owner],
            EVENTS[message.event],
            milliseconds(message.at),
        );
        let body = serde_json::json!({ "type": event, "data": { "id": created_ms, "note": "x".repeat(200) } });
        written.push(vec![
            bytes(message.id),
            Value::Text(event.to_owned()),
            Value::Text(owner.name.clone()),
            Value::Int(0),
            Value::Bytes(body.to_string().into_bytes()),
            Value::Int(created_ms),
        ]);
        let from = subscriptions.partition_point(|one| one.owner < message.owner);
        let own = subscriptions[from..]
            .iter()
            .take_while(|one| one.owner == message.owner);
        for subscription in own.filter(|one| {
            one.events
                .iter()
                .any(|wanted| *wanted == "*" || *wanted == event)
        }) {
            rows.deliver(
                random,
                (message.id, created_ms),
                (subscription, owner),
                now_ms,
            );
        }
    }
    home.insert(pool, "webhooks_messages", MESSAGE, &written)
        .await?;
    home.insert(pool, "webhooks_job", JOB, &rows.jobs).await?;
    home.insert(pool, "webhooks_history", HISTORY, &rows.history)
        .await?;
    home.insert(pool, "webhooks_attempt", ATTEMPT, &rows.attempts)
        .await?;
    home.insert(pool, "webhooks_answer", ANSWER, &rows.answers)
        .await
}
