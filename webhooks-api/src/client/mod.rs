//! A client of the API, with a method for each operation and with the types that the API itself answers.
//!
//! For programs in Rust that manage the webhooks of another process: command lines, supporting services, tests. It goes over
//! HTTPS ([`Https`]), or calls a router in its own process without a socket ([`Transport`]).
//!
//! ```no_run
//! use webhooks_api::client::{Client, ClientError, DeliveryList};
//! use webhooks_sender::SubscriptionRequest;
//! use webhooks_sender::query::DeliveryState;
//!
//! # async fn run(token: &str) -> Result<(), ClientError> {
//! let client = Client::new("https://api.example.com/webhooks")?.token(token)?;
//! let wanted = SubscriptionRequest::new("https://example.org/hook").event("payment.*");
//! let made = client.once("order 17").create_subscription(&wanted).await?;
//! let mut failed = client.deliveries(DeliveryList::new().subscription(&made.id).state(DeliveryState::Failed));
//! while let Some(delivery) = failed.next().await? {
//!     client.retry(&delivery.id).await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - **Lists** are read page by page, while [`Listing::next`] is called.
//! - **Problems** are [`ClientError::Problem`], with a kind that later versions may add to.
//! - **Changes** that must not undo another's carry the [`ETag`](WithTag::tag) of what was read.
//! - **Requests can be repeated** with the same key ([`Client::once`]). The client itself repeats none: what did not arrive
//!   and what was not answered look the same to it.
//! - [`Client::live`] goes on where it was interrupted.
//!
//! It follows no redirects, uses no proxy of the environment, and sends credentials over plain HTTP to this machine alone,
//! unless [`Https::allow_plain_http`] says otherwise.

mod call;
mod deliveries;
mod error;
mod event_text;
mod events;
mod filters;
mod hooks;
mod https;
mod jobs;
mod listing;
mod live;
mod messages;
mod operations;
mod portal_links;
mod running;
mod statistics;
mod subscriptions;
mod tagged;
mod transport;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, header};

pub use error::ClientError;
pub use filters::{AttemptList, AuditList, DeliveryList, JobList, MessageList, SubscriptionList};
pub use https::Https;
pub use listing::Listing;
pub use live::LiveEvents;
pub use statistics::StatisticsRequest;
pub use tagged::WithTag;
pub use transport::{Transport, TransportError};

/// How long a request may take, its answer included, unless another time is set.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A client of one API. Cheap to clone; connections are shared.
///
/// See the [module](self) for an example.
#[derive(Clone)]
pub struct Client<T = Https> {
    transport: T,
    /// Without a slash at the end.
    base: Arc<str>,
    headers: HeaderMap,
    owner: Option<Arc<str>>,
    key: Option<HeaderValue>,
    timeout: Duration,
}

impl Client {
    /// The API at this address, over HTTPS: what the application nests it under is part of it.
    ///
    /// # Errors
    ///
    /// When the address is not one of HTTPS, or of plain HTTP on this machine.
    pub fn new(base: &str) -> Result<Self, ClientError> {
        let transport = Https::new();
        transport.check(base)?;
        Ok(Self::over(transport, base))
    }
}

impl<T: Transport> Client<T> {
    /// The API at this address, over another transport. For a router in the same process, the path under which it is
    /// nested, or an empty text.
    ///
    /// ```
    /// use axum::Router;
    /// use webhooks_api::client::Client;
    ///
    /// # fn client(app: Router) -> Client<Router> {
    /// Client::over(app, "/webhooks")
    /// # }
    /// ```
    pub fn over(transport: T, base: &str) -> Self {
        Self {
            transport,
            base: base.trim_end_matches('/').into(),
            headers: HeaderMap::new(),
            owner: None,
            key: None,
            timeout: TIMEOUT,
        }
    }

    /// Sends a token with each request: `Authorization: Bearer ..`.
    ///
    /// # Errors
    ///
    /// When it has characters that no header can have.
    pub fn token(self, token: &str) -> Result<Self, ClientError> {
        self.header(header::AUTHORIZATION, &format!("Bearer {token}"))
    }

    /// Sends a header with each request, in the place of one of the same name.
    ///
    /// # Errors
    ///
    /// When the value has characters that no header can have.
    pub fn header(mut self, name: HeaderName, value: &str) -> Result<Self, ClientError> {
        self.headers.insert(name, header_value(value)?);
        Ok(self)
    }

    /// Acts for this owner: for operators, whose token reaches all.
    pub fn of(mut self, owner: &str) -> Self {
        self.owner = Some(owner.into());
        self
    }

    /// How long a request may take, its answer included; 30 seconds by default. A [live](Self::live) answer may take longer.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// A client whose next request is done once, however often it is repeated with the same key: `Idempotency-Key`.
    ///
    /// It counts for what is made: subscriptions, hooks and messages. A key names one request; for another one it is refused
    /// ([`KeyReused`](crate::answer::ProblemKind::KeyReused)). A key that no header can have is refused when the request is made.
    pub fn once(&self, key: &str) -> Self {
        let mut client = self.clone();
        // A value that cannot be sent becomes one that the API refuses, so that nothing is made twice.
        client.key = Some(header_value(key).unwrap_or_else(|_| HeaderValue::from_static("")));
        client
    }
}

fn header_value(text: &str) -> Result<HeaderValue, ClientError> {
    let value = HeaderValue::from_str(text);
    value.map_err(|_| ClientError::Request("a header has visible characters only".to_owned()))
}

/// Without the headers: they are credentials.
impl<T> fmt::Debug for Client<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base)
            .field("owner", &self.owner)
            .finish_non_exhaustive()
    }
}
