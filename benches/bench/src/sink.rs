//! The receiver of all requests: a process of its own, so that none of its CPU time is ours.
//!
//! It answers as early as it can and keeps only what is asked for: how many requests came, or which message came when.
//! It ends when its standard input does, so that it never outlives the program.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

/// What one request left behind.
#[derive(Debug)]
pub struct Arrival {
    /// The `webhook-id`.
    pub message: String,
    /// The number at the end of the target's path.
    pub subscription: usize,
    /// By the machine's monotonic clock, which all processes share.
    pub at_ns: u64,
}

/// The running process.
#[derive(Debug)]
pub struct Sink {
    process: Child,
    address: SocketAddr,
}

impl Sink {
    pub fn start() -> Result<Self> {
        let mut command =
            Command::new(std::env::current_exe().context("this program has no path")?);
        command
            .arg("sink")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = command.spawn().context("the sink could not be started")?;
        let mut line = String::new();
        let output = process.stdout.take().context("the sink has an output")?;
        BufReader::new(output).read_line(&mut line)?;
        let address = line
            .trim()
            .parse()
            .context("the sink did not tell its address")?;
        Ok(Self { process, address })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A target whose requests are counted.
    pub fn counted(&self, number: usize) -> String {
        format!("http://{}/count/{number}", self.address)
    }

    /// A target whose requests are kept with their time.
    pub fn logged(&self, number: usize) -> String {
        format!("http://{}/log/{number}", self.address)
    }

    /// A target that answers after 15 seconds.
    pub fn hanging(&self) -> String {
        format!("http://{}/hang/0", self.address)
    }

    /// Forgets everything.
    pub fn reset(&self) -> Result<()> {
        self.ask("/reset").map(drop)
    }

    /// Returns when so many requests have come since the last reset; those that hang do not count.
    pub async fn wait_for(&self, count: usize) -> Result<()> {
        let (address, path) = (self.address, format!("/wait/{count}"));
        tokio::task::spawn_blocking(move || ask(address, &path))
            .await?
            .map(drop)
    }

    /// What came to logged targets since the last reset.
    pub fn arrivals(&self) -> Result<Vec<Arrival>> {
        let text = self.ask("/arrivals")?;
        let arrival = |line: &str| {
            let mut parts = line.split(' ');
            Some(Arrival {
                message: parts.next()?.to_owned(),
                subscription: parts.next()?.parse().ok()?,
                at_ns: parts.next()?.parse().ok()?,
            })
        };
        text.lines()
            .map(|line| arrival(line).context("the sink wrote a strange line"))
            .collect()
    }

    fn ask(&self, path: &str) -> Result<String> {
        ask(self.address, path)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One question on a connection of its own.
fn ask(address: SocketAddr, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address).context("the sink has gone")?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: sink\r\nconnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .context("the sink answered no HTTP")?;
    ensure!(
        head.starts_with("HTTP/1.1 200"),
        "the sink answered `{head}`"
    );
    Ok(body.to_owned())
}
