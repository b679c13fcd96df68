//! From the settings to a dashboard that answers until a signal stops it.

use std::future::IntoFuture;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use webhooks_sender::Sender;
use webhooks_sender::database::Database;

use super::address::Address;
use super::database::{open_postgres, open_sqlite};
use super::door::Door;
use super::pages;
use super::refusal::Refusal;
use super::settings::Settings;

/// How long requests that are under way are waited for. A stream of what happens has no end of its own.
const DRAIN: Duration = Duration::from_secs(2);

/// Serves the pages until a signal stops it. `ready` is given the address to open, once.
pub(crate) fn run(
    settings: &Settings,
    ready: impl FnOnce(&str) -> io::Result<()>,
) -> Result<(), Refusal> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Refusal::new(error.to_string()))?;
    runtime.block_on(async {
        match &settings.database {
            Address::Sqlite(path) => {
                let sender = open_sqlite(path, settings).await?;
                serve(&sender, settings, ready).await
            }
            Address::Postgres(options) => {
                let sender = open_postgres(options, settings).await?;
                serve(&sender, settings, ready).await
            }
        }
    })
}

async fn serve<D: Database>(
    sender: &Sender<D>,
    settings: &Settings,
    ready: impl FnOnce(&str) -> io::Result<()>,
) -> Result<(), Refusal> {
    let listen = settings.listen;
    let listening = TcpListener::bind(listen).await;
    let listener = listening.map_err(|error| {
        Refusal::new(format!(
            "{listen} cannot be listened on ({error}); `--listen 127.0.0.1:0` takes any port that is free"
        ))
    })?;
    let local = listener.local_addr();
    let local = local.map_err(|error| Refusal::new(error.to_string()))?;
    let door = Door::new(local.port()).map_err(|error| Refusal::new(error.to_string()))?;
    let door = Arc::new(door);
    let routes = pages::router(sender, settings, &door);
    // A signal that comes as soon as it is ready is not missed.
    let stop = told_to_stop().map_err(|error| Refusal::new(error.to_string()))?;
    let origin = match settings.hosts.first() {
        Some(host) => format!("https://{}", host.as_str()),
        None => format!("http://{local}"),
    };
    let code = door.code().unwrap_or_default();
    let url = format!("{origin}{}/enter/{code}", settings.prefix.as_str());
    ready(&url).map_err(|error| Refusal::new(error.to_string()))?;

    let (stopping, mut stopped) = tokio::sync::watch::channel(false);
    let mut draining = stopped.clone();
    let server = axum::serve(listener, routes)
        .with_graceful_shutdown(async move {
            let _ = stopped.wait_for(|stopped| *stopped).await;
        })
        .into_future();
    let signal = async {
        stop.await;
        stopping.send_replace(true);
        std::future::pending::<()>().await;
    };
    let patience = async {
        let _ = draining.wait_for(|stopped| *stopped).await;
        tokio::time::sleep(DRAIN).await;
    };
    let ended = tokio::select! {
        ended = server => ended,
        () = signal => Ok(()),
        () = patience => Ok(()),
    };
    sender.shut_down().await;
    ended.map_err(|error| Refusal::new(error.to_string()))
}

/// Ends at Ctrl-C, or at what service managers send: SIGTERM. Both are listened for from now on.
#[cfg(unix)]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Only Unix has SIGTERM.
#[cfg(not(unix))]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
