//! `cargo xtask COMMAND`: what the workspace needs beyond `cargo` itself.
//!
//! Plain `cargo` builds, tests and documents the crates. These commands add what cargo cannot do alone: find or
//! install the programs that some tests need, start and stop what has to run, and compare with tools written in
//! other languages. A command that cannot do its work fails and says what to do; none of them skips.

mod api;
mod bench;
mod chromium;
mod clients;
mod command;
mod debian;
mod examples;
mod features;
mod interop;
mod msrv;
mod nginx;
mod node;
mod package;
mod page;
mod peers;
mod portal;
mod postgres;
mod promtool;
mod python;
mod receivers;
mod resource;
mod rustdoc;
mod search;
mod senders;
mod server;
mod step;
mod test;
mod workspace;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  test [--long]            every test, with PostgreSQL, Node and Chromium found or installed; --long runs the long versions
  interop [PART]...        Node and Python tools on every example; parts: api, command, documents, generators,
                           merging, pages, portal, receivers, search, senders (default: all)
  examples                 compare each example's openapi.json with what the example prints
  examples --bless [NAME]  write openapi.json anew; NAME is an example that has none yet
  features                 cargo check of each library crate with each feature alone, none and all
  api                      compare each crate's public API with its listing in tests/api; builds the documentation
  api --bless              write the listings anew
  package                  what would be published of each crate, packed
  bench --check [NAME]...  each benchmark that has a bar, in its quick form: ours, the peer, the bar
  msrv                     cargo check of each library crate with the oldest compiler that it promises
  screenshots              take the README's pictures of portal and dashboard anew
  measure [FOLDER]         count files, lines, long functions and names of this workspace, or of a copy";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["test"] => test::run(test::Length::Short),
        ["test", "--long"] => test::run(test::Length::Long),
        ["interop", parts @ ..] => interop::run(parts),
        ["examples"] => examples::compare_all(),
        ["examples", "--bless", names @ ..] => examples::bless(names),
        ["features"] => features::run(),
        ["api"] => api::compare(),
        ["api", "--bless"] => api::bless(),
        ["screenshots"] => portal::screenshots(),
        ["bench", "--check", names @ ..] => bench::check(names),
        ["package"] => package::run(),
        ["msrv"] => msrv::run(),
        ["measure"] => measure(&Workspace::read()?.root),
        ["measure", folder] => measure(Path::new(folder)),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        [] => bail!("no command given\n\n{USAGE}"),
        unknown => bail!("`{}` is not a command\n\n{USAGE}", unknown.join(" ")),
    }
}

fn measure(root: &Path) -> Result<()> {
    xtask::measure::print(&xtask::measure::workspace(root)?);
    Ok(())
}
