//! Runs the program, with documents on its standard input or in files that are gone afterwards.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// What the program left behind.
pub(crate) struct Answer {
    pub(crate) code: Option<i32>,
    pub(crate) output: String,
    pub(crate) error: String,
    pub(crate) took: Duration,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.output)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.output, self.error))
    }
}

/// The program with these arguments, away from the settings of the person who runs the tests.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_webhooks"));
    for name in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "http_proxy",
        "HTTP_PROXY",
        "ALL_PROXY",
        "all_proxy",
    ] {
        command.env_remove(name);
    }
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub(crate) fn run(arguments: &[&str]) -> Answer {
    finish(&mut program(arguments), &[])
}

pub(crate) fn run_with_input(arguments: &[&str], input: &[u8]) -> Answer {
    finish(program(arguments).stdin(Stdio::piped()), input)
}

pub(crate) fn finish(command: &mut Command, input: &[u8]) -> Answer {
    let began = Instant::now();
    let mut child = command.spawn().expect("the program can be started");
    if let Some(mut stdin) = child.stdin.take() {
        // A program that refuses its arguments does not read.
        let _ = stdin.write_all(input);
    }
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Answer {
        code: output.status.code(),
        output: text(output.stdout),
        error: text(output.stderr),
        took: began.elapsed(),
    }
}

/// A file that is removed when the test ends.
pub(crate) struct Kept(PathBuf);

impl Kept {
    pub(crate) fn new(name: &str, bytes: &[u8]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let path = folder.join(format!("{}-{number}-{name}", std::process::id()));
        fs::write(&path, bytes).expect("a file in the target folder");
        Self(path)
    }

    pub(crate) fn json(value: &Value) -> Self {
        Self::new("document.json", value.to_string().as_bytes())
    }

    pub(crate) fn path(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // It is missing only if another process removed it already.
        let _ = fs::remove_file(&self.0);
    }
}

/// A document that breaks no rule.
pub(crate) fn sound() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Payments", "version": "1.0.0" },
        "paths": {},
        "tags": [{ "name": "payments" }],
        "webhooks": { "payment.created": { "post": {
            "operationId": "payment_created_post",
            "summary": "Payment Created",
            "description": "Sent when a payment is made.",
            "tags": ["payments"],
            "security": [],
            "requestBody": { "required": true, "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Payment" },
            } } },
            "responses": { "2XX": { "description": "Received." } },
        } } },
        "components": { "schemas": { "Payment": { "type": "object", "properties": { "amount": { "type": "integer" } } } } },
    })
}
