//! `cargo run --release -p declare`: what declared webhooks cost, against poem-openapi, utoipa and aide.
//!
//! Programs with N webhooks are written to `target/declare`, then compiled, then run. Progress goes to stderr, tables
//! in Markdown to stdout.

mod cargo;
mod compile;
mod document;
mod program;
mod serve;
mod source;
mod subject;

use anyhow::{Result, bail};

const USAGE: &str = "\
usage: cargo run --release -p declare -- [OPTION]... [PART]...

parts (default: all)
  compile         CPU time of `cargo check` and `cargo build`, bytes of the binary
  document        building and writing the document
  serve           requests per second on /openapi.json

options
  --webhooks N    how many (default: 100)
  --full          as --webhooks 1000
  --ours          leave the peers out";

const PARTS: [&str; 3] = ["compile", "document", "serve"];

struct Options {
    webhooks: usize,
    peers: bool,
    parts: Vec<String>,
}

fn main() -> Result<()> {
    let options = options(std::env::args().skip(1))?;
    let subjects = subject::all(options.peers);
    println!("{}\n", bench::machine::description()?);
    let wants =
        |part: &str| options.parts.is_empty() || options.parts.iter().any(|one| one == part);
    if wants("compile") {
        compile::measure(&subjects, options.webhooks)?.print();
    }
    if wants("document") {
        document::measure(&subjects, options.webhooks)?.print();
    }
    if wants("serve") {
        for table in serve::measure(options.webhooks)? {
            table.print();
        }
    }
    Ok(())
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options> {
    let mut options = Options {
        webhooks: 100,
        peers: true,
        parts: Vec::new(),
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--webhooks" => match arguments.next().and_then(|n| n.parse().ok()) {
                Some(n) if n > 1 => options.webhooks = n,
                _ => bail!("--webhooks takes a number above 1\n\n{USAGE}"),
            },
            "--full" => options.webhooks = 1000,
            "--ours" => options.peers = false,
            part if PARTS.contains(&part) => options.parts.push(argument),
            unknown => bail!("`{unknown}` is neither an option nor a part\n\n{USAGE}"),
        }
    }
    Ok(options)
}
