//! Prints requests of the engine as JSON, for verifiers in other languages: `cargo xtask interop senders`.

use webhooks_tests::capture::captures;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", serde_json::to_string_pretty(&captures().await?)?);
    Ok(())
}
