//! One request of a visitor who was let in: what was asked for, and what they may see and do.

use std::sync::Arc;

use jiff::Timestamp;
use maud::{Markup, html};
use webhooks_api::{Ability, Access};

use crate::fields::Fields;
use crate::foreign::Foreign;
use crate::language::Language;
use crate::session::Session;
use crate::site::Site;
use crate::source::{Operations, Problem};
use crate::text::Text;

/// One request.
pub(crate) struct Visit {
    pub(crate) site: Arc<Site>,
    pub(crate) access: Access,
    /// The session that a link has opened, or what a link would open.
    pub(crate) session: Option<Session>,
    /// Whether the visitor has no access yet.
    pub(crate) is_guest: bool,
    pub(crate) language: Language,
    /// The way up to the portal's root: `../`, for a page two levels down.
    pub(crate) root: String,
    /// The parts of the path in braces.
    pub(crate) path: Vec<(String, String)>,
    pub(crate) query: Fields,
    /// What a form sent; empty for a page that is read.
    pub(crate) form: Fields,
    /// Goes into every form of the page.
    pub(crate) form_token: String,
    pub(crate) now: Timestamp,
}

impl Visit {
    /// The sites that may show the page in a frame.
    pub(crate) fn frame_ancestors(&self) -> impl Iterator<Item = &str> {
        let own = self
            .session
            .iter()
            .flat_map(|session| &session.content.frame_ancestors);
        self.site
            .frame_ancestors
            .iter()
            .chain(own)
            .map(String::as_str)
    }

    /// The operations of the API, as this visitor may use them.
    pub(crate) fn operations(&self) -> Operations {
        self.site.source.of(&self.access)
    }

    /// A text in the visitor's language.
    pub(crate) fn say(&self, text: Text) -> &'static str {
        text.of(self.language)
    }

    /// A text with values in the places of `{}`, one after the other.
    pub(crate) fn fill<const N: usize>(&self, text: Text, values: [&str; N]) -> String {
        let mut filled = String::new();
        let mut values = values.into_iter();
        for (place, part) in text.of(self.language).split("{}").enumerate() {
            if place > 0 {
                filled.push_str(values.next().unwrap_or_default());
            }
            filled.push_str(part);
        }
        filled
    }

    /// A link to a path below the portal's root: relative, so that it holds below any prefix and behind any proxy.
    pub(crate) fn link(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    /// A part of the path. One that is missing is the id of nothing.
    pub(crate) fn part(&self, name: &str) -> Result<&str, Problem> {
        let part = self.path.iter().find(|(known, _)| known == name);
        part.map(|(_, value)| value.as_str())
            .ok_or_else(Problem::not_found)
    }

    pub(crate) fn may(&self, ability: Ability) -> bool {
        self.access.allows(ability)
    }

    /// Whether the visitor reaches all owners.
    pub(crate) fn is_operator(&self) -> bool {
        self.access.owner_name().is_none()
    }

    /// The hidden field that every form has.
    pub(crate) fn token_field(&self) -> Markup {
        html! { input type="hidden" name="token" value=(self.form_token); }
    }

    /// The owner, for an operator: customers know who they are.
    pub(crate) fn owner_shown<'o>(&self, owner: Option<&'o Foreign>) -> Option<&'o Foreign> {
        owner.filter(|_| self.is_operator())
    }
}
