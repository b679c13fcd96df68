//! Doc comments as text, the way rustdoc reads them: common indentation and the stars of block comments removed.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The doc comment of an item.
#[derive(Clone, Default)]
pub(crate) struct Docs(Vec<Piece>);

#[derive(Clone)]
enum Piece {
    Line(String),
    /// `#[doc = include_str!("..")]`: known to the compiler only.
    Expression(Box<Expr>),
}

impl Docs {
    /// Collects the doc comments among these attributes.
    pub(crate) fn of(attrs: &[Attribute]) -> Self {
        let mut pieces = Vec::new();
        for attr in attrs {
            let Meta::NameValue(doc) = &attr.meta else {
                continue;
            };
            if !doc.path.is_ident("doc") {
                continue;
            }
            match &doc.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => {
                    pieces.extend(lines(&text.value()).into_iter().map(Piece::Line));
                }
                expression => pieces.push(Piece::Expression(Box::new(expression.clone()))),
            }
        }
        let mut docs = Self(pieces);
        docs.unindent();
        docs
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0
            .iter()
            .all(|piece| matches!(piece, Piece::Line(line) if line.trim().is_empty()))
    }

    /// The text, where none of it comes from an expression.
    pub(crate) fn text(&self) -> Option<String> {
        let lines = self.0.iter().map(|piece| match piece {
            Piece::Line(line) => Some(line.as_str()),
            Piece::Expression(_) => None,
        });
        lines
            .collect::<Option<Vec<_>>>()
            .map(|lines| lines.join("\n").trim().to_owned())
    }

    /// An expression for the text, unless that is empty.
    pub(crate) fn expression(&self) -> Option<TokenStream> {
        if self.is_empty() {
            return None;
        }
        if let Some(text) = self.text() {
            return Some(quote!(#text));
        }
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Line(line) => quote!(#line, "\n"),
            Piece::Expression(expression) => quote!(#expression, "\n"),
        });
        Some(quote!(::core::concat!(#(#pieces),*)))
    }

    fn unindent(&mut self) {
        let lines = self.0.iter().filter_map(|piece| match piece {
            Piece::Line(line) if !line.trim().is_empty() => {
                Some(line.len() - line.trim_start_matches(' ').len())
            }
            _ => None,
        });
        let indent = lines.min().unwrap_or(0);
        for piece in &mut self.0 {
            if let Piece::Line(line) = piece {
                *line = line.get(indent..).unwrap_or_default().trim_end().to_owned();
            }
        }
    }
}

/// The lines of one comment; a block comment may have a star before each.
fn lines(comment: &str) -> Vec<String> {
    let lines: Vec<&str> = comment.lines().collect();
    let inner = lines.get(1..).unwrap_or_default();
    let stars = !inner.is_empty()
        && inner
            .iter()
            .all(|line| line.trim().is_empty() || line.trim().starts_with('*'));
    if lines.is_empty() {
        return vec![String::new()];
    }
    let of_block = |line: &&str| {
        line.trim_start()
            .strip_prefix('*')
            .map_or_else(String::new, str::to_owned)
    };
    if stars {
        lines[..1]
            .iter()
            .map(ToString::to_string)
            .chain(inner.iter().map(of_block))
            .collect()
    } else {
        lines.iter().map(ToString::to_string).collect()
    }
}
