//! What happens now, as it happens: listened to over interruptions.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{HeaderValue, header::HeaderName};
use http_body_util::BodyExt as _;
use tokio::time::{sleep, timeout};
use webhooks_sender::live_feed::{Happening, Live, LivePosition};

use super::Client;
use super::call::read;
use super::error::ClientError;
use super::event_text::{Block, EventReader, EventText};
use super::transport::Transport;

/// How long nothing may come before the connection counts as lost: a comment comes every 15 seconds.
const SILENCE: Duration = Duration::from_secs(45);
/// How soon to come back, unless the API says it.
const RETRY: Duration = Duration::from_secs(3);

/// What happens now. Made by [`Client::live`].
///
/// Where the connection breaks off it comes back, says what it had seen last, and gets what it missed in between, up to an
/// hour. Something may come twice, then with the same [position](Happening::position).
#[must_use = "nothing is heard before it is asked"]
pub struct LiveEvents<T = super::Https> {
    client: Client<T>,
    /// What was seen last.
    position: Option<String>,
    open: Option<(Body, EventReader)>,
    retry: Duration,
    was_open: bool,
}

/// # What happens now
impl<T: Transport> Client<T> {
    /// Listens to what happens: messages that are sent, attempts that are made.
    ///
    /// ```no_run
    /// use webhooks_api::client::{Client, ClientError};
    /// use webhooks_sender::live_feed::Live;
    ///
    /// # async fn listen(client: Client) -> Result<(), ClientError> {
    /// let mut events = client.live();
    /// loop {
    ///     if let Live::Happened(happening) = events.next().await? {
    ///         println!("{}", happening.kind());
    ///     }
    /// }
    /// # }
    /// ```
    pub fn live(&self) -> LiveEvents<T> {
        LiveEvents {
            client: self.clone(),
            position: None,
            open: None,
            retry: RETRY,
            was_open: false,
        }
    }
}

impl<T: Transport> LiveEvents<T> {
    /// Begins behind this position, with what was missed since.
    pub fn after(mut self, position: &LivePosition) -> Self {
        self.position = Some(position.to_string());
        self
    }

    /// What comes next. It can be asked again after an error, and dropped while it waits.
    ///
    /// [`Live::Idle`] says that nothing happens and that the API is there; [`Live::Gap`] that something may have been left out.
    /// Kinds of events that this version does not know are left out.
    ///
    /// # Errors
    ///
    /// When the API refuses, or cannot be reached. A connection that breaks off is not an error.
    pub async fn next(&mut self) -> Result<Live, ClientError> {
        loop {
            let Some((body, reader)) = &mut self.open else {
                if self.reopen().await? {
                    return Ok(Live::Gap);
                }
                continue;
            };
            if let Some(block) = reader.pop() {
                self.retry = reader.retry.unwrap_or(self.retry);
                match block {
                    Block::Comment => return Ok(Live::Idle),
                    Block::Event(event) => {
                        self.position = event.id.clone().or(self.position.take());
                        if let Some(live) = live(&event)? {
                            return Ok(live);
                        }
                    }
                }
                continue;
            }
            let frame = timeout(SILENCE, body.frame()).await;
            let Ok(Some(Ok(frame))) = frame else {
                // It is over, it broke off, or the other side is gone without a word.
                self.open = None;
                continue;
            };
            let data = frame.into_data().unwrap_or_default();
            if reader.push(&data).is_err() {
                self.open = None;
                return Err(ClientError::Unreadable("an event has no end".to_owned()));
            }
        }
    }

    /// Connects, again after a while. Whether something may have been left out, because nothing had been seen before.
    async fn reopen(&mut self) -> Result<bool, ClientError> {
        if self.was_open {
            sleep(self.retry).await;
        }
        let mut call = self.client.get(&["live"]);
        if let Some(position) = &self.position {
            let value = HeaderValue::from_str(position);
            let value = value.map_err(|_| ClientError::Request("an odd position".to_owned()))?;
            call = call.header(HeaderName::from_static("last-event-id"), value);
        }
        let is_again = std::mem::replace(&mut self.was_open, true);
        self.open = Some((call.open().await?, EventReader::default()));
        Ok(is_again && self.position.is_none())
    }
}

fn live(event: &EventText) -> Result<Option<Live>, ClientError> {
    Ok(match event.kind.as_str() {
        "message" | "attempt" => {
            let happening: Happening = read(event.data.as_bytes())?;
            Some(Live::Happened(Arc::new(happening)))
        }
        "gap" => Some(Live::Gap),
        _ => None,
    })
}

impl<T> fmt::Debug for LiveEvents<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveEvents")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
