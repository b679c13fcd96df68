//! The body of a message's requests: the payload as it is, or the envelope built around its bytes.
//!
//! The payload is never parsed or written again: what was serialised once is what every subscriber gets.

use std::time::SystemTime;

use jiff::Timestamp;

/// The envelope of Standard Webhooks around a payload that is JSON; without a payload, `data` is `null`. None where the
/// time is outside of the years 0 to 9999, which are all that a timestamp of RFC 3339 can say.
pub(crate) fn enveloped(event: &str, time: SystemTime, payload: Option<&[u8]>) -> Option<Vec<u8>> {
    /// The beginning of the year 0, in seconds.
    const YEAR_ZERO: i64 = -62_167_219_200;
    let payload = payload.unwrap_or(b"null");
    let time = Timestamp::try_from(time)
        .ok()
        .filter(|time| time.as_second() >= YEAR_ZERO)?;
    // An event name holds nothing that JSON would escape.
    let mut body = format!(r#"{{"type":"{event}","timestamp":"{time:.3}","data":"#).into_bytes();
    body.reserve_exact(payload.len() + 1);
    body.extend_from_slice(payload);
    body.push(b'}');
    Some(body)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn the_payloads_bytes_are_kept_in_the_envelope() {
        let time = UNIX_EPOCH + Duration::from_millis(1_667_507_170_344);
        let body = enveloped("contact.created", time, Some(br#"{"b":1.50,"a":"\u00e4"}"#))
            .expect("a time");
        let text = String::from_utf8(body).expect("text");
        assert_eq!(
            text,
            r#"{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344Z","data":{"b":1.50,"a":"\u00e4"}}"#
        );
    }

    #[test]
    fn a_time_that_no_timestamp_can_say_is_refused() {
        let years = |years: u64| Duration::from_secs(years * 31_556_952);
        for time in [
            UNIX_EPOCH + years(8031),
            UNIX_EPOCH - years(1971),
            UNIX_EPOCH - years(13_000),
        ] {
            assert_eq!(enveloped("ping", time, None), None, "{time:?}");
        }
        assert!(enveloped("ping", UNIX_EPOCH + years(8028), None).is_some());
        assert!(enveloped("ping", UNIX_EPOCH - years(1969), None).is_some());
    }

    #[test]
    fn without_a_payload_the_data_is_null() {
        let body = enveloped("ping", UNIX_EPOCH, None).expect("a time");
        let value: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(value["data"], serde_json::Value::Null);
        assert_eq!(value["timestamp"], "1970-01-01T00:00:00.000Z");
    }
}
