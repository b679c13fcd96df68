//! What a page's function gives: a page, a way to another one, or bytes.

use axum::response::Response;
use http::StatusCode;
use maud::Markup;

/// The part of the navigation that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Overview,
    Subscriptions,
    Deliveries,
    Events,
    Activity,
    Metrics,
    Owners,
    Service,
    Other,
    /// For those who are not in: there is no navigation.
    Outside,
}

/// The content of a page; the frame comes around it.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) title: String,
    pub(crate) section: Section,
    pub(crate) content: Markup,
}

impl Page {
    pub(crate) fn new(section: Section, title: impl Into<String>, content: Markup) -> Self {
        Self {
            status: StatusCode::OK,
            title: title.into(),
            section,
            content,
        }
    }

    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

/// The answer to one request.
pub(crate) enum Reply {
    Page(Page),
    /// Another page, by a path below the portal: after a form, so that going back or reloading sends nothing again.
    See(String),
    /// The first page, with a session that lasts for so many seconds.
    Enter {
        token: String,
        lasts: u64,
        /// Whether the session's pages may stand in a frame of another site.
        is_embedded: bool,
    },
    /// The end of a session.
    Leave,
    /// Server-sent events as the API answers them, until one of both hangs up.
    Stream(Response),
    /// Bytes to be kept as a file, never shown: they came from outside.
    File {
        name: String,
        bytes: Vec<u8>,
    },
}

impl From<Page> for Reply {
    fn from(page: Page) -> Self {
        Self::Page(page)
    }
}
