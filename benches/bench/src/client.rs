//! A client that sends one and the same request over many connections, as fast as the server answers.
//!
//! It writes prepared bytes and reads no more of an answer than it must, so that it stays faster than any server under
//! test and the server's core is the one that is full.

use std::fmt::Write;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::runtime;
use tokio::task::JoinSet;

use crate::connection::Connection;

/// What is sent, over how many connections.
#[derive(Debug, Clone)]
pub struct Load {
    /// A whole request as bytes.
    pub request: Vec<u8>,
    /// The status that every answer must have.
    pub status: u16,
    pub connections: usize,
}

/// What came back.
#[derive(Debug, Clone, Copy)]
pub struct Answered {
    pub requests: u64,
    pub elapsed: Duration,
}

impl Load {
    /// A POST of JSON with these further headers.
    pub fn post(path: &str, headers: &[(&str, String)], body: &[u8], status: u16) -> Self {
        let mut head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            // Writing to a string cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let request = [head.as_bytes(), b"\r\n", body].concat();
        Self {
            request,
            status,
            connections: 64,
        }
    }

    /// A GET.
    pub fn get(path: &str) -> Self {
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").into_bytes();
        Self {
            request,
            status: 200,
            connections: 64,
        }
    }

    /// Sends for this long from the calling thread.
    ///
    /// # Errors
    ///
    /// When a connection breaks, or an answer has another status.
    pub fn send(&self, address: SocketAddr, time: Duration) -> Result<Answered> {
        runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(self.send_all(address, time))
    }

    async fn send_all(&self, address: SocketAddr, time: Duration) -> Result<Answered> {
        let mut connections = Vec::new();
        for _ in 0..self.connections {
            connections.push(Connection::open(address).await?);
        }
        let start = Instant::now();
        let mut tasks: JoinSet<Result<u64>> = connections
            .into_iter()
            .map(|connection| {
                send_until(connection, self.request.clone(), self.status, start + time)
            })
            .collect();
        let mut requests = 0;
        while let Some(sent) = tasks.join_next().await {
            requests += sent.context("a connection's task broke off")??;
        }
        Ok(Answered {
            requests,
            elapsed: start.elapsed(),
        })
    }
}

async fn send_until(
    mut connection: Connection,
    request: Vec<u8>,
    status: u16,
    end: Instant,
) -> Result<u64> {
    let mut requests = 0;
    while Instant::now() < end {
        let answered = connection.send(&request).await?.status;
        ensure!(
            answered == status,
            "the server answered {answered} instead of {status}"
        );
        requests += 1;
    }
    Ok(requests)
}
