//! What every example does in the end: with the argument `openapi` it prints its document, otherwise it serves until it is
//! told to stop.

use std::env;
use std::error::Error;
use std::io;

use axum::Router;
use tokio::net::TcpListener;
use webhooks_core::Document;
use webhooks_swagger_ui::SwaggerUi;

/// Prints the document, or serves the app with the document, its page and Swagger UI beside it.
///
/// The port is that of the environment variable `PORT`: 8000 by default, 0 for any that is free.
///
/// # Errors
///
/// When `PORT` is no port or is in use.
pub async fn run(app: Router, docs: Document) -> Result<(), Box<dyn Error>> {
    if env::args().nth(1).as_deref() == Some("openapi") {
        println!("{}", docs.to_json());
        return Ok(());
    }
    let port: u16 = env::var("PORT").map_or(Ok(8000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    println!(
        "the documentation is at http://{0}/docs, and in Swagger UI at http://{0}/swagger",
        listener.local_addr()?
    );
    let app = app.merge(docs.router()).merge(SwaggerUi::new().into_router());
    axum::serve(listener, app).with_graceful_shutdown(told_to_stop()).await?;
    Ok(())
}

/// Returns at Ctrl-C, or at what service managers send: SIGTERM.
pub async fn told_to_stop() {
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    signal(SignalKind::terminate())?.recv().await;
    Ok(())
}

/// Only Unix has the signal.
#[cfg(not(unix))]
async fn terminated() -> io::Result<()> {
    std::future::pending().await
}
