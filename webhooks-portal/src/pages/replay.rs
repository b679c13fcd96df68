//! What failed, sent again: first how much that would be, then the button.

use jiff::SignedDuration;
use maud::html;

use crate::parts::{self, Choice, Tone};
use crate::reply::{Page, Reply, Section};
use crate::source::{At, Problem};
use crate::text;
use crate::visit::Visit;

/// The spans that can be chosen, in hours.
const SPANS: [&str; 4] = ["1", "24", "168", "336"];
/// Up to so many are counted.
const COUNTED: usize = 250;

pub(crate) async fn ask(v: &Visit) -> Result<Reply, Problem> {
    let (id, operations) = (v.part("id")?, v.operations());
    let subscription = operations.subscription(id).await?;
    let path = format!("subscriptions/{}", subscription.id);
    let chosen = v.query.get("hours").filter(|hours| SPANS.contains(hours));
    let count = match chosen {
        Some(_) => {
            let limit = COUNTED.to_string();
            let pairs = [
                ("subscription", id),
                ("state", "failed"),
                ("limit", limit.as_str()),
            ];
            let since = since(v, chosen);
            let found = operations.deliveries(&pairs).await?;
            let counted = found
                .data
                .iter()
                .filter(|delivery| delivery.finished.is_some_and(|end| end >= since))
                .count();
            Some((counted, found.next.is_some() && counted == found.data.len()))
        }
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
    let content = html! {
        p.way { a href=(v.link(&path)) { (subscription.target) } }
        div.head { h1 { (v.say(text::SEND_AGAIN)) } }
        p.lead { (v.say(text::REPLAY_NOTE)) }
        form.filter method="get" { (parts::select("hours", v.say(text::FAILED_WITHIN), &spans, chosen.or(Some("24")))) button { (v.say(text::COUNT)) } }
        @if let Some((count, more)) = count {
            @let shown = if more { format!("{count}+") } else { count.to_string() };
            (parts::notice(Tone::Plain, &html! { p { (v.fill(text::REPLAY_COUNT, [&shown])) } }))
            @if count > 0 {
                form.actions method="post" action=(v.link(&format!("{path}/replay"))) {
                    (v.token_field()) (parts::hidden("hours", chosen.unwrap_or_default()))
                    button.primary { (v.fill(text::REPLAY_NOW, [&shown])) }
                    a.button href=(v.link(&path)) { (v.say(text::KEEP)) }
                }
            }
        }
    };
    Ok(Page::new(Section::Subscriptions, v.say(text::SEND_AGAIN), content).into())
}

fn since(v: &Visit, hours: Option<&str>) -> At {
    let hours = hours.and_then(|hours| hours.parse().ok()).unwrap_or(24);
    At(v.now
        .checked_sub(SignedDuration::from_hours(hours))
        .unwrap_or(v.now))
}

pub(crate) async fn start(v: &Visit) -> Result<Reply, Problem> {
    let id = v.part("id")?;
    let hours = v.form.get("hours").filter(|hours| SPANS.contains(hours));
    v.operations().replay(id, since(v, hours)).await?;
    Ok(Reply::See(format!("subscriptions/{id}?done=replayed")))
}
