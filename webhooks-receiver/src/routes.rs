//! Which handlers an event has, and in which order they are called.

use std::any::type_name;
use std::collections::BTreeMap;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use axum::http::request::Parts;
use webhooks_core::EventPattern;

use crate::handler::Handler;
use crate::handler_return::Answer;
use crate::message::IncomingMessage;
use crate::similar_names::is_similar;

/// The handlers of a receiver by event: an exact name before a longer pattern before a shorter one before `*`, and
/// in each of these groups as they were added.
#[doc(hidden)]
pub struct Routes<S> {
    handlers: Vec<Entry<S>>,
    /// In order: a name is found by a few comparisons, which takes less than to hash it.
    exact: BTreeMap<String, Vec<usize>>,
    /// The narrowest first.
    patterns: Vec<(EventPattern, usize)>,
    fallback: Option<usize>,
}

/// A handler with its name for logs and reports.
pub(crate) struct Entry<S> {
    pub(crate) name: &'static str,
    pub(crate) handler: Box<dyn Call<S>>,
}

impl<S> Default for Routes<S> {
    fn default() -> Self {
        Self {
            handlers: Vec::new(),
            exact: BTreeMap::new(),
            patterns: Vec::new(),
            fallback: None,
        }
    }
}

impl<S> Routes<S> {
    /// Adds a handler of these events, each a name or a pattern.
    #[doc(hidden)]
    pub fn add<M, H>(&mut self, events: &[&str], handler: H)
    where
        M: 'static,
        H: Handler<M, S>,
        S: 'static,
    {
        self.add_named(events, type_name::<H>(), handler);
    }

    /// Adds a handler that has another name than its type.
    #[doc(hidden)]
    pub fn add_named<M, H>(&mut self, events: &[&str], name: &'static str, handler: H)
    where
        M: 'static,
        H: Handler<M, S>,
        S: 'static,
    {
        self.add_entry(events, entry(name, handler));
    }

    fn add_entry(&mut self, events: &[&str], entry: Entry<S>) {
        let index = self.handlers.len();
        self.handlers.push(entry);
        for event in events {
            let pattern = EventPattern::of_provider(event);
            if pattern.specificity() == usize::MAX {
                let handlers = self.exact.entry((*event).to_owned()).or_default();
                if !handlers.contains(&index) {
                    handlers.push(index);
                }
            } else {
                let before = |(other, _): &(EventPattern, usize)| {
                    other.specificity() >= pattern.specificity()
                };
                let at = self.patterns.partition_point(before);
                self.patterns.insert(at, (pattern, index));
            }
        }
    }

    /// Sets the handler of events that no other handler takes.
    pub(crate) fn set_fallback<M, H>(&mut self, handler: H)
    where
        M: 'static,
        H: Handler<M, S>,
        S: 'static,
    {
        self.handlers.push(entry(type_name::<H>(), handler));
        self.fallback = Some(self.handlers.len() - 1);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.handlers.is_empty()
    }

    /// Adds all handlers of others in the order of their names.
    pub(crate) fn append_sorted(&mut self, others: Self) {
        let mut events: Vec<Vec<String>> = others.handlers.iter().map(|_| Vec::new()).collect();
        for (event, indices) in others.exact {
            for index in indices {
                events[index].push(event.clone());
            }
        }
        for (pattern, index) in others.patterns {
            events[index].push(pattern.to_string());
        }
        let mut entries: Vec<_> = others.handlers.into_iter().zip(events).collect();
        entries.sort_by_key(|(entry, _)| entry.name);
        for (entry, events) in entries {
            let events: Vec<&str> = events.iter().map(String::as_str).collect();
            self.add_entry(&events, entry);
        }
    }

    /// The handlers of an event in the order in which they are called, each once; the fallback where no other takes it.
    pub(crate) fn of<'r>(&'r self, event: &'r str) -> HandlersOf<'r, S> {
        HandlersOf {
            routes: self,
            event,
            exact: self.exact.get(event).map_or(&[], Vec::as_slice),
            next: 0,
            has_found: false,
        }
    }

    /// A name with a handler that differs from this one in case, or by one character: probably a slip.
    pub(crate) fn similar(&self, event: &str) -> Option<&str> {
        let mut names = self.exact.keys().map(String::as_str);
        names.find(|name| is_similar(name, event))
    }

    /// All names and patterns that have a handler, sorted.
    pub(crate) fn events(&self) -> Vec<String> {
        let mut events: Vec<String> = self.exact.keys().cloned().collect();
        events.extend(self.patterns.iter().map(|(pattern, _)| pattern.to_string()));
        events.sort();
        events.dedup();
        events
    }
}

/// The handlers of one event, one after the other.
pub(crate) struct HandlersOf<'r, S> {
    routes: &'r Routes<S>,
    event: &'r str,
    /// Those of the exact name.
    exact: &'r [usize],
    /// What is looked at next: one of `exact`, then one of the patterns.
    next: usize,
    has_found: bool,
}

impl<'r, S> HandlersOf<'r, S> {
    /// Whether a name or a narrower pattern has selected the handler already.
    fn has_come(&self, index: usize, patterns: &[(EventPattern, usize)]) -> bool {
        let is_same = |(pattern, other): &(EventPattern, usize)| {
            *other == index && pattern.matches(self.event)
        };
        self.exact.contains(&index) || patterns.iter().any(is_same)
    }

    fn found(&mut self, index: usize) -> Option<&'r Entry<S>> {
        self.has_found = true;
        self.routes.handlers.get(index)
    }
}

impl<'r, S> Iterator for HandlersOf<'r, S> {
    type Item = &'r Entry<S>;

    fn next(&mut self) -> Option<&'r Entry<S>> {
        if let Some(index) = self.exact.get(self.next) {
            self.next += 1;
            return self.found(*index);
        }
        let routes = self.routes;
        while let Some((pattern, index)) = routes.patterns.get(self.next - self.exact.len()) {
            let before = &routes.patterns[..self.next - self.exact.len()];
            self.next += 1;
            if pattern.matches(self.event) && !self.has_come(*index, before) {
                return self.found(*index);
            }
        }
        match routes.fallback {
            Some(index) if !self.has_found => self.found(index),
            _ => None,
        }
    }
}

fn entry<M, H, S>(name: &'static str, handler: H) -> Entry<S>
where
    M: 'static,
    H: Handler<M, S>,
    S: 'static,
{
    Entry {
        name,
        handler: Box::new(HandlerObject {
            handler,
            parameters: PhantomData::<fn() -> M>,
        }),
    }
}

impl<S> std::fmt::Debug for Routes<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Routes")
            .field("events", &self.events())
            .finish_non_exhaustive()
    }
}

/// The future of one call.
pub(crate) type HandlerFuture<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// A handler whose parameters are forgotten.
pub(crate) trait Call<S>: Send + Sync {
    fn call<'a>(
        &'a self,
        message: &'a IncomingMessage,
        parts: &'a mut Parts,
        state: &'a S,
    ) -> HandlerFuture<'a>;
}

struct HandlerObject<M, H> {
    handler: H,
    parameters: PhantomData<fn() -> M>,
}

impl<M, S, H: Handler<M, S>> Call<S> for HandlerObject<M, H> {
    fn call<'a>(
        &'a self,
        message: &'a IncomingMessage,
        parts: &'a mut Parts,
        state: &'a S,
    ) -> HandlerFuture<'a> {
        Box::pin(self.handler.call(message, parts, state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(events: &[&[&str]]) -> Routes<()> {
        const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let mut routes = Routes::default();
        for (name, events) in NAMES.iter().zip(events) {
            routes.add_named(events, name, async || ());
        }
        routes
    }

    fn called(routes: &Routes<()>, event: &str) -> String {
        routes.of(event).map(|entry| entry.name).collect()
    }

    #[test]
    fn an_exact_name_comes_before_a_longer_pattern_before_a_shorter_one_before_any() {
        let routes = routes(&[&["*"], &["a.*"], &["a.b.*"], &["a.b.c"], &["a.b.d"]]);
        assert_eq!(called(&routes, "a.b.c"), "dcba");
        assert_eq!(called(&routes, "a.x"), "ba");
        assert_eq!(called(&routes, "z"), "a");
    }

    #[test]
    fn handlers_of_equal_rank_are_called_as_they_were_added() {
        let routes = routes(&[&["x"], &["p.*"], &["x"], &["p.*"], &["*"], &["*"]]);
        assert_eq!(called(&routes, "x"), "acef");
        assert_eq!(called(&routes, "p.q"), "bdef");
    }

    #[test]
    fn a_handler_that_several_of_its_names_select_is_called_once_at_its_best_rank() {
        let routes = routes(&[&["a.*", "a.b", "*", "a.b"], &["a.b"]]);
        assert_eq!(called(&routes, "a.b"), "ab");
    }

    #[test]
    fn names_are_the_providers_text_matched_exactly() {
        let routes = routes(&[&["Push Hook"], &["products/create"], &["repo:refs_changed"]]);
        assert_eq!(called(&routes, "Push Hook"), "a");
        assert_eq!(called(&routes, "push hook"), "");
        assert_eq!(called(&routes, "products/create"), "b");
        assert_eq!(called(&routes, "repo:refs_changed"), "c");
        assert_eq!(called(&routes, "repo:refs_changed "), "");
    }

    #[test]
    fn the_fallback_gets_only_what_nobody_else_takes() {
        let mut routes = routes(&[&["a"]]);
        routes.set_fallback(async || ());
        assert_eq!(called(&routes, "a"), "a");
        let names: Vec<_> = routes.of("b").map(|entry| entry.name).collect();
        assert!(
            names.len() == 1 && names[0].contains("closure"),
            "{names:?}"
        );
    }
}
