//! The program as it is run: answers, exit codes, and what bad input gets to hear.

#[cfg(feature = "http")]
mod address;
mod answers;
mod bad_input;
#[cfg(feature = "dashboard")]
mod browser;
#[cfg(feature = "dashboard")]
mod dashboard;
mod export;
mod program;
#[cfg(feature = "dashboard")]
mod shop;
