//! What every example does in the end: with the argument `openapi` it prints its document, otherwise it serves until it is
//! told to stop.

use std::env;
use std::error::Error;
use std::io;

use axum::Router;
use tokio::net::TcpListener;
use webhooks_core::Document;
use webhooks_swagger_ui::SwaggerUi;

/// Prints the document, or serves the app with the document, its page and Swagger UI.
///
/// The port is that of the environment variable `PORT`: 8000 by default, 0 for any that is free.
///
/// # Errors
///
/// When `PORT` is not a port or is in use.
pub async fn run(app: Router, docs: Document) -> Result<(), Box<dyn Error>> {
    if env::args().nth(1).as_deref() == Some("openapi") {
        println!("{}", docs.to_json());
        return Ok(());
    }
    let listener = listen().await?;
    println!("listening on http://{}", listener.local_addr()?);
    println!(
        "the documentation is at http://{0}/docs, and in Swagger UI at http://{0}/swagger",
        listener.local_addr()?
    );
    let app = app
        .merge(docs.router())
        .merge(SwaggerUi::new().into_router());
    axum::serve(listener, app)
        .with_graceful_shutdown(told_to_stop())
        .await?;
    Ok(())
}

/// Listens on this machine's port `PORT`: 8000 by default, 0 for any that is free.
///
/// # Errors
///
/// When `PORT` is not a port or is in use, with what to do about it.
pub async fn listen() -> Result<TcpListener, String> {
    let text = env::var("PORT").unwrap_or_else(|_| "8000".to_owned());
    let port: u16 = text
        .parse()
        .map_err(|_| format!("PORT is `{text}`, which is not a port"))?;
    listen_on(port).await
}

/// Listens on this port of this machine.
///
/// # Errors
///
/// When it is in use, with what to do about it.
pub async fn listen_on(port: u16) -> Result<TcpListener, String> {
    TcpListener::bind(("127.0.0.1", port)).await.map_err(|error| {
        format!("port {port} cannot be listened on ({error}); set PORT to another one, or to 0 for any that is free")
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_that_is_taken_is_named_with_what_to_do() -> io::Result<()> {
        let taken = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = taken.local_addr()?.port();
        let refusal = listen_on(port).await.expect_err("the port is taken");
        assert!(
            refusal.contains(&port.to_string()) && refusal.contains("PORT"),
            "{refusal}"
        );
        Ok(())
    }
}
