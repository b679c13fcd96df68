//! Serves any OpenAPI document with its documentation page, and says what that cost at the start.
//!
//! ```sh
//! PORT=8000 cargo run --release -p webhooks-core --example serve-document -- openapi.json
//! ```
//!
//! Without a port it only measures. The file can be named by the variable `DOCUMENT` too.

use std::error::Error;
use std::fs;

use axum::Router;
use tokio::net::TcpListener;
use webhooks_core::OpenApi;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args()
        .nth(1)
        .or_else(|| std::env::var("DOCUMENT").ok());
    let file = file.ok_or("usage: serve-document FILE")?;
    let text = fs::read_to_string(file)?;
    let value: serde_json::Value = serde_json::from_str(&text)?;
    let title = value["info"]["title"]
        .as_str()
        .unwrap_or("Webhooks")
        .to_owned();
    let version = value["info"]["version"].as_str().unwrap_or("1").to_owned();
    let document = OpenApi::new(title, version).merge(value).build()?;

    let before = processor_time()?;
    let app: Router = document.router();
    println!(
        "the router took {} ms of processor time",
        processor_time()? - before
    );

    if let Ok(port) = std::env::var("PORT") {
        let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
        println!("listening on http://{}", listener.local_addr()?);
        axum::serve(listener, app).await?;
    }
    Ok(())
}

/// What this process has used so far, in milliseconds; Linux counts it in hundredths of a second.
fn processor_time() -> Result<u64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let after_name = stat
        .rsplit_once(')')
        .ok_or("an unknown form of /proc/self/stat")?
        .1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    Ok((fields[11].parse::<u64>()? + fields[12].parse::<u64>()?) * 10)
}
