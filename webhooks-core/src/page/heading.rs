//! The level of a section's headings, and whose request the section describes.

/// The tags of headings on one level.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// The level of the heading above.
    pub(super) parent: u8,
}

pub(super) const H4: Heading = Heading {
    open: "<h4>",
    close: "</h4>",
    parent: 3,
};
pub(super) const H5: Heading = Heading {
    open: "<h5>",
    close: "</h5>",
    parent: 4,
};

/// Who sends the request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// A webhook: the reader receives it.
    ToReader,
    /// A route: the reader calls it.
    FromReader,
}
