//! How the messages of a subscription are fetched that are not sent anywhere.

use maud::{Markup, html};

use crate::parts;
use crate::source::segment;
use crate::text::fetching;
use crate::visit::Visit;

/// The questions to the API, to be copied.
pub(super) fn how(v: &Visit, id: &str) -> Markup {
    let base = v.site.api.as_deref().unwrap_or_default();
    let path = format!("{base}/subscriptions/{}/poll", segment(id));
    let question = |body: &str| {
        parts::command(&format!(
            "POST {path}\ncontent-type: application/json\n\n{body}"
        ))
    };
    html! {
        section aria-labelledby="fetching" {
            h2 #fetching { (v.say(fetching::HOW_TO_FETCH)) }
            p { (v.say(fetching::ASK)) }
            div { (question("{\"limit\": 10, \"wait\": 20}")) }
            p { (v.say(fetching::ACKNOWLEDGE)) }
            div { (question("{\"limit\": 10, \"wait\": 20, \"acknowledge\": [\"dlv_…\"]}")) }
            p.soft { (v.say(fetching::CREDENTIALS)) " " (v.say(fetching::GIVEN_UP_UNFETCHED))
                @if base.is_empty() { " " (v.say(fetching::WHERE_API_IS)) } }
        }
    }
}
