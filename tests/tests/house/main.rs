//! The house rules: what holds for the whole workspace and no compiler checks.

mod crates;
mod layers;
mod table;
mod tidy;
