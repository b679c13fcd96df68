//! How long to measure: as the README's tables, or once, to see whether a change was worth anything.

/// How long to measure.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Length {
    Usual,
    Quick,
}

impl Length {
    pub(crate) fn rounds(self, usual: usize) -> usize {
        match self {
            Length::Usual => usual,
            Length::Quick => 1,
        }
    }
}
