//! A box that says what happened, or what needs attention.

use maud::{Markup, html};

use super::icon::{Icon, icon};

#[derive(Debug, Clone, Copy)]
pub(crate) enum Tone {
    Good,
    Plain,
    Warning,
    Bad,
}

/// What is wrong is read out by screen readers when the page opens; what went well, politely.
pub(crate) fn notice(tone: Tone, content: &Markup) -> Markup {
    let (class, mark, role) = match tone {
        Tone::Good => ("good", Icon::Check, "status"),
        Tone::Plain => ("open", Icon::Clock, "note"),
        Tone::Warning => ("warn", Icon::Warning, "note"),
        Tone::Bad => ("bad", Icon::Warning, "alert"),
    };
    html! {
        div class={ "notice " (class) } role=(role) { (icon(mark)) div { (content) } }
    }
}
