//! What a database may look for before a filter decides: so that what is not wanted need not be read. A hint lets everything
//! through that the filter does, and perhaps more.

/// Messages of this event, of events whose names begin so, or all.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct EventHint {
    pub(crate) exact: Option<String>,
    pub(crate) beginning: Option<String>,
}

/// Subscriptions with an event, as it stands in JSON, with a text in lower case, or all.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct SettingsHint {
    pub(crate) event: Option<String>,
    pub(crate) text: Option<String>,
}
