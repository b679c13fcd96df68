//! The list requests that are made: each list without a filter, with each of its filters, and deep inside.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::client::{As, ask};

/// A request of each kind, for one who asks.
#[derive(Debug)]
pub(crate) struct Paths {
    pub(crate) who: As,
    /// Title and path.
    pub(crate) all: Vec<(&'static str, String)>,
}

/// How deep a deep page is.
const DEEP: usize = 10_000;

impl Paths {
    /// Finds the ids and cursors that some of them need.
    pub(crate) async fn find(address: SocketAddr, who: As) -> Result<Self> {
        let first = ask(address, "/api/subscriptions?limit=3", &who).await?;
        let busy = text(&first, "/data/0/id")?;
        let last = ask(address, "/api/subscriptions?limit=250", &who).await?;
        let quiet = match last["data"].as_array().map_or(0, Vec::len) {
            0..2 => busy.clone(),
            count => text(&last, &format!("/data/{}/id", count - 2))?,
        };
        let ago = |hours: u64| SystemTime::now() - Duration::from_secs(3600 * hours);
        let day = format!("since={}&until={}", stamp(ago(264)), stamp(ago(240)));
        let mut all = Vec::new();
        for (list, title) in [
            ("deliveries", "deliveries, deep"),
            ("messages", "messages, deep"),
            ("attempts", "attempts, deep"),
            ("subscriptions", "subscriptions, deep"),
        ] {
            let cursor = deep(address, list, &who).await?;
            all.push((title, format!("{list}{cursor}")));
        }
        let plain = [
            ("deliveries", "deliveries"),
            ("deliveries of an event", "deliveries?event=payment.created"),
            (
                "deliveries of a rare event",
                "deliveries?event=account.closed",
            ),
            ("deliveries, failed", "deliveries?state=failed"),
            ("deliveries, pending", "deliveries?state=pending"),
            ("deliveries answered 5xx", "deliveries?status=5xx"),
            ("messages", "messages"),
            ("messages of an event", "messages?event=payment.*"),
            ("attempts", "attempts"),
            ("attempts answered 5xx", "attempts?status=5xx"),
            ("attempts without an answer", "attempts?status=none"),
            ("subscriptions", "subscriptions"),
            ("subscriptions, failing", "subscriptions?state=failing"),
            (
                "subscriptions to an event",
                "subscriptions?event=payment.created",
            ),
            ("subscriptions with a text", "subscriptions?q=shop%209999"),
        ];
        all.extend(plain.map(|(title, path)| (title, path.to_owned())));
        all.extend([
            ("deliveries of a day", format!("deliveries?{day}")),
            (
                "deliveries, failed, of a day",
                format!("deliveries?{day}&state=failed"),
            ),
            ("messages of a day", format!("messages?{day}")),
            ("attempts of a day", format!("attempts?{day}")),
            (
                "deliveries of a busy subscription",
                format!("deliveries?subscription={busy}"),
            ),
            (
                "deliveries of a quiet subscription",
                format!("deliveries?subscription={quiet}"),
            ),
            (
                "deliveries of a subscription, failed",
                format!("deliveries?subscription={busy}&state=failed"),
            ),
            (
                "attempts at a subscription",
                format!("subscriptions/{busy}/attempts"),
            ),
            (
                "attempts at a quiet subscription, by filter",
                format!("attempts?subscription={quiet}&status=5xx"),
            ),
        ]);
        for (_, path) in &mut all {
            path.insert_str(0, "/api/");
        }
        all.sort_unstable();
        Ok(Self { who, all })
    }
}

/// The query of a page behind many others, or of the first one where there are not so many.
async fn deep(address: SocketAddr, list: &str, who: &As) -> Result<String> {
    let (mut query, mut passed) = (String::new(), 0);
    while passed < DEEP {
        let separator = if query.is_empty() { '?' } else { '&' };
        let page = ask(
            address,
            &format!("/api/{list}{query}{separator}limit=250"),
            who,
        )
        .await?;
        passed += page["data"].as_array().map_or(0, Vec::len);
        let Some(next) = page["next"].as_str() else {
            break;
        };
        query = format!("?cursor={next}");
    }
    Ok(query)
}

pub(crate) fn text(value: &Value, pointer: &str) -> Result<String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    Ok(found
        .with_context(|| format!("nothing at {pointer} of an answer"))?
        .to_owned())
}

/// A time as the API takes it.
fn stamp(at: SystemTime) -> String {
    // Days to a civil date (Howard Hinnant, "chrono-compatible low-level date algorithms").
    let seconds = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let (days, rest) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}
