//! nginx as a receiver in tests: found or installed; each test starts its own.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::debian;
use crate::resource::Resource;

/// Names the program.
pub(crate) const VARIABLE: &str = "WEBHOOKS_NGINX";
/// Where Debian puts it, which is not on every PATH.
const PROGRAM: &str = "/usr/sbin/nginx";

/// What ignored tests get to know of it.
pub(crate) fn resource() -> Result<Resource> {
    if let Some(program) = std::env::var_os(VARIABLE) {
        return Ok(Resource::program("nginx", VARIABLE, program));
    }
    if !Path::new(PROGRAM).exists() {
        debian::install(&["nginx-light"], "nginx")?;
    }
    ensure!(
        Path::new(PROGRAM).exists(),
        "Debian's package nginx-light is installed, but there is no {PROGRAM}"
    );
    Ok(Resource::program("nginx", VARIABLE, PROGRAM.into()))
}
