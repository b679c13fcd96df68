//! Event names that are probably misspelt: another one is almost the same.

/// Whether one character more, less or other makes one text of the other, without regard to ASCII case and with `_`, `-`,
/// `.` and `/` as one character: `ORDERS_CREATE` is a spelling of `orders/create`.
pub(crate) fn is_similar(one: &str, other: &str) -> bool {
    let plain = |text: &str| -> Vec<char> {
        text.chars()
            .map(|character| match character {
                '_' | '-' | '/' => '.',
                other => other.to_ascii_lowercase(),
            })
            .collect()
    };
    let (one, other) = (plain(one), plain(other));
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let same = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let (short_rest, long_rest) = (&short[same..], &long[same..]);
    match long.len() - short.len() {
        0 => short_rest.get(1..).unwrap_or_default() == long_rest.get(1..).unwrap_or_default(),
        1 => short_rest == &long_rest[1..],
        _ => false,
    }
}

/// What is probably meant by the event of a handler: a known name, or a pattern of known names, that is similar to it. None
/// where the event itself is known.
pub(crate) fn meant(handled: &str, known: &[&str]) -> Option<String> {
    let Some(prefix) = handled.strip_suffix(".*") else {
        let is_known = handled == "*" || known.contains(&handled);
        let similar = known.iter().find(|name| is_similar(name, handled));
        return similar.filter(|_| !is_known).map(|name| (*name).to_owned());
    };
    let dots = prefix.matches('.').count();
    let starts = || known.iter().filter_map(|name| start(name, dots));
    if starts().any(|start| start == prefix) {
        return None;
    }
    let similar = starts().find(|start| is_similar(start, prefix));
    similar.map(|start| format!("{start}.*"))
}

/// A name before its dot of this number, counted from 0. None where it has fewer.
fn start(name: &str, dot: usize) -> Option<&str> {
    let end = name.match_indices('.').nth(dot)?.0;
    name.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_similar_to_its_other_spellings_and_to_one_slip() {
        for (one, other) in [
            ("ORDERS_CREATE", "orders/create"),
            ("charge.succeded", "charge.succeeded"),
            ("charge.succeeded", "charge.suceeded"),
            ("push", "pusg"),
            ("a", "a"),
        ] {
            assert!(
                is_similar(one, other) && is_similar(other, one),
                "{one} {other}"
            );
        }
        for (one, other) in [("push", "pull"), ("issues", "issues.opened"), ("ab", "ba")] {
            assert!(!is_similar(one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_name_that_is_known_is_meant_itself() {
        let known = [
            "charge.succeeded",
            "charge.succeedes",
            "charge.dispute.created",
        ];
        for handled in [
            "charge.succeeded",
            "*",
            "charge.*",
            "charge.dispute.*",
            "payout.paid",
        ] {
            assert_eq!(meant(handled, &known), None, "{handled}");
        }
    }

    #[test]
    fn of_a_name_with_a_slip_the_known_one_is_meant() {
        let known = ["charge.dispute.created", "charge.succeeded", "Push Hook"];
        for (handled, expected) in [
            ("charge.succeded", "charge.succeeded"),
            ("Charge.Succeeded", "charge.succeeded"),
            ("push hook", "Push Hook"),
            ("charges.*", "charge.*"),
            ("charge.disputes.*", "charge.dispute.*"),
        ] {
            assert_eq!(
                meant(handled, &known).as_deref(),
                Some(expected),
                "{handled}"
            );
        }
    }
}
