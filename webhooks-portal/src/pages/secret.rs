//! A secret: shown once, with how to check a signature with it; and replaced by a new one, with time to change over.

use maud::{Markup, html};

use crate::parts::{self, Choice, Tone};
use crate::reply::{Page, Reply, Section};
use crate::source::Problem;
use crate::text::{self, fetching};
use crate::visit::Visit;

/// How long the old secret signs as well, in seconds.
const GRACES: [&str; 4] = ["0", "3600", "86400", "604800"];

/// How a receiver checks a signature, by language.
const RECIPES: [(&str, &str); 3] = [
    (
        "Node",
        "import { Webhook } from \"standardwebhooks\";\n\n// The body as it came, before any parser.\n\
         const event = new Webhook(process.env.WEBHOOK_SECRET).verify(rawBody, request.headers);",
    ),
    (
        "Python",
        "from standardwebhooks import Webhook\n\n# The body as it came, before any parser.\n\
         event = Webhook(os.environ[\"WEBHOOK_SECRET\"]).verify(raw_body, request.headers)",
    ),
    (
        "Rust",
        "use webhooks_receiver::{Provider, Receiver, Secret};\n\n\
         let receiver = Receiver::new(Provider::STANDARD_WEBHOOKS)\n    .secret(Secret::new(secret)?)?\n    .on(handler);",
    ),
];

pub(crate) async fn ask(v: &Visit) -> Result<Reply, Problem> {
    let subscription = v.operations().subscription(v.part("id")?).await?;
    let path = format!("subscriptions/{}", subscription.id);
    let words = [
        text::GRACE_NONE,
        text::GRACE_HOUR,
        text::GRACE_DAY,
        text::GRACE_WEEK,
    ];
    let graces: Vec<_> = GRACES
        .iter()
        .zip(words)
        .map(|(value, word)| Choice::new(value, v.say(word)))
        .collect();
    let content = html! {
        p.way { a href=(v.link(&path)) { (parts::target(v, &subscription.target)) } }
        div.head { h1 { (v.say(text::ROTATE)) } }
        p.lead { (v.say(text::ROTATE_NOTE)) }
        form.stacked method="post" action=(v.link(&format!("{path}/rotate"))) {
            (v.token_field())
            (parts::select("grace", v.say(text::GRACE), &graces, Some("86400")))
            div.actions {
                button.primary { (v.say(text::MAKE_SECRET)) }
                a.button href=(v.link(&path)) { (v.say(text::KEEP)) }
            }
        }
    };
    Ok(Page::new(Section::Subscriptions, v.say(text::ROTATE), content).into())
}

pub(crate) async fn rotate(v: &Visit) -> Result<Reply, Problem> {
    let id = v.part("id")?;
    let grace = v
        .form
        .get("grace")
        .and_then(|grace| grace.parse().ok())
        .unwrap_or(86_400);
    let operations = v.operations();
    let is_fetched = operations.subscription(id).await?.is_fetched();
    let made = operations.rotate(id, grace).await?;
    Ok(shown(v, id, Some(&made.secret), is_fetched).into())
}

/// The answer to the form itself and not a page behind it: a page could be opened again, and a secret is shown once.
pub(super) fn shown(v: &Visit, id: &str, secret: Option<&str>, is_fetched: bool) -> Page {
    let path = format!("subscriptions/{id}");
    let content = html! {
        div.head { h1 { (v.say(text::SECRET_TITLE)) } }
        @match secret {
            Some(secret) => {
                (parts::notice(Tone::Warning, &html! { p { (v.say(text::SECRET_ONCE)) } }))
                p.secret { (parts::copyable(secret)) }
                (recipe(v, secret, is_fetched))
            }
            None => p { (v.say(text::NO_SECRET)) },
        }
        @if is_fetched { (super::fetching::how(v, id)) }
        div.actions { a class="button primary" href=(v.link(&path)) { (v.say(text::SECRET_KEPT)) } }
    };
    Page::new(Section::Subscriptions, v.say(text::SECRET_TITLE), content)
}

fn recipe(v: &Visit, secret: &str, is_fetched: bool) -> Markup {
    let lead = if is_fetched {
        fetching::RECIPE_LEAD
    } else {
        text::RECIPE_LEAD
    };
    html! {
        section aria-labelledby="recipe" {
            h2 #recipe { (v.say(text::RECIPE)) }
            @if secret.starts_with("whsec_") {
                p { (v.say(lead)) }
                @for (language, program) in RECIPES { details open[language == "Node"] { summary { (language) } (parts::command(program)) } }
            }
            @if let Some(documentation) = &v.site.documentation { p { a href=(documentation) { (v.say(text::RECIPE_MORE)) } } }
        }
    }
}
