//! How it goes over all owners: the queue, who fills it, what fails and why. For the people who run the service.

use std::collections::BTreeMap;

use futures_util::future::try_join3;
use http::StatusCode;
use maud::{Markup, html};

use super::switched_off;
use super::why::why;
use crate::fields::query;
use crate::foreign::Foreign;
use crate::parts;
use crate::reply::{Page, Reply, Section};
use crate::source::{Attempt, Delivery, DeliveryState, Problem, Queue};
use crate::text::{self, Text, running};
use crate::visit::Visit;

/// Deliveries that are looked at for one table: what waits, and what failed.
const LOOKED_AT: &str = "150";
/// Rows of a table.
const ROWS: usize = 10;

/// The portal's own address leads to its first page.
#[expect(clippy::unused_async, reason = "every page is")]
pub(crate) async fn enter(v: &Visit) -> Result<Reply, Problem> {
    let first = if v.is_operator() {
        "overview"
    } else {
        "subscriptions"
    };
    Ok(Reply::See(first.to_owned()))
}

pub(crate) async fn show(v: &Visit) -> Result<Reply, Problem> {
    if !v.is_operator() {
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", ""));
    }
    let operations = v.operations();
    // Three at a time, and no more: each takes a connection that the application's own requests may want.
    let ((queue, pause, off), (waiting, newest), (failed, causes)) = try_join3(
        async {
            let queue = operations.queue().await?;
            let pause = operations.pause_of_all().await?;
            Ok((queue, pause, switched_off::read(&operations).await?))
        },
        async {
            let pending = [("state", "pending"), ("limit", LOOKED_AT)];
            let waiting = operations.deliveries(&pending).await?.data;
            let newest = operations.deliveries(&[("limit", LOOKED_AT)]).await?.data;
            Ok((waiting, newest))
        },
        async {
            let failed = operations.failed_attempts(LOOKED_AT).await?.data;
            let causes = causes(v, &failed).await?;
            Ok((failed.len(), causes))
        },
    )
    .await?;
    let content = html! {
        div.head { h1 { (v.say(text::OVERVIEW)) } }
        @if let Some(pause) = &pause { (super::service::held_back(v, pause)) }
        (find(v))
        (numbers(v, &queue))
        section aria-labelledby="flow" { h2 #flow { (v.say(running::FLOW)) } (flow(v, &newest)) }
        section aria-labelledby="owners" { h2 #owners { (v.say(running::WHO_FILLS)) } p.soft.small { (v.fill(running::OF_NEWEST, [&waiting.len().to_string()])) } (owners(v, &waiting)) }
        section aria-labelledby="causes" { h2 #causes { (v.say(running::WHAT_FAILS)) } p.soft.small { (v.fill(running::OF_NEWEST, [&failed.to_string()])) } (causes) }
        (switched_off::section(v, &off))
    };
    Ok(Page::new(Section::Overview, v.say(text::OVERVIEW), content).into())
}

/// One field for ids of everything, owners and events.
fn find(v: &Visit) -> Markup {
    html! {
        form.filter method="get" action=(v.link("find")) role="search" {
            (parts::field("q", v.say(running::FIND), Some(v.say(running::FIND_HINT)), &html! { input #q .long name="q" type="search" autocomplete="off" spellcheck="false" aria-describedby="q-hint"; }))
            button { (v.say(running::FIND_BUTTON)) }
        }
    }
}

/// Goes to what a text names: an id, an event, or an owner.
pub(crate) async fn find_one(v: &Visit) -> Result<Reply, Problem> {
    let wanted = v.query.get("q").unwrap_or_default();
    let path = crate::source::segment(wanted);
    Ok(Reply::See(match wanted.split('_').next() {
        Some("sub") => format!("subscriptions/{path}"),
        Some("dlv") => format!("deliveries/{path}"),
        Some("msg") => format!("messages/{path}"),
        _ if wanted.is_empty() => "overview".to_owned(),
        _ if v.operations().event(wanted).await.is_ok() => {
            format!("deliveries{}", query(&[("event", wanted)]))
        }
        // Where the events are not known, what owns nothing may be one.
        _ if !v.site.knows_events && !owns_something(v, wanted).await => {
            format!("deliveries{}", query(&[("event", wanted)]))
        }
        _ => format!("deliveries{}", query(&[("owner", wanted)])),
    }))
}

async fn owns_something(v: &Visit, owner: &str) -> bool {
    let operations = v.operations();
    let wanted = [("owner", owner), ("limit", "1")];
    let found = operations.subscriptions(&wanted).await;
    found.is_ok_and(|found| !found.data.is_empty())
}

fn numbers(v: &Visit, queue: &Queue) -> Markup {
    let count = |number: u32| parts::at_least(number, 10_000);
    let tile = |label: Text, value: String, is_odd: bool| {
        html! {
            div class=(if is_odd { "tile warn" } else { "tile" }) { dt { (v.say(label)) } dd { (value) } }
        }
    };
    let oldest = queue
        .oldest_ready_ms
        .map_or_else(|| "–".to_owned(), parts::millis);
    html! {
        dl.tiles {
            (tile(running::READY, count(queue.ready), false))
            (tile(running::OLDEST, oldest, queue.oldest_ready_ms.is_some_and(|age| age > 60_000)))
            (tile(text::SENDING, count(queue.sending), false))
            (tile(running::SCHEDULED, count(queue.scheduled), false))
            (tile(running::HELD, count(queue.held), false))
        }
    }
}

/// How the newest deliveries ended, as one bar and as a table.
fn flow(v: &Visit, newest: &[Delivery]) -> Markup {
    let counted: Vec<(DeliveryState, usize)> = DeliveryState::ALL
        .into_iter()
        .map(|state| {
            (
                state,
                newest
                    .iter()
                    .filter(|delivery| delivery.state == state)
                    .count(),
            )
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    if newest.is_empty() {
        return html! { p.soft { (v.say(text::NO_DELIVERIES)) } };
    }
    let label = v.fill(running::OF_NEWEST, [&newest.len().to_string()]);
    let mut left = 0;
    let parts_of_bar: Vec<_> = counted
        .iter()
        .map(|(state, count)| {
            let width = count * 1000 / newest.len();
            let place = (left, width, *state);
            left += width;
            place
        })
        .collect();
    html! {
        svg.bar role="img" aria-label=(label) viewBox="0 0 1000 14" preserveAspectRatio="none" height="14" {
            title { (label) }
            @for (left, width, state) in &parts_of_bar { rect class=(state.as_str()) x=(left) y="0" width=(width.saturating_sub(3).max(1)) height="14" {} }
        }
        table.narrow {
            caption.quiet { (label) }
            thead { tr { th scope="col" { (v.say(text::STATE)) } th scope="col" { (v.say(text::DELIVERIES)) } th scope="col" { (v.say(running::MEDIAN)) } } }
            tbody { @for (state, count) in &counted { tr {
                th scope="row" { a href=(v.link(&format!("deliveries?state={}", state.as_str()))) { (parts::delivery_state(v, *state)) } }
                td.number { (count) }
                td.number { @match median(newest, *state) { Some(median) => (parts::millis(median)), None => "–" } }
            } } }
        }
    }
}

fn median(deliveries: &[Delivery], state: DeliveryState) -> Option<u64> {
    // What was fetched took no request.
    let of_state = deliveries
        .iter()
        .filter(|delivery| delivery.state == state && !delivery.is_fetched());
    let mut durations: Vec<u64> = of_state
        .filter_map(|delivery| Some(delivery.last_attempt.as_ref()?.duration_ms))
        .collect();
    durations.sort_unstable();
    durations.get(durations.len() / 2).copied()
}

/// Whose deliveries wait, the most first.
fn owners(v: &Visit, waiting: &[Delivery]) -> Markup {
    let mut counted: BTreeMap<&Foreign, usize> = BTreeMap::new();
    for owner in waiting
        .iter()
        .filter_map(|delivery| delivery.owner.as_ref())
    {
        *counted.entry(owner).or_default() += 1;
    }
    let mut rows: Vec<_> = counted.into_iter().collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    html! {
        @if rows.is_empty() { p.soft { (v.say(running::NOTHING_WAITS)) } } @else {
            table.narrow {
                caption.quiet { (v.say(running::WHO_FILLS)) }
                thead { tr { th scope="col" { (v.say(text::OWNER)) } th scope="col" { (v.say(running::WAITING)) } th scope="col" { (v.say(running::SHARE)) } } }
                tbody { @for (owner, count) in rows.into_iter().take(ROWS) { tr {
                    th scope="row" { a href=(v.link(&format!("deliveries{}", query(&[("owner", owner.as_str()), ("state", "pending")])))) { (owner) } }
                    td.number { (count) }
                    td { (parts::share(count, waiting.len())) }
                } } }
            }
        }
    }
}

/// Where something failed, and how: the subscription, the status, the error.
type Cause<'a> = (&'a Foreign, Option<u16>, Option<&'a Foreign>);

/// What failed, by target and cause, the most frequent first.
async fn causes(v: &Visit, failed: &[Attempt]) -> Result<Markup, Problem> {
    let mut counted: BTreeMap<Cause<'_>, (usize, &Attempt)> = BTreeMap::new();
    for attempt in failed {
        let cause = (
            &attempt.subscription,
            attempt.status,
            attempt.error.as_ref(),
        );
        counted.entry(cause).or_insert((0, attempt)).0 += 1;
    }
    let mut rows: Vec<_> = counted.into_iter().collect();
    rows.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    rows.truncate(ROWS);
    let mut cells = Vec::with_capacity(rows.len());
    for ((subscription, status, error), (count, attempt)) in rows {
        // It may have been removed since.
        let found = v
            .operations()
            .subscription(subscription.as_str())
            .await
            .ok();
        let path = format!("subscriptions/{subscription}");
        let status_text = status.map(|status| status.to_string()).unwrap_or_default();
        cells.push(html! { tr {
            th scope="row" { @match &found {
                Some(found) => { a.target href=(v.link(&path)) { (parts::target(v, &found.target)) } span.about { (found.owner) } }
                None => span.soft { (v.say(text::SUBSCRIPTION_REMOVED)) }
            } }
            td data-label=(v.say(running::CAUSE)) {
                (parts::answer(v, status, error)) " "
                @if let Some((reason, _)) = why(status, error.map(Foreign::as_str)) { span.small { (v.fill(reason, [&status_text])) } }
            }
            td.number data-label=(v.say(text::ATTEMPTS)) { (count) }
            td data-label=(v.say(text::EXAMPLE)) { a href=(v.link(&format!("deliveries/{}", attempt.delivery))) { (parts::relative(v, attempt.at)) } }
        } });
    }
    Ok(html! {
        @if cells.is_empty() { p.soft { (v.say(running::NOTHING_FAILS)) } } @else {
            table.list {
                caption.quiet { (v.say(running::WHAT_FAILS)) }
                thead { tr {
                    th scope="col" { (v.say(text::TARGET)) } th scope="col" { (v.say(running::CAUSE)) }
                    th scope="col" { (v.say(text::ATTEMPTS)) } th scope="col" { (v.say(text::EXAMPLE)) }
                } }
                tbody { @for row in &cells { (row) } }
            }
        }
    })
}
