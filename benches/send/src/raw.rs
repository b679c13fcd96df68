//! The peer: a client that signs and posts, and does nothing else. No queue, no guard, no retry, nothing durable.
//!
//! Each of 64 connections is one task that signs a body of 1 KiB as Standard Webhooks says, posts it, reads the answer
//! and begins anew.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use base64::prelude::{BASE64_STANDARD, Engine};
use bench::home::Home;
use bench::meter::{Meter, Spent};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use sha2::Sha256;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::subject::body;

const CONNECTIONS: usize = 64;

/// Posts so many requests and says what it took. The connections are made before.
pub(crate) async fn post(home: &impl Home, address: SocketAddr, count: usize) -> Result<Spent> {
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        let stream = TcpStream::connect(address)
            .await
            .context("cannot connect to the sink")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake::<_, Full<Bytes>>(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        connections.push(sender);
    }
    let (key, body) = (
        Hmac::<Sha256>::new_from_slice(&[7; 32])?,
        Bytes::from(body()),
    );
    let left = Arc::new(AtomicUsize::new(count));
    let meter = Meter::start(home)?;
    let mut tasks = JoinSet::new();
    for (number, sender) in connections.into_iter().enumerate() {
        let poster = Poster {
            number,
            sender,
            key: key.clone(),
            body: body.clone(),
            host: address.to_string(),
        };
        tasks.spawn(poster.run(Arc::clone(&left)));
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    meter.stop(home, count)
}

struct Poster {
    number: usize,
    sender: SendRequest<Full<Bytes>>,
    key: Hmac<Sha256>,
    body: Bytes,
    host: String,
}

impl Poster {
    async fn run(mut self, left: Arc<AtomicUsize>) -> Result<()> {
        while left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            })
            .is_ok()
        {
            let request = self.signed(left.load(Ordering::Relaxed))?;
            self.sender.ready().await?;
            let answer = self.sender.send_request(request).await?;
            ensure!(
                answer.status() == 204,
                "the sink answered {}",
                answer.status()
            );
            answer.into_body().collect().await?;
        }
        Ok(())
    }

    fn signed(&self, number: usize) -> Result<Request<Full<Bytes>>> {
        let id = format!("msg_{:04}{number:022}", self.number);
        let timestamp = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)?
            .as_secs();
        let mut mac = self.key.clone();
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(&self.body);
        let signature = format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()));
        let request = Request::post("/count/0")
            .header("host", &self.host)
            .header("user-agent", "raw")
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature);
        Ok(request.body(Full::new(self.body.clone()))?)
    }
}
