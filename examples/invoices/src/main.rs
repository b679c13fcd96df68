//! `invoices migrate`, `invoices api`, `invoices work`: one program, three duties.
//!
//! ```text
//! export DATABASE_URL=sqlite://invoices.db SEALING_KEYS=2026-11=$(openssl rand -base64 32) \
//!     API_TOKENS=acct_1=secret-1,operator=secret-op TARGETS=development
//! cargo run -p invoices -- migrate        # makes the tables
//! cargo run -p invoices -- api            # http://127.0.0.1:8000/docs
//! METRICS_LISTEN=127.0.0.1:9465 cargo run -p invoices -- work    # as many as you like
//! ```

use std::process::ExitCode;

use invoices::config::Config;
use invoices::{serve, telemetry};

#[tokio::main]
async fn main() -> ExitCode {
    let argument = std::env::args().nth(1);
    let result = match argument.as_deref() {
        // Needs nothing of the environment: CI compares the document.
        Some("openapi") => serve::print_document().await,
        Some(duty @ ("migrate" | "api" | "work")) => {
            telemetry::log_as_json();
            match Config::read(|name| std::env::var(name).ok()) {
                Ok(config) => serve::run(duty, config).await,
                Err(error) => Err(error.into()),
            }
        }
        _ => Err("say `invoices migrate`, `invoices api` or `invoices work`".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("invoices: {error}");
            ExitCode::FAILURE
        }
    }
}
