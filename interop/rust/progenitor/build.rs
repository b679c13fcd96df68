//! progenitor reads no OpenAPI 3.1 and no webhooks. From the projection it makes the types of payloads, and a client of the
//! management API.

use std::path::Path;

use anyhow::{Context, Result};
use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle};
use quote::ToTokens;
use serde_json::Value;
use webhooks_core::Projection;
use webhooks_core::openapi::read_json;

/// Whose payloads become types.
const PAYLOADS: &str = "../../../examples/payments/openapi.json";
/// In whose document the management API is, below this path.
const MOUNTED: &str = "../../../examples/payments-delivered/openapi.json";
const API: &str = "/webhooks/";

fn main() -> Result<()> {
    let out = std::env::var_os("OUT_DIR").context("cargo sets OUT_DIR")?;
    let payloads = generated(read(PAYLOADS)?)?;
    // The client around the types has nothing to call; the types are what a receiver wants.
    let types = payloads.items.iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "types" => Some(module),
        _ => None,
    });
    let types = types.context("progenitor made no types")?;
    let types = types.to_token_stream().to_string();
    std::fs::write(Path::new(&out).join("types.rs"), types)?;

    let mut mounted = read(MOUNTED)?;
    let paths = mounted["paths"].as_object_mut().context("it has paths")?;
    paths.retain(|path, _| path.starts_with(API));
    for item in paths.values_mut().filter_map(Value::as_object_mut) {
        // The client below progenitor's has no such method.
        item.shift_remove("options");
    }
    let client = generated(mounted)?.to_token_stream().to_string();
    std::fs::write(Path::new(&out).join("client.rs"), client)?;
    Ok(())
}

fn read(path: &str) -> Result<Value> {
    println!("cargo::rerun-if-changed={path}");
    Ok(read_json(&std::fs::read_to_string(path)?)?)
}

fn generated(document: Value) -> Result<syn::File> {
    let projection = Projection::of(document)?;
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder);
    let tokens = Generator::new(&settings).generate_tokens(&projection.document)?;
    Ok(syn::parse2(tokens)?)
}
