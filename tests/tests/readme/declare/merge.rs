//! A document that was there before.

fn merged() -> Result<(), Box<dyn std::error::Error>> {
    // README
    use webhooks_core::{OpenApi, Webhooks};

    let routes = std::fs::read_to_string("openapi.json")?; // of utoipa: `.merge(ApiDoc::openapi())`
    let docs = OpenApi::new("Payments", "1.0.0")
        .merge_json(&routes)
        .webhooks(Webhooks::collect()?);
    // end
    docs.build()?;
    Ok(())
}
