//! `webhooks dashboard`, a real process over the database of an application that encrypts its secrets: it shows what
//! is there, and is in no process's way.

mod entering;
mod looking;
mod refusing;

use std::process::{Command, Stdio};

use webhooks_tests::process::Process;

use crate::browser::{Browser, Page};
use crate::program::program;

/// A dashboard that runs.
struct Dashboard {
    process: Process,
    browser: Browser,
    /// The path with the code.
    entrance: String,
}

impl Dashboard {
    fn start(database: &str, arguments: &[&str]) -> Self {
        let mut command = dashboard(database);
        let mut process = Process::start(command.args(arguments).stderr(Stdio::inherit()));
        let url = process.line_with("/enter/");
        let (_, rest) = url.split_once("://").expect("a URL");
        let (address, path) = rest.split_once('/').expect("a path");
        Self {
            process,
            browser: Browser::new(address),
            entrance: format!("/{path}"),
        }
    }

    /// Presses the button of the entrance.
    fn enter(&mut self) -> Page {
        let asked = self.browser.get(&self.entrance);
        let code = asked.after("name=\"code\" value=\"").to_owned();
        self.browser.post("/enter", &format!("code={code}"))
    }

    fn opened(database: &str, arguments: &[&str]) -> Self {
        let mut opened = Self::start(database, arguments);
        assert_eq!(opened.enter().status, 303);
        opened
    }

    /// A page that is there.
    fn page(&mut self, path: &str) -> String {
        let page = self.browser.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        // Places where a long name may be broken.
        page.text.replace("<wbr>", "")
    }

    fn stop(mut self) {
        assert!(self.process.terminate().success(), "it ends well");
    }
}

fn dashboard(database: &str) -> Command {
    let mut command = program(&["dashboard", "--database", database]);
    command.env_remove("DATABASE_URL").env("USER", "ada");
    command
}
