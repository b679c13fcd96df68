//! A stream of what happens, for a while: then the browser asks again, and who asks is looked at again. So a session that was
//! taken back sees no more than a minute of it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::Bytes;
use http_body::Frame;

/// How long it goes on. Something comes every 15 seconds, so it ends soon after.
const LASTS: Duration = Duration::from_mins(1);

/// A stream that ends.
pub(crate) struct Tail {
    stream: Body,
    ends: Option<Instant>,
}

impl Tail {
    pub(crate) fn new(stream: Body) -> Self {
        Self {
            stream,
            ends: Instant::now().checked_add(LASTS),
        }
    }
}

impl http_body::Body for Tail {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.ends.is_some_and(|end| end <= Instant::now()) {
            return Poll::Ready(None);
        }
        Pin::new(&mut self.stream).poll_frame(context)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn it_passes_on_what_comes_until_its_time_is_over() {
        let whole = Tail::new(Body::from("data: 1\n\n")).collect().await;
        assert_eq!(whole.expect("bytes").to_bytes(), "data: 1\n\n");
        let over = Tail {
            ends: Some(Instant::now()),
            stream: Body::from("data: 1\n\n"),
        };
        assert!(over.collect().await.expect("bytes").to_bytes().is_empty());
    }
}
