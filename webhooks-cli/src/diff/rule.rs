//! A kind of change that has one verdict.

/// A kind of change with its verdict.
#[derive(Debug)]
pub struct Rule {
    /// What it is called in reports.
    pub name: &'static str,
    /// Whether it breaks receivers.
    pub breaking: bool,
    /// Why.
    pub reason: &'static str,
}
