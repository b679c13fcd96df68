//! The program as it is run: answers, exit codes, and what bad input gets to hear.

#[cfg(feature = "http")]
mod address;
mod answers;
mod bad_input;
mod export;
mod program;
