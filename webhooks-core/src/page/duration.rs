//! Times in words: `20 seconds`, `2 hours`, `3 days and 3 hours`.

/// A time, in its two largest units; the rest is cut.
pub(super) fn phrase(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    // Below two days hours say more: 24 hours, 36 hours.
    let skipped = usize::from(seconds < 2 * 86_400);
    let mut units = UNITS[skipped..]
        .iter()
        .copied()
        .skip_while(|(unit, _)| seconds < *unit);
    let Some((unit, name)) = units.next() else {
        return "no time".to_owned();
    };
    let first = counted(seconds / unit, name);
    match units
        .next()
        .map(|(next, name)| (seconds % unit / next, name))
    {
        Some((count, name)) if count > 0 => format!("{first} and {}", counted(count, name)),
        _ => first,
    }
}

fn counted(count: u64, name: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {name}{plural}")
}

#[cfg(test)]
mod tests {
    use super::phrase;

    #[test]
    fn times_read_as_words() {
        for (seconds, words) in [
            (0, "no time"),
            (1, "1 second"),
            (20, "20 seconds"),
            (90, "1 minute and 30 seconds"),
            (300, "5 minutes"),
            (86_400, "24 hours"),
            (5 * 86_400, "5 days"),
            (272_105, "3 days and 3 hours"),
        ] {
            assert_eq!(phrase(seconds), words);
        }
    }
}
