//! One HTTP/1.1 connection that is kept: requests as prepared bytes, answers read to their end.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection, and the buffer that holds its last answer.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, of which the body is still in the buffer.
#[derive(Debug)]
pub struct Answer<'c> {
    pub status: u16,
    pub body: &'c [u8],
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .context("cannot connect")?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: vec![0; 64 * 1024],
        })
    }

    /// Sends a whole request, and reads its answer.
    ///
    /// # Errors
    ///
    /// When the connection breaks, and when the answer is not HTTP.
    pub async fn send(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream
            .write_all(request)
            .await
            .context("the server closed a connection")?;
        let mut filled = 0;
        loop {
            filled += read(&mut self.stream, &mut self.buffer[filled..]).await?;
            let Some((status, head, length)) = parse(&self.buffer[..filled])? else {
                continue;
            };
            let end = head + length;
            if self.buffer.len() < end {
                self.buffer.resize(end, 0);
            }
            while filled < end {
                filled += read(&mut self.stream, &mut self.buffer[filled..end]).await?;
            }
            return Ok(Answer {
                status,
                body: &self.buffer[head..end],
            });
        }
    }
}

/// The status, the length of the head and that of the body, once the head is there.
fn parse(bytes: &[u8]) -> Result<Option<(u16, usize, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = response.parse(bytes)? else {
        return Ok(None);
    };
    let status = response.code.context("an answer has a status")?;
    let length = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = match length {
        Some(header) => std::str::from_utf8(header.value)?.parse()?,
        None => 0,
    };
    Ok(Some((status, head, length)))
}

async fn read(stream: &mut TcpStream, room: &mut [u8]) -> Result<usize> {
    match stream.read(room).await? {
        0 => bail!("the server closed a connection, or its answer's head is too long"),
        read => Ok(read),
    }
}
