//! What failed, sent again: first how much that would be, then the button.

use jiff::SignedDuration;
use maud::html;

use crate::fields::Fields;
use crate::parts::{self, Choice, Tone};
use crate::reply::{Page, Reply, Section};
use crate::source::{At, Delivery, Problem};
use crate::text::{self, Text, redelivery};
use crate::visit::Visit;

/// The spans that can be chosen, in hours.
const SPANS: [&str; 4] = ["1", "24", "168", "336"];
/// Up to so many are counted.
const COUNTED: u32 = 250;

/// What can be sent again.
const WHAT: [(&str, Text); 2] = [("failed", redelivery::WHAT_FAILED), ("missed", redelivery::WHAT_MISSED)];

pub(crate) async fn ask(v: &Visit) -> Result<Reply, Problem> {
    let (id, operations) = (v.part("id")?, v.operations());
    let subscription = operations.subscription(id).await?;
    let path = format!("subscriptions/{}", subscription.id);
    let (what, hours) = (what(&v.query), hours(&v.query));
    let count = match hours {
        Some(hours) => Some(count(v, id, what, since(v, hours)).await?),
        None => None,
    };
    let words = [
        text::LAST_HOUR,
        text::LAST_DAY,
        text::LAST_WEEK,
        text::LAST_TWO_WEEKS,
    ];
    let spans: Vec<_> = SPANS
        .iter()
        .zip(words)
        .map(|(value, word)| Choice::new(value, v.say(word)))
        .collect();
    let kinds = WHAT.map(|(name, word)| Choice::new(name, v.say(word)));
    let content = html! {
        p.way { a href=(v.link(&path)) { (parts::target(v, &subscription.target)) } }
        div.head { h1 { (v.say(text::SEND_AGAIN)) } }
        p.lead { (v.say(redelivery::REPLAY_NOTE)) }
        form.filter method="get" {
            (parts::select("what", v.say(redelivery::WHAT), &kinds, Some(what)))
            (parts::select("hours", v.say(redelivery::WITHIN), &spans, hours.or(Some("24"))))
            button { (v.say(redelivery::COUNT)) }
        }
        @if let (Some(hours), Some((count, more))) = (hours, count) {
            @let shown = if more { format!("{count}+") } else { count.to_string() };
            (parts::notice(Tone::Plain, &html! { p { (v.fill(redelivery::REPLAY_COUNT, [&shown])) } }))
            @if count > 0 {
                form.actions method="post" action=(v.link(&format!("{path}/replay"))) {
                    (v.token_field()) (parts::hidden("hours", hours)) (parts::hidden("what", what))
                    button.primary { (v.fill(redelivery::REPLAY_NOW, [&shown])) }
                    a.button href=(v.link(&path)) { (v.say(text::KEEP)) }
                }
            }
        }
    };
    Ok(Page::new(Section::Subscriptions, v.say(text::SEND_AGAIN), content).into())
}

/// How many there are, and whether there may be more.
async fn count(v: &Visit, id: &str, what: &str, since: At) -> Result<(usize, bool), Problem> {
    if what == "missed" {
        let found = v.operations().missed(id, since, COUNTED).await?;
        return Ok((found.data.len(), found.next.is_some()));
    }
    let limit = COUNTED.to_string();
    let pairs = [
        ("subscription", id),
        ("state", "failed"),
        ("limit", limit.as_str()),
    ];
    let found = v.operations().deliveries(&pairs).await?;
    let is_in_time = |delivery: &&Delivery| delivery.finished.is_some_and(|end| end >= since);
    let counted = found.data.iter().filter(is_in_time).count();
    Ok((counted, found.next.is_some() && counted == found.data.len()))
}

fn what(fields: &Fields) -> &'static str {
    let wanted = fields.get("what");
    let known = WHAT
        .iter()
        .map(|(name, _)| *name)
        .find(|name| wanted == Some(*name));
    known.unwrap_or("failed")
}

fn hours(fields: &Fields) -> Option<&'static str> {
    let wanted = fields.get("hours");
    SPANS.into_iter().find(|hours| wanted == Some(*hours))
}

fn since(v: &Visit, hours: &str) -> At {
    let hours = hours.parse().unwrap_or(24);
    At(v.now
        .checked_sub(SignedDuration::from_hours(hours))
        .unwrap_or(v.now))
}

pub(crate) async fn start(v: &Visit) -> Result<Reply, Problem> {
    let since = since(v, hours(&v.form).unwrap_or("24"));
    let job = v
        .operations()
        .replay(v.part("id")?, what(&v.form), since)
        .await?;
    Ok(Reply::See(format!("jobs/{}?done=replayed", job.id)))
}
