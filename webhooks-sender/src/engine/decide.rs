//! What an attempt's result means for its delivery and its subscription: a pure function.

use std::time::{Duration, SystemTime};

use http::HeaderValue;
use http::header::RETRY_AFTER;

use crate::client::{Answer, TransportError};
use crate::model::SubscriptionState;
use crate::retry::{RetrySchedule, retry_after};

/// What becomes of a delivery, and of its subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) next: NextStep,
    /// Send the subscription nothing for so long: the receiver says that it has too much to do.
    pub(crate) slow_down: Option<Duration>,
    /// The receiver says that the target is gone, or that it wants nothing more.
    pub(crate) gone: bool,
    /// What the subscription becomes then.
    pub(crate) off_as: SubscriptionState,
    /// The sender's own side is to blame, so that it says nothing about the subscription.
    pub(crate) is_ours: bool,
}

/// A receiver answers with this header to have its subscription switched off (`disable`), or to have this message not sent
/// again (`abort-message`), whatever its status. The words are Svix's.
const DELIVERY: &str = "webhook-delivery";

/// What becomes of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NextStep {
    Delivered,
    Again(Duration),
    Failed,
}

/// How long a subscription is left alone after a 429, 502 or 504 that does not say how long.
const PAUSE: Duration = Duration::from_secs(2);

/// Decides about attempt number `attempt` (from 1).
///
/// 2xx is success. Everything else is a failure: redirects are not followed, a 410 ends the subscription.
pub(crate) fn decide(
    result: Result<&Answer, TransportError>,
    attempt: u32,
    schedule: &RetrySchedule,
    now: SystemTime,
    random: f64,
) -> Decision {
    let mut decision = Decision {
        next: NextStep::Delivered,
        slow_down: None,
        gone: false,
        off_as: SubscriptionState::Gone,
        is_ours: false,
    };
    let answer = match result {
        Ok(answer) => answer,
        Err(error) => {
            decision.next = match error {
                TransportError::Crash => NextStep::Failed,
                _ => next_step(attempt, None, schedule, random),
            };
            decision.is_ours = matches!(error, TransportError::Local | TransportError::Crash);
            return decision;
        }
    };
    let asks_for = answer.headers.get(DELIVERY).map(HeaderValue::as_bytes);
    if asks_for == Some(b"disable") {
        (decision.gone, decision.off_as) = (true, SubscriptionState::Disabled);
    }
    if answer.status.is_success() {
        return decision;
    }
    let status = answer.status.as_u16();
    let header = answer
        .headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok());
    let wish = header.and_then(|value| retry_after(value, now));
    decision.slow_down = match status {
        429 | 502 | 504 => Some(schedule.capped(wish).unwrap_or(PAUSE)),
        // Without a time it says nothing of the target as a whole.
        503 => schedule.capped(wish),
        _ => None,
    };
    if status == 410 {
        (decision.gone, decision.off_as) = (true, SubscriptionState::Gone);
    }
    decision.next = if decision.gone || asks_for == Some(b"abort-message") {
        NextStep::Failed
    } else {
        next_step(attempt, wish, schedule, random)
    };
    decision
}

fn next_step(
    attempt: u32,
    wish: Option<Duration>,
    schedule: &RetrySchedule,
    random: f64,
) -> NextStep {
    schedule
        .after(attempt, wish, random)
        .map_or(NextStep::Failed, NextStep::Again)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};

    use super::*;

    fn of(status: u16, header: Option<&'static str>, attempt: u32) -> Decision {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(header));
        }
        let status = StatusCode::from_u16(status).expect("a status");
        let answer = Answer {
            status,
            headers,
            body: Bytes::new(),
        };
        decide(
            Ok(&answer),
            attempt,
            &RetrySchedule::standard(),
            UNIX_EPOCH,
            0.0,
        )
    }

    #[test]
    fn only_2xx_is_success() {
        for status in [200, 201, 202, 204, 299] {
            assert_eq!(of(status, None, 1).next, NextStep::Delivered, "{status}");
        }
        for status in [
            300, 301, 302, 304, 307, 308, 400, 401, 404, 409, 418, 422, 500, 503,
        ] {
            assert_eq!(
                of(status, None, 1).next,
                NextStep::Again(Duration::from_secs(5)),
                "{status}"
            );
        }
    }

    #[test]
    fn an_odd_retry_after_is_as_good_as_none_and_a_far_one_is_capped() {
        let step = NextStep::Again(Duration::from_secs(5));
        for odd in [
            "-1",
            "soon",
            "",
            " ",
            "NaN",
            "0x10",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Thu, 32 Jan 2999 00:00:00 GMT",
        ] {
            assert_eq!(of(503, Some(odd), 1).next, step, "{odd:?}");
        }
        for far in [
            "9999999999999999999999",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "86401",
        ] {
            assert_eq!(
                of(503, Some(far), 1).next,
                NextStep::Again(Duration::from_hours(24)),
                "{far:?}"
            );
            assert_eq!(
                of(429, Some(far), 1).slow_down,
                Some(Duration::from_hours(24)),
                "{far:?}"
            );
        }
        let mut headers = HeaderMap::new();
        headers.insert(
            RETRY_AFTER,
            HeaderValue::from_bytes(b"1\xff0").expect("bytes"),
        );
        let answer = Answer {
            status: StatusCode::SERVICE_UNAVAILABLE,
            headers,
            body: Bytes::new(),
        };
        assert_eq!(
            decide(Ok(&answer), 1, &RetrySchedule::standard(), UNIX_EPOCH, 0.0).next,
            step
        );
    }

    #[test]
    fn the_last_try_fails_for_good() {
        assert_eq!(of(500, None, 10).next, NextStep::Failed);
        let schedule = RetrySchedule::standard();
        let decision = decide(Err(TransportError::Timeout), 10, &schedule, UNIX_EPOCH, 0.0);
        assert_eq!(decision.next, NextStep::Failed);
    }

    #[test]
    fn gone_ends_the_subscription_and_asks_for_no_retry() {
        let decision = of(410, Some("5"), 1);
        assert_eq!((decision.next, decision.gone), (NextStep::Failed, true));
        assert!(!of(404, None, 1).gone);
    }

    #[test]
    fn too_much_to_do_slows_the_whole_subscription_down() {
        assert_eq!(
            of(429, Some("60"), 1).slow_down,
            Some(Duration::from_mins(1))
        );
        assert_eq!(of(502, None, 1).slow_down, Some(PAUSE));
        assert_eq!(of(504, None, 1).slow_down, Some(PAUSE));
        assert_eq!(of(503, None, 1).slow_down, None);
        assert_eq!(
            of(503, Some("60"), 1).slow_down,
            Some(Duration::from_mins(1))
        );
        assert_eq!(
            of(503, Some("60"), 1).next,
            NextStep::Again(Duration::from_mins(1))
        );
    }

    fn asked(status: u16, wish: &'static str) -> Decision {
        let mut headers = HeaderMap::new();
        headers.insert(DELIVERY, HeaderValue::from_static(wish));
        let answer = Answer {
            status: StatusCode::from_u16(status).expect("a status"),
            headers,
            body: Bytes::new(),
        };
        let schedule = RetrySchedule::standard();
        decide(Ok(&answer), 1, &schedule, UNIX_EPOCH, 0.0)
    }

    #[test]
    fn a_receiver_switches_itself_off_or_a_message_whatever_it_answers() {
        let disabled = asked(200, "disable");
        assert_eq!((disabled.next, disabled.gone), (NextStep::Delivered, true));
        assert_eq!(disabled.off_as, SubscriptionState::Disabled);
        let disabled = asked(500, "disable");
        assert_eq!((disabled.next, disabled.gone), (NextStep::Failed, true));
        assert_eq!(asked(410, "disable").off_as, SubscriptionState::Gone);
        let aborted = asked(500, "abort-message");
        assert_eq!((aborted.next, aborted.gone), (NextStep::Failed, false));
        assert_eq!(asked(200, "abort-message").next, NextStep::Delivered);
        for odd in ["", "DISABLE", "disable, now", "later"] {
            assert!(!asked(200, odd).gone, "{odd}");
        }
    }

    #[test]
    fn what_is_the_senders_own_fault_says_nothing_of_the_subscription() {
        let of = |error| {
            let schedule = RetrySchedule::standard();
            decide(Err(error), 1, &schedule, UNIX_EPOCH, 0.0)
        };
        assert!(of(TransportError::Local).is_ours);
        assert_eq!(
            of(TransportError::Local).next,
            NextStep::Again(Duration::from_secs(5))
        );
        let crash = of(TransportError::Crash);
        assert!(crash.is_ours && crash.next == NextStep::Failed);
        assert!(!of(TransportError::Connect).is_ours && !of(TransportError::Host).is_ours);
    }
}
