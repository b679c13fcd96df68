//! The way to a number that is not finite, found while an error travels back through the value.

use std::cell::{Cell, RefCell};

/// Where a number that is not finite was met. Nothing is recorded while all is well.
#[derive(Debug, Default)]
pub(super) struct Trace {
    pub(super) found: Cell<Option<f64>>,
    /// The way to it, the innermost part first.
    way: RefCell<Vec<String>>,
}

impl Trace {
    pub(super) fn check<E: serde::ser::Error>(&self, number: f64) -> Result<(), E> {
        if number.is_finite() {
            return Ok(());
        }
        self.found.set(Some(number));
        Err(E::custom("not a finite number"))
    }

    /// Adds the part of the way at which an error passes by.
    pub(super) fn passing<O, E>(
        &self,
        result: Result<O, E>,
        part: impl FnOnce() -> String,
    ) -> Result<O, E> {
        if result.is_err() && self.found.get().is_some() {
            self.way.borrow_mut().push(part());
        }
        result
    }

    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for part in self.way.borrow().iter().rev() {
            if !path.is_empty() && !part.starts_with('[') {
                path.push('.');
            }
            path.push_str(part);
        }
        if path.is_empty() {
            path.push_str("the value");
        }
        path
    }
}
