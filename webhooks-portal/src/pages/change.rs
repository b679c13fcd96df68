//! A subscription made or changed.

use http::StatusCode;
use maud::html;

use super::subscription_form::{Draft, Purpose, form};
use crate::parts;
use crate::reply::{Page, Reply, Section};
use crate::source::{Event, Problem, Subscription};
use crate::text;
use crate::visit::Visit;

/// The events that a subscription can name. Events about the sender itself are the operator's.
pub(super) async fn events(v: &Visit) -> Result<Vec<Event>, Problem> {
    let found = v.operations().events().await?.data.into_iter();
    let is_shown = |event: &Event| v.is_operator() || !event.name.as_str().starts_with("webhooks.");
    Ok(found.filter(is_shown).collect())
}

pub(crate) async fn ask_new(v: &Visit) -> Result<Reply, Problem> {
    let draft = Draft::of_query(&v.query);
    Ok(new_page(v, &draft, None, None).await?.into())
}

async fn new_page(
    v: &Visit,
    draft: &Draft,
    problem: Option<&Problem>,
    checked: Option<Result<(), Problem>>,
) -> Result<Page, Problem> {
    let purpose = Purpose {
        path: "subscriptions/new",
        back: "subscriptions",
        button: v.say(text::ADD_SUBSCRIPTION),
        id: None,
        headers: &[],
        checked,
    };
    let events = events(v).await?;
    let content = html! {
        p.way { a href=(v.link("subscriptions")) { (v.say(text::SUBSCRIPTIONS)) } }
        div.head { h1 { (v.say(text::ADD_SUBSCRIPTION)) } }
        (form(v, &purpose, draft, &events, problem))
    };
    Ok(Page::new(
        Section::Subscriptions,
        v.say(text::ADD_SUBSCRIPTION),
        content,
    ))
}

pub(crate) async fn create(v: &Visit) -> Result<Reply, Problem> {
    let draft = Draft::read(&v.form);
    let owner = draft.owner.as_deref().filter(|_| v.is_operator());
    let key = v.form.get("token").unwrap_or_default();
    match v.operations().create(owner, draft.body(), key).await {
        Ok(made) => {
            let (id, secret) = (made.id.as_str(), made.secret.as_deref());
            Ok(super::secret::shown(v, id, secret, draft.is_fetched()).into())
        }
        Err(problem) if problem.is_of_form() => {
            let page = new_page(v, &draft, Some(&problem), None).await?;
            Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into())
        }
        Err(problem) => Err(problem),
    }
}

pub(crate) async fn ask(v: &Visit) -> Result<Reply, Problem> {
    let subscription = v.operations().subscription(v.part("id")?).await?;
    let draft = Draft::of(&subscription);
    Ok(page(v, &subscription, &draft, None, None).await?.into())
}

async fn page(
    v: &Visit,
    subscription: &Subscription,
    draft: &Draft,
    problem: Option<&Problem>,
    checked: Option<Result<(), Problem>>,
) -> Result<Page, Problem> {
    let back = format!("subscriptions/{}", subscription.id);
    let purpose = Purpose {
        path: &format!("{back}/edit"),
        back: &back,
        button: v.say(text::SAVE),
        id: Some(subscription.id.as_str()),
        headers: &subscription.headers,
        checked,
    };
    let events = events(v).await?;
    let content = html! {
        p.way { a href=(v.link(&back)) { (parts::target(v, &subscription.target)) } }
        div.head { h1 { (v.say(text::EDIT_SUBSCRIPTION)) } }
        (form(v, &purpose, draft, &events, problem))
    };
    Ok(Page::new(
        Section::Subscriptions,
        v.say(text::EDIT_SUBSCRIPTION),
        content,
    ))
}

/// Changes what was read. When another tab or person was faster, the form comes again with what was written, and sending
/// it once more is a decision.
pub(crate) async fn change(v: &Visit) -> Result<Reply, Problem> {
    let (id, operations) = (v.part("id")?, v.operations());
    let mut draft = Draft::read(&v.form);
    let revision = draft.revision.unwrap_or_default();
    match operations.change(id, revision, draft.body()).await {
        Ok(_) => Ok(Reply::See(format!("subscriptions/{id}?done=changed"))),
        Err(problem) if problem.is_of_form() => {
            let subscription = operations.subscription(id).await?;
            draft.revision = Some(subscription.revision);
            let status = if problem.is_overtaken() {
                StatusCode::CONFLICT
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            let page = page(v, &subscription, &draft, Some(&problem), None).await?;
            Ok(page.status(status).into())
        }
        Err(problem) => Err(problem),
    }
}

/// Says whether the target would be accepted, and gives the form back as it was: nothing is changed. A script asks while the
/// target is typed, and takes the answer out of the page.
pub(crate) async fn check(v: &Visit) -> Result<Reply, Problem> {
    let (draft, operations) = (Draft::read(&v.form), v.operations());
    let checked = match operations.check_target(draft.target()).await {
        Ok(()) => Ok(()),
        Err(problem) if problem.is_of_form() => Err(problem),
        Err(problem) => return Err(problem),
    };
    Ok(match v.form.get("id") {
        Some(id) => {
            let subscription = operations.subscription(id).await?;
            page(v, &subscription, &draft, None, Some(checked)).await?
        }
        None => new_page(v, &draft, None, Some(checked)).await?,
    }
    .into())
}
