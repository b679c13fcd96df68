//! The routes as a table of the tests' own: who may see each page, and send each form.

use webhooks_api::Ability;

/// Who may see a page, or send its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Customers and operators with this ability.
    With(Ability),
    /// Operators with this ability.
    Operators(Ability),
    /// Everyone with an access: it only leads elsewhere.
    Anyone,
    /// Those who come with a link.
    Guests,
}

use Ability::{Change, Replay, Secret, Test, View};
use Who::{Anyone, Guests, Operators, With};

/// Every route of the portal's own table.
pub(crate) const PAGES: [(&str, &str, Who); 45] = [
    ("GET", "/", Anyone),
    ("GET", "/open/{code}", Guests),
    ("POST", "/open", Guests),
    ("POST", "/leave", Guests),
    ("GET", "/overview", Operators(View)),
    ("GET", "/find", Anyone),
    ("GET", "/subscriptions", With(View)),
    ("GET", "/subscriptions/new", With(View)),
    ("POST", "/subscriptions/new", With(Change)),
    ("POST", "/subscriptions/check", With(Change)),
    ("GET", "/subscriptions/{sub}", With(View)),
    ("GET", "/subscriptions/{sub}/edit", With(View)),
    ("POST", "/subscriptions/{sub}/edit", With(Change)),
    ("POST", "/subscriptions/{sub}/pause", With(Change)),
    ("POST", "/subscriptions/{sub}/resume", With(Change)),
    ("GET", "/subscriptions/{sub}/test", With(View)),
    ("POST", "/subscriptions/{sub}/test", With(Test)),
    ("GET", "/subscriptions/{sub}/rotate", With(View)),
    ("POST", "/subscriptions/{sub}/rotate", With(Secret)),
    ("GET", "/subscriptions/{sub}/replay", With(View)),
    ("POST", "/subscriptions/{sub}/replay", With(Replay)),
    ("POST", "/subscriptions/{sub}/replay/count", With(Replay)),
    ("GET", "/subscriptions/{sub}/remove", With(View)),
    ("GET", "/deliveries", With(View)),
    ("GET", "/deliveries/live", With(View)),
    ("GET", "/deliveries/retry", With(Replay)),
    ("POST", "/deliveries/retry", With(Replay)),
    ("POST", "/deliveries/retry/count", With(Replay)),
    ("GET", "/deliveries/{dlv}", With(View)),
    ("GET", "/deliveries/{dlv}/payload", With(View)),
    ("POST", "/deliveries/{dlv}/retry", With(Replay)),
    ("POST", "/deliveries/{dlv}/cancel", With(Replay)),
    ("GET", "/messages/{msg}", With(View)),
    ("GET", "/activity", With(View)),
    ("GET", "/jobs/{job}", With(View)),
    ("POST", "/jobs/{job}/cancel", With(Replay)),
    ("GET", "/metrics", Operators(View)),
    ("GET", "/owners", Operators(View)),
    ("GET", "/service", Operators(View)),
    ("GET", "/service/pause", Operators(View)),
    ("POST", "/service/pause", Operators(Change)),
    ("POST", "/service/resume", Operators(Change)),
    ("GET", "/events", With(View)),
    ("GET", "/events/{name}", With(View)),
    ("POST", "/subscriptions/{sub}/remove", With(Change)),
];

/// A new route fails here until it is entered above.
#[test]
fn the_matrix_has_every_route_of_the_table() {
    let table = include_str!("../../src/route.rs");
    let (_, rows) = table.split_once("routes! {\n").expect("the table");
    let rows = rows.split_once("\n}").expect("its end").0;
    let mut routes: Vec<String> = rows
        .lines()
        .map(|row| {
            let mut words = row.split_whitespace();
            let (method, path) = (
                words.next().expect("a method"),
                words.next().expect("a path"),
            );
            let path = path.trim_matches('"').to_owned();
            format!("{method} {}", shape(&path))
        })
        .collect();
    let mut entered: Vec<String> = PAGES
        .iter()
        .map(|(method, path, _)| format!("{method} {}", shape(path)))
        .collect();
    routes.sort();
    entered.sort();
    assert_eq!(entered, routes);
}

/// A path with its parts in braces written alike.
fn shape(path: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

pub(crate) fn pages_of_customers() -> impl Iterator<Item = (&'static str, &'static str, Ability)> {
    PAGES
        .into_iter()
        .filter_map(|(method, path, who)| match who {
            With(ability) => Some((method, path, ability)),
            _ => None,
        })
}

pub(crate) fn pages_of_operators() -> impl Iterator<Item = (&'static str, &'static str, Ability)> {
    PAGES
        .into_iter()
        .filter_map(|(method, path, who)| match who {
            Operators(ability) => Some((method, path, ability)),
            _ => None,
        })
}
