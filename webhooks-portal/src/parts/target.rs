//! Where messages go: to a target, or to the receiver that fetches them.

use maud::{Markup, html};

use crate::foreign::Foreign;
use crate::source::is_fetched;
use crate::text::fetching;
use crate::visit::Visit;

/// For a line of a page.
pub(crate) fn target(v: &Visit, target: &Foreign) -> Markup {
    if is_fetched(target) {
        return html! { (v.say(fetching::FETCHED)) };
    }
    target.breakable()
}

/// For the title of a page.
pub(crate) fn target_name(v: &Visit, target: &Foreign) -> String {
    if is_fetched(target) {
        return v.say(fetching::FETCHED).to_owned();
    }
    target.to_string()
}
