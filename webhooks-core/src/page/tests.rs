//! Rules of the page as a whole.
