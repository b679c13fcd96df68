//! Icons, drawn here: nothing is loaded from elsewhere. Each is next to a word and is silent for screen readers.

use maud::{Markup, html};

#[derive(Debug, Clone, Copy)]
pub(crate) enum Icon {
    Check,
    Cross,
    Clock,
    Send,
    Dash,
    Pause,
    Warning,
    Webhook,
    List,
    Tag,
    Gauge,
    Chart,
    People,
    Server,
}

impl Icon {
    /// The path, on a ground of 16 by 16.
    const fn path(self) -> &'static str {
        match self {
            Self::Check => "M3 8.5l3.2 3.2L13 4.8",
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Clock => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.2l2.2 1.6",
            Self::Send => "M2.5 8h11M9.5 4l4 4-4 4",
            Self::Dash => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM4 4l8 8",
            Self::Pause => "M5.5 3.5v9M10.5 3.5v9",
            Self::Warning => "M8 2.2L14.4 13.5H1.6zM8 6.5v3.2M8 11.6v.1",
            Self::Webhook => "M2.5 3.5h11v6h-11zM5 13h6M8 9.5V13",
            Self::List => "M2.5 4h11M2.5 8h11M2.5 12h7",
            Self::Tag => "M2.5 2.5h5.2l6 6-5.2 5.2-6-6zM5.5 5.5v.1",
            Self::People => {
                "M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 13.5c0-5 9-5 9 0M10.5 3.2a2.5 2.5 0 0 1 0 4.6M12.2 9.6c1.5.6 2.3 2 2.3 3.9"
            }
            Self::Server => "M2.5 2.5h11v4.5h-11zM2.5 9h11v4.5h-11zM5 4.7v.1M5 11.2v.1",
            Self::Chart => "M2.5 13.5h11M4 11V8M8 11V3M12 11V6",
            Self::Gauge => "M2 12a6 6 0 1 1 12 0M8 12l2.8-4",
        }
    }
}

pub(crate) fn icon(icon: Icon) -> Markup {
    html! {
        svg .icon viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.7"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false" {
            path d=(icon.path()) {}
        }
    }
}
