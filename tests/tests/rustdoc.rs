//! The rustdoc page of a declaration says what the OpenAPI document says.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Runs rustdoc on some examples, into a folder of the test's own; gives the folder.
///
/// Examples are programs, so their private items are what there is to document.
fn documented(packages: &[&str]) -> PathBuf {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut cargo = Command::new(env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    cargo.current_dir(&top).args([
        "doc",
        "--locked",
        "--no-deps",
        "--document-private-items",
        "--quiet",
    ]);
    for package in packages {
        cargo.args(["--package", package]);
    }
    let output = cargo.output().expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let target = env::var("CARGO_TARGET_DIR").map_or_else(|_| top.join("target"), PathBuf::from);
    target.join("doc")
}

/// The page's text without markup, white space folded.
fn text(page: &Path) -> (String, String) {
    let html =
        fs::read_to_string(page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    let main = html
        .split_once("<main")
        .expect("a page has a main part")
        .1
        .to_owned();
    let mut text = String::new();
    let mut inside = true;
    for character in main.chars() {
        match character {
            '<' => inside = true,
            '>' if inside => inside = false,
            _ if inside => {}
            character => text.push(character),
        }
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
        main,
    )
}

#[test]
fn the_page_of_a_declaration_shows_method_name_payload_and_parameters() {
    let docs = documented(&["several-methods", "payment-view"]);

    let (function, html) = text(&docs.join("several_methods/fn.stock_counted.html"));
    for words in [
        "The stock of an article was counted again.",
        "Webhook PUT, PATCH, GET stock.counted",
        "application/json",
        "header X-Tenant: Whose stock it is.",
        "query every, optional: How many counts lie between two calls.",
        "Message<stock_counted>",
    ] {
        assert!(function.contains(words), "{words} in {function}");
    }
    assert!(
        html.contains(r#"href="struct.Stock.html""#),
        "the payload is a link"
    );

    let (view, html) = text(&docs.join("payment_view/struct.PaymentWebhook.html"));
    for words in [
        "Webhook POST new-event",
        "Webhook POST payments",
        "Sent when a payment has arrived",
    ] {
        assert!(view.contains(words), "{words} in {view}");
    }
    assert!(
        html.contains(r#"href="struct.Payment.html""#),
        "the payload is a link"
    );
}

#[test]
fn a_webhook_has_one_page() {
    let docs = documented(&["new-subscription"]);
    let pages = fs::read_dir(docs.join("new_subscription")).expect("a folder of pages");
    let names = pages.map(|page| {
        page.expect("a page")
            .file_name()
            .to_string_lossy()
            .into_owned()
    });
    let of_the_webhook: Vec<_> = names
        .filter(|name| name.contains("new_subscription"))
        .collect();
    assert_eq!(of_the_webhook, ["fn.new_subscription.html"]);
}
