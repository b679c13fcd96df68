//! progenitor reads no OpenAPI 3.1 and no webhooks; from the projection it makes the types of the payloads.

use std::path::Path;

use anyhow::{Context, Result};
use quote::ToTokens;
use webhooks_core::Projection;
use webhooks_core::openapi::read_json;

const DOCUMENT: &str = "../../../examples/payments/openapi.json";

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    let document = read_json(&std::fs::read_to_string(DOCUMENT)?)?;
    let projection = Projection::of(document)?;
    let tokens = progenitor_impl::Generator::default().generate_tokens(&projection.document)?;
    let file: syn::File = syn::parse2(tokens)?;
    // The client around the types would need an HTTP library; the types are what a receiver wants.
    let types = file.items.iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "types" => Some(module),
        _ => None,
    });
    let out = std::env::var_os("OUT_DIR").context("cargo sets OUT_DIR")?;
    let text = types
        .context("progenitor made no types")?
        .to_token_stream()
        .to_string();
    std::fs::write(Path::new(&out).join("types.rs"), text)?;
    Ok(())
}
