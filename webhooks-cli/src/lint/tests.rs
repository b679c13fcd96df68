//! Each rule finds its defect, and nothing else does.
