//! What became of the deliveries: attempts as the default schedule has them, and rows as the sender writes them.

use std::time::{Duration, SystemTime};

use bench::rows::Value;
use sha2::{Digest, Sha256};
use webhooks_store::Id;

use crate::population::{Health, Owner, Random, Subscription};

pub(crate) const JOB: &[&str] = &[
    "id",
    "queue",
    "slot",
    "lane",
    "owner",
    "due_at",
    "scheduled",
    "attempts",
    "version",
    "reference",
    "created_at",
    "data",
];
pub(crate) const HISTORY: &[&str] = &[
    "id",
    "queue",
    "slot",
    "lane",
    "owner",
    "state",
    "generation",
    "attempts",
    "due_at",
    "created_at",
    "finished_at",
    "reference",
    "data",
    "tried_at",
    "duration_ms",
    "status",
    "error",
];
pub(crate) const ATTEMPT: &[&str] = &[
    "job",
    "generation",
    "number",
    "lane",
    "at",
    "duration_ms",
    "status",
    "error",
];
pub(crate) const ANSWER: &[&str] = &["at", "job", "generation", "number", "body"];

/// How long after the message each attempt is made: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h apart.
const AFTER_S: [i64; 10] = [
    0, 5, 305, 2_105, 9_305, 27_305, 63_305, 113_705, 185_705, 272_105,
];
const REFUSED: &str = "the connection was refused";

/// Rows that were not written yet.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) jobs: Vec<Vec<Value>>,
    pub(crate) history: Vec<Vec<Value>>,
    pub(crate) attempts: Vec<Vec<Value>>,
    pub(crate) answers: Vec<Vec<Value>>,
}

/// How a delivery goes.
struct Course {
    /// 3 delivered, 4 failed, 5 cancelled.
    state: i64,
    attempts: usize,
    /// What the attempts before the last one were answered, and the last one of a delivery that fails.
    failure: Option<i64>,
}

fn course(random: &mut Random, subscription: &Subscription) -> Course {
    // Each target has its own way to fail.
    let failures = [Some(500), Some(503), Some(404), Some(401), None];
    let failure = failures[usize::from(subscription.id.as_bytes()[6]) % failures.len()];
    let is_bad = subscription.health == Health::Bad;
    let (state, attempts) = match (random.below(1000), is_bad) {
        (0..800, true) | (0..25, false) => (4, AFTER_S.len()),
        (800..830, true) | (25..35, false) => (5, 2),
        (35..75, false) => (3, 2),
        (75..85, false) => (3, 4),
        _ => (3, 1),
    };
    Course {
        state,
        attempts,
        failure,
    }
}

/// The id as the sender makes it: the beginning of the message's, and eight bytes of a digest of both.
fn delivery(message: Id, subscription: Id) -> Id {
    let digest = Sha256::new_with_prefix(message.as_bytes())
        .chain_update(subscription.as_bytes())
        .finalize();
    let mut own = [0; 8];
    own.copy_from_slice(&digest[..8]);
    Id::about(message, own)
}

pub(crate) fn milliseconds(at: SystemTime) -> i64 {
    let since = at.duration_since(SystemTime::UNIX_EPOCH);
    i64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(i64::MAX)
}

pub(crate) fn bytes(id: Id) -> Value {
    Value::Bytes(id.as_bytes().to_vec())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

impl Rows {
    /// One delivery of a message, with what became of it until now.
    pub(crate) fn deliver(
        &mut self,
        random: &mut Random,
        (message, created_ms): (Id, i64),
        (subscription, owner): (&Subscription, &Owner),
        now_ms: i64,
    ) {
        let id = delivery(message, subscription.id);
        let course = course(random, subscription);
        let made = AFTER_S[..course.attempts]
            .iter()
            .take_while(|after| created_ms + **after * 1000 < now_ms)
            .count();
        // What was sent within the last minutes has not been tried.
        let is_new = now_ms - created_ms < 600_000;
        let is_pending = is_new || made < course.attempts || subscription.health == Health::Paused;
        let made = if is_new || subscription.health == Health::Paused {
            0
        } else {
            made
        };
        let common = [
            bytes(id),
            text("delivery"),
            Value::Int(owner.slot),
            bytes(subscription.id),
            Value::Int(owner.hash),
        ];
        let mut last = Vec::new();
        for number in 1..=made {
            let is_last = !is_pending && number == made;
            let at = created_ms + AFTER_S[number - 1] * 1000 + 40;
            let has_failed = !is_last || course.state != 3;
            let tried = self.attempt(random, (id, number), at, course.failure, has_failed);
            if is_last {
                last = tried;
            } else {
                let number = Value::Int(i64::try_from(number).unwrap_or_default());
                let key = [bytes(id), Value::Int(0), number, bytes(subscription.id)];
                self.attempts.push(key.into_iter().chain(tried).collect());
            }
        }
        let attempts = Value::Int(i64::try_from(made).unwrap_or_default());
        let due_ms = AFTER_S
            .get(made)
            .map_or(created_ms, |after| created_ms + after * 1000);
        if is_pending {
            let is_later = i64::from(made > 0);
            let rest = [
                Value::Int(due_ms),
                Value::Int(is_later),
                attempts.clone(),
                attempts,
                bytes(message),
                Value::Int(created_ms),
                Value::Bytes(Vec::new()),
            ];
            self.jobs.push(common.into_iter().chain(rest).collect());
            return;
        }
        let finished_ms = created_ms + AFTER_S[made - 1] * 1000 + 300;
        let rest = [
            Value::Int(course.state),
            Value::Int(0),
            attempts,
            Value::Int(created_ms),
            Value::Int(created_ms),
            Value::Int(finished_ms),
            bytes(message),
            Value::Bytes(Vec::new()),
        ];
        self.history
            .push(common.into_iter().chain(rest).chain(last).collect());
    }

    /// When it was made, how long it took, what was answered; the body of an answer is kept unless it is a success.
    fn attempt(
        &mut self,
        random: &mut Random,
        (delivery, number): (Id, usize),
        at_ms: i64,
        failure: Option<i64>,
        has_failed: bool,
    ) -> Vec<Value> {
        let took = i64::try_from(20 + random.below(230)).unwrap_or_default();
        let (status, error) = match (has_failed, failure) {
            (false, _) => (Value::Int(204), Value::Null),
            (true, Some(status)) => (Value::Int(status), Value::Null),
            (true, None) => (Value::Null, text(REFUSED)),
        };
        if has_failed && failure.is_some() {
            let number = i64::try_from(number).unwrap_or_default();
            let body = b"{\"error\":\"the order is not known here\",\"request\":\"7d1e\"}".to_vec();
            self.answers.push(vec![
                Value::Int(at_ms),
                bytes(delivery),
                Value::Int(0),
                Value::Int(number),
                Value::Bytes(body),
            ]);
        }
        vec![Value::Int(at_ms), Value::Int(took), status, error]
    }
}

/// A time within the last thirty days: three quarters of all messages between 8 and 20 o'clock.
pub(crate) fn moment(random: &mut Random, now: SystemTime) -> SystemTime {
    const DAY: u64 = 86_400_000;
    loop {
        let at = now - Duration::from_millis(random.below(30 * DAY));
        let hour = milliseconds(at).unsigned_abs() % DAY / 3_600_000;
        if (8..20).contains(&hour) || random.below(3) == 0 {
            return at;
        }
    }
}
