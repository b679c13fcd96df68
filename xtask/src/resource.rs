//! What ignored tests need: a program or a server, and the environment variables through which they find it.
//!
//! Each resource is one file with one function `resource()`. A server is started by that function and stopped
//! when its `Resource` is dropped, also when a test or a later resource failed.

use std::any::Any;
use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{chromium, nginx, node, postgres, promtool};

/// A program or a running server.
pub(crate) struct Resource {
    name: &'static str,
    environment: Vec<(&'static str, OsString)>,
    /// Stops the server when dropped; nothing for a program.
    _running: Option<Box<dyn Any>>,
}

impl Resource {
    /// A program or a file that tests use themselves.
    pub(crate) fn program(name: &'static str, variable: &'static str, path: OsString) -> Self {
        Resource {
            name,
            environment: vec![(variable, path)],
            _running: None,
        }
    }

    /// A server that runs until `running` is dropped.
    pub(crate) fn server(
        name: &'static str,
        variable: &'static str,
        address: OsString,
        running: impl Any,
    ) -> Self {
        Resource {
            name,
            environment: vec![(variable, address)],
            _running: Some(Box::new(running)),
        }
    }
}

impl Resource {
    /// What one of its variables is set to.
    pub(crate) fn value(&self, variable: &str) -> Option<String> {
        let found = self.environment.iter().find(|(name, _)| *name == variable);
        found.and_then(|(_, value)| value.to_str().map(str::to_owned))
    }
}

/// Every resource, found, installed or started.
pub(crate) fn all(workspace: &Workspace) -> Result<Vec<Resource>> {
    let database = postgres::resource()?;
    let pooler = postgres::pooler(&database)?;
    // Dropped in this order: the pooler is stopped before the server behind it.
    let resources = vec![
        chromium::resource()?,
        node::resource(workspace)?,
        nginx::resource()?,
        promtool::resource()?,
        pooler,
        database,
    ];
    for resource in &resources {
        println!("{} is ready", resource.name);
    }
    Ok(resources)
}

/// Tells a command where the resources are.
pub(crate) fn describe(resources: &[Resource], command: &mut Command) {
    for (variable, value) in resources.iter().flat_map(|resource| &resource.environment) {
        command.env(variable, value);
    }
}
