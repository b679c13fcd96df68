//! The house rules: what holds for the whole workspace and no compiler checks.

mod aliases;
mod crates;
mod cycles;
mod dependencies;
mod documents;
mod effects;
mod english;
mod errors;
mod layers;
mod manifests;
mod measures;
mod operations;
mod public_types;
mod sql;
mod table;
mod tidy;
