//! The vendored files are those that were published, and their licences are in the same folder.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets")
}

/// The published name and checksum of each file.
fn recorded() -> Vec<(String, String)> {
    let sums = fs::read_to_string(folder().join("SHA256SUMS")).expect("the checksums");
    let lines = sums.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            line.split_once("  ")
                .expect("a checksum, two spaces and a name")
        })
        .map(|(sum, name)| (name.to_owned(), sum.to_owned()))
        .collect()
}

/// A file as it was published: unpacked where it is kept compressed.
fn published(name: &str) -> Vec<u8> {
    let packed = folder().join(format!("{name}.gz"));
    if !packed.exists() {
        return fs::read(folder().join(name)).expect(name);
    }
    let mut bytes = Vec::new();
    GzDecoder::new(&fs::read(packed).expect(name)[..])
        .read_to_end(&mut bytes)
        .expect(name);
    bytes
}

#[test]
fn every_file_is_the_published_one() {
    for (name, sum) in recorded() {
        assert_eq!(hex::encode(Sha256::digest(published(&name))), sum, "{name}");
    }
}

#[test]
fn nothing_lies_beside_them_that_has_no_checksum() {
    let known: Vec<String> = recorded().into_iter().map(|(name, _)| name).collect();
    for entry in fs::read_dir(folder()).expect("the folder") {
        let name = entry
            .expect("an entry")
            .file_name()
            .into_string()
            .expect("UTF-8");
        let published = name.strip_suffix(".gz").unwrap_or(&name).to_owned();
        assert!(
            name == "SHA256SUMS" || known.contains(&published),
            "{name} has no checksum"
        );
    }
}

#[test]
fn licence_and_notices_lie_beside_them() {
    let text = |name| String::from_utf8(published(name)).expect("UTF-8");
    assert!(text("LICENSE").contains("Apache License"));
    assert!(text("NOTICE").contains("SmartBear Software Inc."));
    assert!(text("swagger-ui-bundle.js.LICENSE.txt").contains("DOMPurify"));
}

#[test]
fn the_version_is_that_of_the_checksums() {
    let sums = fs::read_to_string(folder().join("SHA256SUMS")).expect("the checksums");
    let first = format!(
        "# swagger-ui-dist {}",
        webhooks_swagger_ui::SWAGGER_UI_VERSION
    );
    assert_eq!(sums.lines().next(), Some(&*first));
}

#[test]
fn the_crate_stays_under_a_megabyte() {
    let sizes = fs::read_dir(folder()).expect("the folder").map(|entry| {
        let entry = entry.expect("an entry");
        entry.metadata().expect("a file").len()
    });
    let total: u64 = sizes.sum();
    assert!(total < 1_000_000, "{total} bytes");
}
