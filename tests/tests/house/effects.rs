//! Time and network come in as values: which code may read a clock, and which may open a socket.

use syn::visit::{self, Visit};
use webhooks_tests::source::{self, Source};
use webhooks_tests::workspace;

use crate::table::entry;

/// The modules that read a clock; all others are given the time. Tests turn the clock, so a module that reads one
/// cannot be tested without sleeping.
const CLOCK: &[(&str, &[&str])] = &[
    ("webhooks-macros", &[]),
    ("webhooks-core", &[]),
    ("webhooks-signature", &[]),
    // A request has one time, which its endpoint reads; the lookup spaces out its log lines.
    ("webhooks-receiver", &["endpoint", "lookup"]),
    // The store's clock, and the waits that are measured on it.
    (
        "webhooks-store",
        &["clock", "own_connection", "wake", "write_queue"],
    ),
    // The sender's time is the store's; these measure durations: of a request, between two log lines, of a batch.
    ("webhooks-sender", &["client", "engine", "log_throttle"]),
    ("webhooks-api", &[]),
    ("webhooks-portal", &["tail"]),
    ("webhooks-swagger-ui", &[]),
    ("webhooks-cli", &["source"]),
];

/// The modules that open sockets or resolve names.
const NETWORK: &[(&str, &[&str])] = &[
    ("webhooks-macros", &[]),
    ("webhooks-core", &[]),
    ("webhooks-signature", &[]),
    ("webhooks-receiver", &[]),
    ("webhooks-store", &[]),
    ("webhooks-sender", &["client"]),
    ("webhooks-api", &[]),
    ("webhooks-portal", &[]),
    ("webhooks-swagger-ui", &[]),
    ("webhooks-cli", &["dashboard", "source"]),
];

const CLOCK_WORDS: [&str; 2] = ["Instant::now", "SystemTime::now"];

const NETWORK_WORDS: [&str; 6] = [
    "TcpListener",
    "TcpStream",
    "ToSocketAddrs",
    "UdpSocket",
    "lookup_host",
    "ureq",
];

#[test]
fn only_these_modules_read_a_clock() {
    let found = used_elsewhere(CLOCK, &CLOCK_WORDS);
    assert!(
        found.is_empty(),
        "take the time as an argument\n{}",
        found.join("\n")
    );
}

#[test]
fn only_these_modules_reach_the_network() {
    let found = used_elsewhere(NETWORK, &NETWORK_WORDS);
    assert!(
        found.is_empty(),
        "requests go out through the client\n{}",
        found.join("\n")
    );
}

#[test]
fn every_way_to_name_an_effect_is_found() {
    let found = |text: &str| {
        let syntax = syn::parse_str(text).expect("the case is Rust");
        used(&syntax, &[&CLOCK_WORDS[..], &NETWORK_WORDS[..]].concat()).len()
    };
    assert_eq!(found("fn f() { std::time::Instant::now(); }"), 1);
    assert_eq!(found("fn f() { SystemTime::now(); }"), 1);
    assert_eq!(found("fn f() { x.map(Instant::now); }"), 1);
    assert_eq!(found("use tokio::net::{TcpStream, lookup_host};"), 2);
    assert_eq!(found("fn f(_: &std::net::TcpStream) {}"), 1);
    assert_eq!(found("fn f(now: SystemTime) { self.now() }"), 0);
}

fn used_elsewhere(allowed: &[(&str, &[&str])], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for name in workspace::libraries() {
        let modules = entry(allowed, &name);
        let may = |source: &Source| {
            source
                .module
                .first()
                .is_some_and(|first| modules.contains(&first.as_str()))
        };
        for source in source::library(&name).iter().filter(|source| !may(source)) {
            let shown = workspace::shown(&source.path);
            let used = used(&source.syntax, words).into_iter();
            found.extend(used.map(|word| format!("{shown}: {word}")));
        }
    }
    found
}

/// The words that a file names, as the end of a path or in a `use`.
fn used(syntax: &syn::File, words: &[&str]) -> Vec<String> {
    let mut finder = Finder {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        found: Vec::new(),
    };
    finder.visit_file(syntax);
    finder.found
}

struct Finder {
    words: Vec<String>,
    found: Vec<String>,
}

impl Finder {
    fn record(&mut self, path: &str) {
        let is_named = |word: &&String| path == *word || path.ends_with(&format!("::{word}"));
        self.found.extend(self.words.iter().find(is_named).cloned());
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|part| part.ident.to_string())
            .collect();
        // `TcpStream::connect` names the type as well.
        for end in 1..=names.len() {
            let before = self.found.len();
            self.record(&names[..end].join("::"));
            if self.found.len() > before {
                break;
            }
        }
        visit::visit_path(self, path);
    }

    fn visit_use_name(&mut self, name: &'ast syn::UseName) {
        self.record(&name.ident.to_string());
    }

    fn visit_use_rename(&mut self, rename: &'ast syn::UseRename) {
        self.record(&rename.ident.to_string());
    }
}
