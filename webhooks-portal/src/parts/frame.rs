//! What is around every page: head, navigation, what was just done.

use maud::{DOCTYPE, Markup, html};

use super::icon::{Icon, icon};
use super::notice::{Tone, notice};
use crate::foreign::ForeignStr;
use crate::reply::{Page, Section};
use crate::text::{self, Text, fetching, metrics, redelivery, running};
use crate::visit::Visit;

/// A page with its frame.
pub(crate) fn frame(v: &Visit, page: &Page) -> String {
    let name = v.site.name();
    let markup = html! {
        (DOCTYPE)
        html lang=(v.language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (ForeignStr(&page.title)) " · " (name) }
                link rel="stylesheet" href=(v.link("assets/portal.css"));
                link rel="icon" href=(v.link("assets/icon.svg")) type="image/svg+xml";
                script src=(v.link("assets/portal.js")) defer {}
            }
            body {
                a.skip href="#main" { (v.say(text::SKIP)) }
                (top(v, page.section))
                main #main tabindex="-1" data-copied=(v.say(text::COPIED)) data-copy=(v.say(text::COPY)) data-select=(v.say(text::SELECTED)) {
                    (done(v))
                    (page.content)
                }
            }
        }
    };
    markup.into_string()
}

fn top(v: &Visit, current: Section) -> Markup {
    let entries = [
        (Section::Overview, "overview", text::OVERVIEW, Icon::Gauge),
        (
            Section::Subscriptions,
            "subscriptions",
            text::SUBSCRIPTIONS,
            Icon::Webhook,
        ),
        (
            Section::Deliveries,
            "deliveries",
            text::DELIVERIES,
            Icon::List,
        ),
        (Section::Events, "events", text::EVENTS, Icon::Tag),
        (Section::Activity, "activity", text::ACTIVITY, Icon::Clock),
        (Section::Metrics, "metrics", metrics::METRICS, Icon::Chart),
        (Section::Owners, "owners", running::OWNERS, Icon::People),
        (Section::Service, "service", running::SERVICE, Icon::Server),
    ];
    let shown = entries.into_iter().filter(|(section, ..)| match section {
        Section::Overview | Section::Metrics | Section::Owners | Section::Service => {
            v.is_operator()
        }
        Section::Events => v.site.knows_events,
        _ => true,
    });
    html! {
        header.top {
            p.brand {
                @if v.site.brand.logo.is_some() { img src=(v.link("assets/logo")) alt="" height="28"; }
                span { (v.site.name()) }
                @if v.is_operator() { " " span.role { (v.say(text::OPERATOR)) } }
            }
            @if !v.is_guest && current != Section::Outside { nav aria-label=(v.say(text::NAVIGATION)) {
                ul {
                    @for (section, path, label, mark) in shown {
                        li { a href=(v.link(path)) aria-current=[(section == current).then_some("page")] { (icon(mark)) (v.say(label)) } }
                    }
                    @if let Some(documentation) = &v.site.documentation {
                        li.apart { a href=(documentation) { (v.say(text::DOCUMENTATION)) } }
                    }
                    @if v.session.is_some() { li { (super::action(v, "leave", "quiet-button", v.say(text::SIGN_OUT))) } }
                }
            } }
        }
    }
}

/// What the form before this page has done. The words are ours: a link cannot put others there.
fn done(v: &Visit) -> Markup {
    let said = |text: Text| notice(Tone::Good, &html! { p { (v.say(text)) } });
    match v.query.get("done") {
        Some("changed") => said(text::DONE_CHANGED),
        Some("paused") => said(text::DONE_PAUSED),
        Some("resumed") => said(text::DONE_RESUMED),
        Some("removed") => said(text::DONE_REMOVED),
        Some("tested") => said(text::DONE_TESTED),
        Some("waiting") => said(fetching::WAITS_TO_BE_FETCHED),
        Some("retried") => said(text::DONE_RETRIED),
        Some("cancelled") => said(text::DONE_CANCELLED),
        Some("replayed") => said(redelivery::DONE_REPLAYED),
        Some("replayed-missed") => said(redelivery::DONE_REPLAYED_MISSED),
        Some("replayed-all") => said(redelivery::DONE_REPLAYED_ALL),
        Some("retrying") => said(redelivery::DONE_RETRYING),
        Some("stopped") => said(text::DONE_STOPPED),
        Some("paused-all") => said(running::DONE_PAUSED_ALL),
        Some("resumed-all") => said(running::DONE_RESUMED_ALL),
        _ => Markup::default(),
    }
}
