//! One fact of a list of facts: its name, and what it is.

use maud::{Markup, html};

/// A name and a value, for `dl.facts`.
pub(crate) fn fact(label: &str, value: &Markup) -> Markup {
    html! { div { dt { (label) } dd { (value) } } }
}
