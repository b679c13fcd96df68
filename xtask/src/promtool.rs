//! promtool, which reads alert rules and metrics as Prometheus does: found or installed.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::debian;
use crate::resource::Resource;

/// Names the program.
const VARIABLE: &str = "WEBHOOKS_PROMTOOL";
/// Where Debian puts it.
const PROGRAM: &str = "/usr/bin/promtool";

/// What ignored tests get to know of it.
///
/// Its package is that of the server, whose service is a matter of the machine: on one with systemd it runs after the
/// installation, until it is switched off.
pub(crate) fn resource() -> Result<Resource> {
    if let Some(program) = std::env::var_os(VARIABLE) {
        return Ok(Resource::program("promtool", VARIABLE, program));
    }
    if !Path::new(PROGRAM).exists() {
        debian::install(&["prometheus"], "promtool")?;
    }
    ensure!(
        Path::new(PROGRAM).exists(),
        "Debian's package prometheus is installed, but there is no {PROGRAM}"
    );
    Ok(Resource::program("promtool", VARIABLE, PROGRAM.into()))
}
