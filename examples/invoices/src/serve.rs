//! The processes: started, served, and stopped without losing what is under way.

use axum::Router;
use sqlx::{Postgres, Sqlite};
use tokio::net::TcpListener;
use tokio::sync::watch;
use webhooks_core::DocsRouter;
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::{Sender, SenderBuilder};

use crate::books::Failure;
use crate::config::Config;
use crate::database::Tables;
use crate::webhooks::{catalogue, configured, documentation};
use crate::{App, routes, telemetry};

/// Runs one duty until the process receives a signal to stop.
///
/// # Errors
///
/// When it cannot start.
pub async fn run(duty: &str, config: Config) -> Result<(), Failure> {
    if config.database_url.starts_with("sqlite:") {
        on::<Sqlite>(duty, config).await
    } else {
        on::<Postgres>(duty, config).await
    }
}

async fn on<D: Tables>(duty: &str, config: Config) -> Result<(), Failure> {
    let pool = D::open(&config.database_url).await?;
    let metrics = telemetry::record_metrics()?;
    let sender: SenderBuilder<D> = configured(
        Sender::new(pool.clone()),
        catalogue()?,
        config.targets.clone(),
        config.sealing_keys.clone(),
    );
    let app = async |sender: SenderBuilder<D>| -> Result<App<D>, Failure> {
        Ok(App {
            pool: pool.clone(),
            // The user of a running process needs no right to change tables.
            sender: sender.without_migrating().start().await?,
            tokens: config.tokens.clone(),
        })
    };
    match duty {
        "migrate" => {
            D::create(&pool).await?;
            sender.without_engine().start().await?.shut_down().await;
        }
        "work" => {
            let app = app(sender).await?;
            let inside = telemetry::router(metrics, app.sender.clone());
            serve(&app, [(config.metrics_listen, inside)]).await?;
        }
        _ => {
            let app = app(sender.without_engine()).await?;
            let docs = documentation(app.sender.delivery_terms())?;
            let outside = routes::router(app.clone()).merge(DocsRouter::new(&docs).into_router());
            let inside = telemetry::router(metrics, app.sender.clone());
            serve(
                &app,
                [(config.listen, outside), (config.metrics_listen, inside)],
            )
            .await?;
        }
    }
    pool.close().await;
    Ok(())
}

/// Serves until the process receives a signal to stop; then requests end, and the sender records what is under way.
async fn serve<D: Tables>(
    app: &App<D>,
    servers: impl IntoIterator<Item = (std::net::SocketAddr, Router)>,
) -> Result<(), Failure> {
    let (stop, stopped) = watch::channel(false);
    let mut tasks = tokio::task::JoinSet::new();
    for (address, routes) in servers {
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| format!("{address}: {error}"))?;
        let address = listener.local_addr()?;
        tracing::info!(%address, "listening");
        let mut stopped = stopped.clone();
        let until = async move { _ = stopped.wait_for(|stopped| *stopped).await };
        tasks.spawn(
            axum::serve(listener, routes)
                .with_graceful_shutdown(until)
                .into_future(),
        );
    }
    told_to_stop().await?;
    tracing::info!("stopping");
    stop.send_replace(true);
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    // At most 30 seconds: the drain and what it takes to record. What kills the process must wait longer.
    app.sender.shut_down().await;
    tracing::info!("stopped");
    Ok(())
}

/// Ctrl-C at a terminal, SIGTERM from systemd, Docker and Kubernetes.
async fn told_to_stop() -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminated.recv() => {}
    }
    Ok(())
}

/// Prints the document as it is served, without a database.
///
/// # Errors
///
/// When its parts clash.
pub async fn print_document() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let sender = Sender::open(folder.path().join("document.db"));
    let sender = configured(sender, catalogue()?, TargetPolicy::default(), []);
    let sender = sender.without_engine().start().await?;
    println!("{}", documentation(sender.delivery_terms())?.to_json());
    sender.shut_down().await;
    Ok(())
}
