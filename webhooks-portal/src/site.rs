//! What all pages of one portal have in common.

use std::time::SystemTime;

use jiff::Timestamp;

use crate::brand::Brand;
use crate::form_token::SentForms;
use crate::language::Language;
use crate::session::Sessions;
use crate::source::Source;

/// What all pages of one portal have in common.
pub(crate) struct Site {
    pub(crate) source: Source,
    pub(crate) brand: Brand,
    /// The one language, where the browser's wish does not count.
    pub(crate) language: Option<Language>,
    /// Where the documentation of the events is.
    pub(crate) documentation: Option<String>,
    /// Where customers find the API, for those who fetch their messages.
    pub(crate) api: Option<String>,
    /// The sites that may show the pages in a frame.
    pub(crate) frame_ancestors: Vec<String>,
    /// Where sessions are that links have opened; missing where links open nothing.
    pub(crate) sessions: Option<Box<dyn Sessions>>,
    /// Whether the catalogue is the application's: a program from outside of it knows no events.
    pub(crate) knows_events: bool,
    /// Whether operators see payloads.
    pub(crate) shows_payloads: bool,
    pub(crate) sent_forms: SentForms,
    /// The sender's clock.
    pub(crate) clock: Box<dyn Fn() -> SystemTime + Send + Sync>,
}

impl Site {
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::try_from((self.clock)()).unwrap_or_default()
    }

    /// The name at the top of each page.
    pub(crate) fn name(&self) -> &str {
        self.brand.name.as_deref().unwrap_or("Webhooks")
    }
}
