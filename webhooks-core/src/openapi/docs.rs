//! From a doc comment to summary and description.

use crate::catalogue::CatalogueEntry;
use crate::descriptor::Descriptor;

/// Summary and description of a webhook, in Markdown; neither is ever empty.
///
/// One paragraph is the description, and the summary is the name of the function in title case; with more, the first is
/// the summary. What a view or a gateway says for all its webhooks fills the gaps.
/// One of the two says the event's name, because Redoc 2 and `RapiDoc` show it nowhere else; only a description that was
/// given as an argument stays word for word.
pub(crate) fn of_webhook(entry: &CatalogueEntry) -> (String, String) {
    let defaults = (entry.default_summary(), entry.default_description());
    let event = entry.name().as_str();
    of_descriptor(entry.descriptor(), event, entry.replaced_by(), defaults)
}

fn of_descriptor(
    descriptor: &Descriptor,
    event: &str,
    replaced_by: Option<&str>,
    (default_summary, default_description): (Option<&str>, Option<&str>),
) -> (String, String) {
    let docs = without_rust_links(descriptor.docs.trim());
    let (first, rest) = match split_paragraph(&docs) {
        Some((first, rest)) => (Some(one_line(first)), rest.to_owned()),
        None => (None, docs),
    };
    let summary = descriptor
        .summary
        .map(str::to_owned)
        .or(first)
        .or_else(|| default_summary.map(str::to_owned))
        .unwrap_or_else(|| title_case(descriptor.function.unwrap_or(event)));
    let rest = if descriptor.docs.trim().is_empty() {
        default_description.unwrap_or_default().trim().to_owned()
    } else {
        rest
    };
    let mut description = descriptor.description.map_or(rest, str::to_owned);
    let is_argument = descriptor.description.is_some();
    let is_said = || says(&summary, event) || says(&description, event);
    if description.is_empty() || !(is_argument || is_said()) {
        append(&mut description, &format!("Sent for the event `{event}`."));
    }
    for paragraph in deprecation(descriptor, replaced_by) {
        append(&mut description, &paragraph);
    }
    (summary, description)
}

/// Whether a reader of the text learns the event's name, as it is written or as words.
fn says(text: &str, event: &str) -> bool {
    if text.contains(event) {
        return true;
    }
    let is_same = |one: &str, other: &str| {
        let is_ascii = one.is_ascii() && other.is_ascii();
        one.eq_ignore_ascii_case(other) || !is_ascii && one.to_lowercase() == other.to_lowercase()
    };
    let mut words = plain_words(event);
    let Some(first) = words.next() else {
        return true;
    };
    let mut rest = plain_words(text);
    while let Some(one) = rest.next() {
        if is_same(one, first) {
            let mut found = rest.clone();
            let mut further = words.clone();
            if further.all(|word| found.next().is_some_and(|one| is_same(one, word))) {
                return true;
            }
        }
    }
    false
}

fn append(description: &mut String, paragraph: &str) {
    if !description.is_empty() {
        description.push_str("\n\n");
    }
    description.push_str(paragraph);
}

fn deprecation(descriptor: &Descriptor, replaced_by: Option<&str>) -> impl Iterator<Item = String> {
    let note =
        descriptor
            .deprecated
            .and_then(|deprecated| match (deprecated.since, deprecated.note) {
                (Some(since), Some(note)) => Some(format!("Deprecated since {since}: {note}")),
                (Some(since), None) => Some(format!("Deprecated since {since}.")),
                (None, Some(note)) => Some(format!("Deprecated: {note}")),
                (None, None) => None,
            });
    let replacement = replaced_by.map(|name| format!("Replaced by `{name}`."));
    note.into_iter().chain(replacement)
}

/// `payment.card_declined` becomes `Payment Card Declined`.
pub(crate) fn title_case(name: &str) -> String {
    words(name).collect::<Vec<_>>().join(" ")
}

/// `payment.card_declined` becomes `PaymentCardDeclined`.
pub(crate) fn pascal_case(name: &str) -> String {
    words(name).collect()
}

fn plain_words(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

fn words(name: &str) -> impl Iterator<Item = String> {
    plain_words(name).map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect())
            .unwrap_or_default()
    })
}

/// The first paragraph and what follows, where something follows. A fence or a list at the beginning is not a summary.
fn split_paragraph(docs: &str) -> Option<(&str, &str)> {
    let (first, rest) = docs.split_once("\n\n")?;
    let begins_a_block = ["```", "~~~", "- ", "* ", "#", ">", "|"]
        .iter()
        .any(|mark| first.starts_with(mark));
    (!begins_a_block).then_some((first.trim(), rest.trim()))
}

fn one_line(paragraph: &str) -> String {
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Rust's links to items mean nothing to a reader of the API: ``[`Payment`]`` becomes `` `Payment` ``.
fn without_rust_links(docs: &str) -> String {
    let mut text = String::with_capacity(docs.len());
    let mut rest = docs;
    while let Some(open) = rest.find('[') {
        let (before, link) = rest.split_at(open);
        text.push_str(before);
        if let Some((label, length)) = rust_link(link) {
            text.push_str(label);
            rest = &link[length..];
        } else {
            text.push('[');
            rest = &link[1..];
        }
    }
    text + rest
}

/// The label and the length of a link to a Rust item at the beginning of `text`.
fn rust_link(text: &str) -> Option<(&str, usize)> {
    let close = text.find(']')?;
    let (label, after) = (&text[1..close], &text[close + 1..]);
    if let Some(target) = after.strip_prefix('(') {
        let end = target.find(')')?;
        let is_path =
            |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        let path = &target[..end];
        let is_item = path.contains("::") && path.split("::").all(is_path);
        return is_item.then_some((label, close + 1 + end + 2));
    }
    let is_code = label.len() > 2 && label.starts_with('`') && label.ends_with('`');
    (is_code && !after.starts_with(['[', ':'])).then_some((label, close + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PING: Descriptor = Descriptor::post("payment.card_declined");

    fn of(docs: &'static str) -> (String, String) {
        of_descriptor(
            &PING.docs(docs),
            "payment.card_declined",
            None,
            (None, None),
        )
    }

    #[test]
    fn one_paragraph_is_the_description_and_the_name_the_summary() {
        let (summary, description) = of("Sent when a card\nis declined.");
        assert_eq!(summary, "Payment Card Declined");
        assert_eq!(description, "Sent when a card\nis declined.");
    }

    #[test]
    fn with_more_paragraphs_the_first_is_the_summary() {
        let (summary, description) =
            of("A payment card\ndeclined.\n\nSent immediately.\n\nNever twice.");
        assert_eq!(summary, "A payment card declined.");
        assert_eq!(description, "Sent immediately.\n\nNever twice.");
    }

    #[test]
    fn a_text_that_does_not_say_the_event_is_followed_by_it() {
        let (summary, description) = of("A card\nis declined.\n\nSent immediately.");
        assert_eq!(summary, "A card is declined.");
        assert_eq!(
            description,
            "Sent immediately.\n\nSent for the event `payment.card_declined`."
        );
        assert_eq!(
            of("A card.\n\nThe event `payment.card_declined`.").1,
            "The event `payment.card_declined`."
        );
        assert_eq!(
            of_descriptor(&PING.function("no"), "a.b", None, (None, None)).1,
            "Sent for the event `a.b`."
        );
    }

    #[test]
    fn a_description_given_as_an_argument_stays_word_for_word() {
        let described = PING
            .summary("A card")
            .description("It is gone.")
            .docs("Sent immediately.");
        let (summary, description) =
            of_descriptor(&described, "payment.card_declined", None, (None, None));
        assert_eq!(
            (summary.as_str(), description.as_str()),
            ("A card", "It is gone.")
        );
    }

    #[test]
    fn what_a_view_says_fills_the_gaps_and_no_more() {
        let defaults = (Some("About cards"), Some("Sent by the bank."));
        let of = |descriptor: Descriptor| {
            of_descriptor(&descriptor, "payment.card_declined", None, defaults)
        };
        let own = PING.summary("Own").description("Words.");
        assert_eq!(of(own), ("Own".to_owned(), "Words.".to_owned()));
        let (summary, description) = of(PING);
        assert_eq!(summary, "About cards");
        assert_eq!(
            description,
            "Sent by the bank.\n\nSent for the event `payment.card_declined`."
        );
        let (summary, description) = of(PING.docs("A payment card declined."));
        assert_eq!(
            (summary.as_str(), description.as_str()),
            ("About cards", "A payment card declined.")
        );
        assert_eq!(
            of(PING.docs("A payment card declined.\n\nMore.")).0,
            "A payment card declined."
        );
    }

    #[test]
    fn without_docs_the_description_names_the_event() {
        assert_eq!(of("").1, "Sent for the event `payment.card_declined`.");
    }

    #[test]
    fn a_list_at_the_beginning_is_not_a_summary() {
        assert_eq!(of("- one\n- two\n\nthree").0, "Payment Card Declined");
    }

    #[test]
    fn deprecation_says_since_when_why_and_what_instead() {
        let old = PING.deprecated(crate::Deprecation::new().since("2.0").note("too vague"));
        let (_, description) = of_descriptor(
            &old,
            "payment.card_declined",
            Some("card.declined"),
            (None, None),
        );
        assert!(
            description
                .ends_with("Deprecated since 2.0: too vague\n\nReplaced by `card.declined`."),
            "{description}"
        );
    }

    #[test]
    fn links_to_rust_items_become_plain_words() {
        assert_eq!(
            without_rust_links("a [`Payment`] of [money](crate::Money)"),
            "a `Payment` of money"
        );
        for kept in [
            "[the guide](https://x.test/a)",
            "[a][b]",
            "[`x`]: https://x.test",
            "[ ] open",
            "a[0]",
            "[(]",
        ] {
            assert_eq!(without_rust_links(kept), kept);
        }
    }
}
