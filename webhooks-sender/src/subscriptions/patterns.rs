//! The patterns of a subscription, reduced so that none includes another: an event then meets a subscription once.

use webhooks_core::EventPattern;

use crate::error::Error;

/// The patterns that count, each checked. `is_listed` says of one that breaks the rule for names whether the catalogue has an
/// event of an existing API that it matches.
pub(crate) fn reduced(
    events: &[String],
    is_listed: impl Fn(&EventPattern) -> bool,
) -> Result<Vec<String>, Error> {
    if events.is_empty() {
        let problem = "it has no event; say at least one, such as `payment.*`, or `*` for all";
        return Err(Error::Subscription(problem.to_owned()));
    }
    let mut kept: Vec<String> = Vec::with_capacity(events.len());
    for event in events {
        match event.parse::<EventPattern>() {
            Err(error) if !is_listed(&EventPattern::of_provider(event)) => {
                return Err(Error::Subscription(error.to_string()));
            }
            _ => {}
        }
        if kept.iter().any(|other| includes(other, event)) {
            continue;
        }
        kept.retain(|other| !includes(event, other));
        kept.push(event.clone());
    }
    Ok(kept)
}

/// Whether everything that `narrow` matches is matched by `wide`.
fn includes(wide: &str, narrow: &str) -> bool {
    match (wide.strip_suffix(".*"), narrow.strip_suffix(".*")) {
        _ if wide == "*" || wide == narrow => true,
        // `a.*` includes `a.b.*` and `a.b`, but not `a`.
        (Some(prefix), narrow_prefix) => {
            let name = narrow_prefix.unwrap_or(narrow);
            name.strip_prefix(prefix)
                .is_some_and(|rest| rest.starts_with('.'))
        }
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reduce(events: &[&str]) -> Vec<String> {
        let events: Vec<_> = events.iter().map(|&event| event.to_owned()).collect();
        reduced(&events, |_| false).expect("patterns")
    }

    #[test]
    fn of_two_patterns_the_wider_one_is_kept() {
        assert_eq!(
            reduce(&["payment.created", "payment.*", "payment.card.*"]),
            ["payment.*"]
        );
        assert_eq!(reduce(&["a.*", "*", "b"]), ["*"]);
        assert_eq!(
            reduce(&["a", "a.*", "a"]),
            ["a", "a.*"],
            "`a.*` does not match `a`"
        );
        assert_eq!(
            reduce(&["pay.*", "payment.created"]),
            ["pay.*", "payment.created"]
        );
    }

    #[test]
    fn bad_patterns_and_none_at_all_are_refused() {
        for bad in [&[][..], &[""], &["a b"], &["*.a"], &["a*"], &["a", "b.**"]] {
            let events: Vec<_> = bad.iter().map(|&event| event.to_owned()).collect();
            assert!(reduced(&events, |_| false).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_name_of_an_existing_api_is_taken_where_the_catalogue_has_it() {
        let listed = |pattern: &EventPattern| pattern.matches("shop.orders/create");
        let of = |event: &str| reduced(&[event.to_owned()], listed);
        for good in ["shop.orders/create", "shop.*", "*"] {
            assert_eq!(of(good).expect(good), [good]);
        }
        for bad in [
            "orders/create",
            "shop.orders/*",
            "shop.orders/create.*",
            "s*",
        ] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }
}
