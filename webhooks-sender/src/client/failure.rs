//! What an error of the client means: what is shown to the subscriber, and whether the request may be sent again.

use std::error::Error;
use std::io;

use hyper_util::client::legacy;

use super::TransportError;
use super::connect::DialError;

/// The reason that an attempt is recorded with.
pub(super) fn reason(error: &legacy::Error) -> TransportError {
    if let Some(dial) = find::<DialError>(error) {
        return match dial {
            DialError::Host => TransportError::Host,
            DialError::Unasked => TransportError::Local,
            // What the proxy answers may be about the target.
            DialError::Proxy(error) if is_away(error) => TransportError::Local,
            DialError::Connect(error) if is_local(error) => TransportError::Local,
            DialError::Connect(_) | DialError::Proxy(_) => TransportError::Connect,
        };
    }
    // Dialling has errors of its own, so what else fails while connecting is the handshake. Under TLS 1.3 a server
    // refuses a client's certificate after the handshake, in the first answer it sends: that alert is TLS's as well.
    if error.is_connect() || find::<rustls::Error>(error).is_some() {
        TransportError::Tls
    } else {
        TransportError::Exchange
    }
}

/// Whether the proxy itself could not be reached, or broke off: what it refuses has no cause of its own.
fn is_away(error: &io::Error) -> bool {
    error
        .get_ref()
        .is_some_and(|tunnel| tunnel.source().is_some())
}

/// Whether this machine could not even try: it has no network, no address, no file or memory left, or forbids it.
fn is_local(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    // On Unix: no file descriptor left, in this process or on the machine; no buffer.
    let is_out_of_room = matches!(error.raw_os_error(), Some(23 | 24 | 105)) && cfg!(unix);
    is_out_of_room
        || matches!(
            error.kind(),
            Kind::NetworkUnreachable
                | Kind::NetworkDown
                | Kind::AddrNotAvailable
                | Kind::PermissionDenied
                | Kind::OutOfMemory
        )
}

/// Whether the receiver has certainly not processed the request, so that it may be sent again without counting.
///
/// RFC 9113, section 8.7: a stream that was refused (`REFUSED_STREAM`), or that comes after the last one that a GOAWAY
/// without an error names, was not processed. nginx does so after 1,000 requests of a connection. A request that never
/// left this machine was not processed either.
pub(super) fn is_unprocessed(error: &legacy::Error) -> bool {
    // hyper reports a request that waited for a free HTTP/2 stream when the connection ended as an error of its user
    // ("dispatch task is gone"); errors of its user are found before anything is sent.
    if find::<hyper::Error>(error).is_some_and(|error| error.is_canceled() || error.is_user()) {
        return true;
    }
    find::<h2::Error>(error).is_some_and(|error| match error.reason() {
        Some(h2::Reason::REFUSED_STREAM) => error.is_reset() && error.is_remote(),
        Some(h2::Reason::NO_ERROR) => error.is_go_away() && error.is_remote(),
        _ => false,
    })
}

/// The first error of a kind in the chain, also inside of an `io::Error`, which hides its own from `source`.
fn find<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        if let Some(found) = inner.and_then(|inner| inner.downcast_ref::<T>()) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_this_machine_lacks_is_no_fault_of_the_target() {
        for code in [24, 101, 99, 1] {
            assert!(is_local(&io::Error::from_raw_os_error(code)), "{code}");
        }
        // Refused, reset, timed out, no route to the host.
        for code in [111, 104, 110, 113] {
            assert!(!is_local(&io::Error::from_raw_os_error(code)), "{code}");
        }
    }
}
