//! What the people who run it see: logs as JSON, metrics, and whether a process is well.

use std::io;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use webhooks_sender::Sender;
use webhooks_sender::database::Database;
use webhooks_sender::metrics::METRICS;

/// Each attempt that fails, and everything at WARN and above; `RUST_LOG` says otherwise.
const LINES: &str = "warn,invoices=info,webhooks_sender::attempt=info";

/// How late deliveries may be before this process says that something is wrong.
const LATE: Duration = Duration::from_mins(10);

/// Logs one JSON object a line, for whatever collects the process's output.
pub fn log_as_json() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LINES));
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_writer(io::stdout)
        .init();
}

/// Takes the sender's metrics. It must be there before a sender starts, which gives it the HELP texts.
///
/// # Errors
///
/// When another recorder is installed.
pub fn record_metrics() -> Result<PrometheusHandle, BuildError> {
    let mut builder = PrometheusBuilder::new();
    for metric in METRICS.iter().filter(|metric| !metric.buckets.is_empty()) {
        builder = builder
            .set_buckets_for_metric(Matcher::Full(metric.name.to_owned()), metric.buckets)?;
    }
    builder.install_recorder()
}

/// `/metrics` for Prometheus and `/health` for whatever restarts processes; not for customers.
pub fn router<D: Database>(metrics: PrometheusHandle, sender: Sender<D>) -> Router {
    let health = async |State(sender): State<Sender<D>>| health(&sender).await;
    Router::new()
        .route("/health", get(health))
        .with_state(sender)
        .route(
            "/metrics",
            get(async move || {
                let text = metrics.render();
                ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
            }),
        )
}

/// The database answers, and deliveries are not very late. Nothing needs a restart because receivers fail.
async fn health<D: Database>(sender: &Sender<D>) -> (StatusCode, String) {
    match sender.operator().queue_stats().await {
        Ok(stats) if stats.oldest_ready.is_some_and(|late| late > LATE) => {
            let late = stats.oldest_ready.unwrap_or_default();
            (
                StatusCode::SERVICE_UNAVAILABLE,
                format!("deliveries are {late:?} late\n"),
            )
        }
        Ok(_) => (StatusCode::OK, "well\n".to_owned()),
        Err(error) => {
            tracing::error!(%error, "the health check failed");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n".to_owned(),
            )
        }
    }
}
