//! Finding Chromium, or installing Debian's. No browser is ever downloaded from elsewhere.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::command;
use crate::debian;
use crate::resource::Resource;

/// Names the browser: read here to use another one, and set for the tests.
pub(crate) const VARIABLE: &str = "WEBHOOKS_CHROMIUM";

/// What ignored tests get to know of the browser.
pub(crate) fn resource() -> Result<Resource> {
    let path = find_or_install()?;
    Ok(Resource::program(
        "Chromium",
        VARIABLE,
        path.into_os_string(),
    ))
}

pub(crate) fn find_or_install() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os(VARIABLE) {
        let path = PathBuf::from(chosen);
        ensure!(
            path.is_file(),
            "{VARIABLE} names {}, where there is no file",
            path.display()
        );
        return Ok(path);
    }
    if let Some(path) = find() {
        return Ok(path);
    }
    // Without any font the page has no text to look at, and the package only recommends one.
    debian::install(&["chromium", "fonts-liberation"], "Chromium")?;
    find().context("Debian's package chromium is installed, but there is no `chromium` on PATH")
}

fn find() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let folders = std::env::var_os("PATH")?;
    let found = names
        .iter()
        .flat_map(|name| std::env::split_paths(&folders).map(move |folder| folder.join(name)))
        .find(|path| path.is_file())?;
    // A wrapper that only says where to get the browser is not a browser.
    command::answer(found.to_str()?, &["--version"]).map(|_| found)
}
