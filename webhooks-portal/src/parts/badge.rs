//! States as a word with an icon: colour alone would say nothing to some readers.

use maud::{Markup, html};

use super::icon::{Icon, icon};
use crate::foreign::Foreign;
use crate::source::{DeliveryState, JobState, SubscriptionState};
use crate::text::{self, Text, fetching};
use crate::visit::Visit;

pub(crate) fn delivery_state(v: &Visit, state: DeliveryState) -> Markup {
    let (tone, mark, word) = match state {
        DeliveryState::Delivered => ("good", Icon::Check, text::DELIVERED),
        DeliveryState::Failed => ("bad", Icon::Cross, text::FAILED),
        DeliveryState::Pending => ("open", Icon::Clock, text::PENDING),
        DeliveryState::Sending => ("open", Icon::Send, text::SENDING),
        DeliveryState::Cancelled => ("off", Icon::Dash, text::CANCELLED),
        DeliveryState::Unknown => ("off", Icon::Dash, text::UNKNOWN),
    };
    badge(tone, mark, v.say(word))
}

pub(crate) fn subscription_state(v: &Visit, state: SubscriptionState) -> Markup {
    let (tone, mark, word) = match state {
        SubscriptionState::Active => ("good", Icon::Check, text::ACTIVE),
        SubscriptionState::Paused => ("warn", Icon::Pause, text::PAUSED),
        SubscriptionState::Unverified => ("warn", Icon::Clock, text::UNVERIFIED),
        SubscriptionState::Refused => ("bad", Icon::Cross, text::REFUSED),
        SubscriptionState::Disabled => ("bad", Icon::Cross, text::DISABLED),
        SubscriptionState::Expired => ("off", Icon::Dash, text::EXPIRED),
        SubscriptionState::Gone => ("bad", Icon::Cross, text::GONE),
        SubscriptionState::Failing => ("bad", Icon::Warning, text::FAILING),
        SubscriptionState::Retired => ("off", Icon::Dash, text::RETIRED),
        SubscriptionState::Unknown => ("off", Icon::Dash, text::UNKNOWN),
    };
    badge(tone, mark, v.say(word))
}

pub(crate) fn job_state(v: &Visit, state: JobState) -> Markup {
    let (tone, mark, word) = match state {
        JobState::Running => ("open", Icon::Clock, text::JOB_RUNNING),
        JobState::Finished => ("good", Icon::Check, text::JOB_FINISHED),
        JobState::Failed => ("bad", Icon::Cross, text::FAILED),
        JobState::Cancelled => ("off", Icon::Dash, text::CANCELLED),
        JobState::Unknown => ("off", Icon::Dash, text::UNKNOWN),
    };
    badge(tone, mark, v.say(word))
}

/// Something that is as it should be, or not.
pub(crate) fn liveness(v: &Visit, is_good: bool, word: Text) -> Markup {
    let (tone, mark) = if is_good {
        ("good", Icon::Check)
    } else {
        ("warn", Icon::Warning)
    };
    badge(tone, mark, v.say(word))
}

/// What became of an attempt: what came back, or that what was fetched was acknowledged.
pub(crate) fn outcome(
    v: &Visit,
    is_fetched: bool,
    status: Option<u16>,
    error: Option<&Foreign>,
) -> Markup {
    if is_fetched && status.is_some() {
        return html! { span class="answer good" { (v.say(fetching::ACKNOWLEDGED)) } };
    }
    answer(v, status, error)
}

/// What came back: a status, or why there was none.
pub(crate) fn answer(v: &Visit, status: Option<u16>, error: Option<&Foreign>) -> Markup {
    match (status, error) {
        (Some(status), _) => {
            let is_good = (200..300).contains(&status);
            let tone = if is_good { "good" } else { "bad" };
            html! { span class={ "answer " (tone) } { code { (status) } } }
        }
        (None, Some(error)) => {
            let word = error_word(error.as_str());
            html! { span class="answer bad" { @match word {
                Some(word) => (v.say(word)),
                None => (error),
            } } }
        }
        (None, None) => html! { span class="soft" { (v.say(text::NO_ANSWER_YET)) } },
    }
}

fn error_word(error: &str) -> Option<Text> {
    Some(match error {
        "timeout" => text::ERROR_TIMEOUT,
        "host" => text::ERROR_HOST,
        "connect" => text::ERROR_CONNECT,
        "tls" => text::ERROR_TLS,
        "exchange" => text::ERROR_EXCHANGE,
        "request" => text::ERROR_REQUEST,
        "unfetched" => fetching::ERROR_UNFETCHED,
        _ => return None,
    })
}

fn badge(tone: &str, mark: Icon, word: &str) -> Markup {
    html! { span class={ "state " (tone) } { (icon(mark)) (word) } }
}
