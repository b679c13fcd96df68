//! Each rule finds its change.
