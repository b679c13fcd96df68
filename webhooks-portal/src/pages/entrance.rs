//! A link opened: a page with a button, the session behind it, and its end.

use http::StatusCode;
use maud::html;

use crate::parts;
use crate::reply::{Page, Reply, Section};
use crate::source::Problem;
use crate::text;
use crate::visit::Visit;

/// Reading the page redeems nothing: mail scanners read every link.
#[expect(clippy::unused_async, reason = "every page is")]
pub(crate) async fn ask(v: &Visit) -> Result<Reply, Problem> {
    let code = v.part("code")?;
    if v.session.is_none() {
        return Err(over());
    }
    let content = html! {
        div.empty.problem {
            h1 { (v.say(text::OPEN_TITLE)) }
            p { (v.say(text::OPEN_HINT)) }
            form method="post" action=(v.link("open")) {
                (v.token_field()) (parts::hidden("code", code))
                button.primary { (v.say(text::OPEN_BUTTON)) }
            }
        }
    };
    Ok(Page::new(Section::Outside, v.say(text::OPEN_TITLE), content).into())
}

fn over() -> Problem {
    Problem::new(StatusCode::GONE, "link-over", "")
}

pub(crate) async fn open(v: &Visit) -> Result<Reply, Problem> {
    let code = v.form.get("code").unwrap_or_default();
    let sessions = v.site.sessions.as_ref().ok_or_else(Problem::not_found)?;
    let offered = sessions
        .offered(code)
        .await
        .map_err(|_| Problem::internal())?;
    let content = offered.map(|session| session.content).unwrap_or_default();
    let token = sessions
        .redeem(code)
        .await
        .map_err(|_| Problem::internal())?;
    let token = token.ok_or_else(over)?;
    Ok(Reply::Enter {
        token,
        lasts: content.lasts,
        is_embedded: !content.frame_ancestors.is_empty(),
    })
}

pub(crate) async fn leave(v: &Visit) -> Result<Reply, Problem> {
    if let (Some(sessions), Some(session)) = (&v.site.sessions, &v.session) {
        sessions
            .end(session)
            .await
            .map_err(|_| Problem::internal())?;
    }
    Ok(Reply::Leave)
}
