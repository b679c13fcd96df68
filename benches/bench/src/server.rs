//! An axum server on one thread with a core of its own, which says how much CPU time it has used.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::{mpsc, oneshot};

use crate::core;

/// A server until the process ends.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    questions: mpsc::UnboundedSender<oneshot::Sender<Duration>>,
}

impl Server {
    /// Serves on a free port of the loopback interface, on one thread that stays on this core.
    pub fn start(router: Router, core: usize) -> Result<Self> {
        let (started, address) = oneshot::channel();
        let (questions, answers) = mpsc::unbounded_channel();
        thread::spawn(move || {
            let result = serve(router, core, started, answers);
            if let Err(error) = result {
                eprintln!("a server stopped: {error:#}");
            }
        });
        let address = address
            .blocking_recv()
            .context("the server did not start")?;
        Ok(Self { address, questions })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// CPU time that the server has used so far.
    pub fn cpu_time(&self) -> Result<Duration> {
        let (question, answer) = oneshot::channel();
        self.questions
            .send(question)
            .ok()
            .context("the server has stopped")?;
        answer.blocking_recv().context("the server has stopped")
    }
}

fn serve(
    router: Router,
    core: usize,
    started: oneshot::Sender<SocketAddr>,
    mut questions: mpsc::UnboundedReceiver<oneshot::Sender<Duration>>,
) -> Result<()> {
    core::stay_on(core)?;
    runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async move {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
            // The caller may have given up waiting for the address; then no requests are sent either.
            let _ = started.send(listener.local_addr()?);
            tokio::spawn(async move {
                while let Some(question) = questions.recv().await {
                    let _ = question.send(core::cpu_time());
                }
            });
            axum::serve(listener, router).await.context("cannot serve")
        })
}
