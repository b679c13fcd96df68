//! Payloads and answers: laid out where they are JSON, as they are stored otherwise, never as markup.

use maud::{Markup, html};

use crate::foreign::{ForeignStr, escaped};
use crate::pretty::{Piece, pretty};
use crate::source::Body;
use crate::text;
use crate::visit::Visit;

/// How much of a body a page shows, in bytes: the rest is in the file.
const SHOWN: usize = 16 * 1024;
/// How much of what is not text is shown, in bytes.
const SHOWN_BINARY: usize = 512;

/// A body, with a link to its bytes as a file where there is one.
pub(crate) fn body(v: &Visit, body: &Body, file: Option<&str>) -> Markup {
    let bytes = body.bytes();
    let size = v.fill(text::BYTES, [&bytes.len().to_string()]);
    html! {
        @match std::str::from_utf8(&bytes) {
            Ok(text) => (laid_out(v, text)),
            Err(_) => (binary(v, &bytes)),
        }
        p.soft.small { (size) @if let Some(file) = file { " · " a href=(file) download { (v.say(text::AS_FILE)) } } }
    }
}

fn laid_out(v: &Visit, whole: &str) -> Markup {
    let end = (0..=SHOWN.min(whole.len()))
        .rev()
        .find(|&end| whole.is_char_boundary(end));
    let shown = &whole[..end.unwrap_or_default()];
    let is_cut = shown.len() < whole.len();
    let pieces = if is_cut { None } else { pretty(shown) };
    html! {
        @match pieces {
            Some(pieces) => {
                pre.code tabindex="0" { @for piece in &pieces { @match piece {
                    Piece::Name(name) => b { (ForeignStr(name)) },
                    Piece::Other(text) => (ForeignStr(text)),
                } } }
                details.raw { summary { (v.say(text::AS_STORED)) } pre tabindex="0" { (ForeignStr(shown)) } }
            }
            None => pre.code tabindex="0" { (ForeignStr(shown)) },
        }
        @if is_cut { p.soft.small { (v.fill(text::CUT, [&SHOWN.to_string()])) } }
    }
}

/// Bytes in hexadecimal, sixteen a line, with what of them is ASCII.
fn binary(v: &Visit, bytes: &[u8]) -> Markup {
    let mut dump = String::new();
    for line in bytes[..bytes.len().min(SHOWN_BINARY)].chunks(16) {
        let hex: Vec<String> = line.iter().map(|byte| format!("{byte:02x}")).collect();
        let ascii = line.iter().map(|byte| {
            if byte.is_ascii_graphic() {
                char::from(*byte)
            } else {
                '.'
            }
        });
        let hex = hex.join(" ");
        dump.extend([format!("{hex:<47}  "), ascii.collect(), "\n".to_owned()]);
    }
    html! {
        p.soft.small { (v.say(text::NOT_TEXT)) }
        pre.code.wide tabindex="0" { (escaped(&dump)) }
        @if bytes.len() > SHOWN_BINARY { p.soft.small { (v.fill(text::CUT, [&SHOWN_BINARY.to_string()])) } }
    }
}

/// A value as JSON.
pub(crate) fn json(value: &serde_json::Value) -> Markup {
    let text = value.to_string();
    let pieces = pretty(&text).unwrap_or_else(|| vec![Piece::Other(text)]);
    html! {
        pre.code tabindex="0" { @for piece in &pieces { @match piece {
            Piece::Name(name) => b { (ForeignStr(name)) },
            Piece::Other(text) => (ForeignStr(text)),
        } } }
    }
}

/// A short text that people copy: an id, a secret. A script adds the button.
pub(crate) fn copyable(text: &str) -> Markup {
    html! { code.copyable data-copy { (ForeignStr(text)) } }
}

/// A command or a piece of a program, to be copied as a whole.
pub(crate) fn command(text: &str) -> Markup {
    html! { pre.code tabindex="0" data-copy { (ForeignStr(text)) } }
}
