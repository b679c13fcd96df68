//! Contrast of the style sheet's colours, by the formula of WCAG 2.2 (relative luminance, contrast ratio).

use std::collections::HashMap;

/// Every pair of text and ground that the style sheet combines, in the light and in the dark palette.
pub(super) fn check(style: &str) {
    let palettes: Vec<_> = style.split("--paper:").skip(1).map(palette).collect();
    assert_eq!(palettes.len(), 3, "light, dark, print");
    for palette in palettes {
        let grounds = [
            ("ink", "paper side code note line"),
            ("soft", "paper side code"),
            ("link", "paper code note"),
        ];
        let badges = [
            ("badge", "post put delete get"),
            ("put", "paper"),
            ("delete", "paper"),
        ];
        for (text, grounds) in grounds.into_iter().chain(badges) {
            for ground in grounds.split(' ') {
                let (Some(text_colour), Some(ground_colour)) =
                    (palette.get(text), palette.get(ground))
                else {
                    continue;
                };
                let ratio = contrast(*text_colour, *ground_colour);
                assert!(ratio >= 4.5, "{text} on {ground}: {ratio:.2}");
            }
        }
    }
}

fn palette(rest: &str) -> HashMap<&str, f64> {
    let declarations = rest.split('}').next().unwrap_or_default();
    let paper = declarations.split(';').next().map(|value| ("paper", value));
    let named = declarations
        .split("--")
        .skip(1)
        .filter_map(|one| one.split(';').next()?.split_once(':'));
    let colours = paper
        .into_iter()
        .chain(named)
        .filter(|(_, value)| value.trim().starts_with('#'));
    colours
        .map(|(name, value)| (name, luminance(value.trim())))
        .collect()
}

fn luminance(colour: &str) -> f64 {
    let digits = colour.trim_start_matches('#');
    let wide: String = if digits.len() == 3 {
        digits.chars().flat_map(|c| [c, c]).collect()
    } else {
        digits.into()
    };
    let channel = |at: usize| {
        let value =
            f64::from(u8::from_str_radix(&wide[at..at + 2], 16).expect("a colour is hexadecimal"))
                / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126f64.mul_add(
        channel(0),
        0.7152f64.mul_add(channel(2), 0.0722 * channel(4)),
    )
}

fn contrast(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}
