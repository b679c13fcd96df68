//! The payload of a webhook, in the types that progenitor made: it reads a payload and writes it again.

include!(concat!(env!("OUT_DIR"), "/types.rs"));

fn main() -> Result<(), serde_json::Error> {
    let before =
        serde_json::json!({ "is_paid": true, "amount": 700.0, "paid_at": "2026-11-22T10:00:00Z" });
    let payment: types::Payment = serde_json::from_value(before.clone())?;
    assert!(payment.is_paid, "{payment:?}");
    assert_eq!(serde_json::to_value(&payment)?, before);
    println!("progenitor's type of the payload reads and writes it");
    Ok(())
}
