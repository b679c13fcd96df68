//! A subscription removed, after a page that asks whether it is meant.

use maud::html;

use crate::parts::{self, Tone};
use crate::reply::{Page, Reply, Section};
use crate::source::Problem;
use crate::text;
use crate::visit::Visit;

pub(crate) async fn ask(v: &Visit) -> Result<Reply, Problem> {
    let subscription = v.operations().subscription(v.part("id")?).await?;
    let path = format!("subscriptions/{}", subscription.id);
    let content = html! {
        p.way { a href=(v.link(&path)) { (parts::target(v, &subscription.target)) } }
        div.head { h1 { (v.say(text::REMOVE_QUESTION)) } }
        (parts::notice(Tone::Warning, &html! { p { (v.say(text::REMOVE_NOTE)) } p.target { (parts::target(v, &subscription.target)) } }))
        div.actions {
            (parts::action(v, &format!("{path}/remove"), "danger", v.say(text::REMOVE_FOR_GOOD)))
            a.button href=(v.link(&path)) { (v.say(text::KEEP)) }
        }
    };
    Ok(Page::new(
        Section::Subscriptions,
        v.say(text::REMOVE_QUESTION),
        content,
    )
    .into())
}

pub(crate) async fn remove(v: &Visit) -> Result<Reply, Problem> {
    v.operations().remove(v.part("id")?).await?;
    Ok(Reply::See("subscriptions?done=removed".to_owned()))
}
