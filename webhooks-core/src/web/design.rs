//! One design for all pages: colours, spacing and type as custom properties, and the elements that use them.

/// The tokens: custom properties for colours (light, dark and print), spacing, radius and type. Everything else refers to
/// them, so that a page is given other colours by overriding these.
///
/// Text on its ground has a contrast of at least 4.5 in each palette (WCAG 2.2, 1.4.3).
pub const TOKENS: &str = include_str!("assets/tokens.css");

/// [`TOKENS`], and what elements look like with them: text, links, code, tables, badges, notes, forms, focus, the skip
/// link. A page adds its own layout.
pub const DESIGN: &str = concat!(
    include_str!("assets/tokens.css"),
    include_str!("assets/elements.css")
);
