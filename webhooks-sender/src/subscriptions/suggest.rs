//! "Did you mean": the event or pattern that is most like one that matches nothing.

use strsim::jaro_winkler;

/// How alike two names must be, from 0 to 1: one exchanged or missing letter is, another word is not.
const ALIKE: f64 = 0.9;

/// What may have been meant by a pattern that matches none of these events.
pub(super) fn suggestion(pattern: &str, events: &[&str]) -> Option<String> {
    let prefixes = events.iter().flat_map(|event| {
        event
            .match_indices('.')
            .map(|(dot, _)| format!("{}.*", &event[..dot]))
    });
    let known: Vec<String> = if pattern.ends_with(".*") {
        prefixes.collect()
    } else {
        events.iter().map(|&event| event.to_owned()).collect()
    };
    let alike = known
        .into_iter()
        .map(|name| (jaro_winkler(pattern, &name), name))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    alike.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likest_name_is_suggested_and_none_that_is_unlike() {
        let events = ["invoice.paid", "invoice.voided", "customer.created"];
        assert_eq!(
            suggestion("invoice.piad", &events).as_deref(),
            Some("invoice.paid")
        );
        assert_eq!(
            suggestion("invoise.*", &events).as_deref(),
            Some("invoice.*")
        );
        assert_eq!(suggestion("shipment.sent", &events), None);
    }
}
