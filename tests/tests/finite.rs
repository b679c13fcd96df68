//! Numbers that JSON does not have are an error where the message is built, and no `null` in a body.

use schemars::JsonSchema;
use serde::Serialize;
use webhooks_core::{Message, Webhook};

#[test]
fn a_number_that_json_does_not_have_is_an_error_where_the_message_is_built() {
    #[derive(Serialize, JsonSchema)]
    struct Reading {
        values: Vec<f64>,
        limit: Option<f32>,
    }
    #[webhooks_core::whpost("reading.taken", register = false)]
    async fn reading_taken(data: Reading, #[header("X-Factor")] factor: f64);

    let build = |value: f64, limit: f32, factor: f64| {
        let limit = Some(limit);
        let reading = Reading {
            values: vec![0.0, value],
            limit,
        };
        let message = reading_taken(reading, factor);
        message
            .payload()
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    assert_eq!(build(1.0, 1.0, 1.0), Ok(()));
    for (result, place) in [
        (build(f64::NAN, 1.0, 1.0), "`values[1]` is NaN"),
        (build(f64::INFINITY, 1.0, 1.0), "`values[1]` is inf"),
        (build(1.0, f32::NEG_INFINITY, 1.0), "`limit` is -inf"),
        (
            build(1.0, 1.0, f64::NAN),
            "X-Factor could not be written: `the value` is NaN",
        ),
    ] {
        let text = result.expect_err(place);
        assert!(text.contains(place), "{text}");
    }
    let untyped = Message::untyped(reading_taken::DESCRIPTOR, &f64::NAN);
    assert!(untyped.payload().is_err());
}
