//! The operating system's resolver, asked once for many requests.
//!
//! It blocks a thread for each question, and a thousand deliveries to one host ask the same. So concurrent questions for
//! one name share an answer, the answer is kept for a moment, and few questions are under way. Nothing is trusted for
//! that: the guard vets the addresses at each connection.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::guard::{Resolve, ResolveFuture};

/// How long an answer is kept; DNS of hosts that fail over has lifetimes of 30 s and more.
const KEPT: Duration = Duration::from_secs(5);
/// How long a failure is kept.
const FAILURE_KEPT: Duration = Duration::from_secs(1);
/// Within this time after an answer, the name servers are taken to be there.
const WORKED_LATELY: Duration = Duration::from_mins(1);
/// Questions under way.
const CONCURRENT: usize = 64;
/// Names in memory beyond which old answers are forgotten.
const NAMES: usize = 10_000;

/// The operating system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a> {
        Box::pin(async move {
            let answers = tokio::net::lookup_host((host, 0)).await.map_err(named)?;
            Ok(answers.map(|answer| answer.ip()).collect())
        })
    }
}

/// Marks the errors that say that no name server could be asked. The code of `getaddrinfo` (`EAI_AGAIN`) does not come
/// through std, only its text, in glibc's words and in musl's.
fn named(error: io::Error) -> io::Error {
    let text = error.to_string();
    let is_temporary = ["Temporary failure in name resolution", "Try again"]
        .iter()
        .any(|words| text.contains(words));
    if is_temporary {
        return io::Error::new(io::ErrorKind::NetworkDown, error);
    }
    error
}

/// A resolver whose answers are shared and kept for some seconds.
pub(super) struct CachedResolver<R> {
    resolver: R,
    names: Mutex<HashMap<String, Arc<Name>>>,
    permits: Semaphore,
    /// When a name was last resolved.
    worked: Mutex<Option<Instant>>,
}

/// One name: a caller that finds it locked waits for the answer to the question that is under way.
#[derive(Default)]
struct Name(tokio::sync::Mutex<Option<Answer>>);

struct Answer {
    addresses: Result<Vec<IpAddr>, io::ErrorKind>,
    until: Instant,
}

impl<R: Resolve> CachedResolver<R> {
    pub(super) fn new(resolver: R) -> Self {
        Self {
            resolver,
            names: Mutex::default(),
            permits: Semaphore::new(CONCURRENT),
            worked: Mutex::default(),
        }
    }

    fn name(&self, host: &str) -> Arc<Name> {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = names.get(host) {
            return Arc::clone(name);
        }
        if names.len() >= NAMES {
            let now = Instant::now();
            names.retain(|_, name| {
                // One that is locked is being asked for.
                name.0.try_lock().map_or(true, |answer| {
                    answer.as_ref().is_some_and(|answer| now < answer.until)
                })
            });
        }
        Arc::clone(names.entry(host.to_owned()).or_default())
    }

    /// A server that gives no answer for one name, and answers for others, is the name's own.
    fn kind(&self, error: &io::Error) -> io::ErrorKind {
        let works = self.worked().is_some_and(|at| at.elapsed() < WORKED_LATELY);
        match error.kind() {
            io::ErrorKind::NetworkDown if !works => io::ErrorKind::NetworkDown,
            _ => io::ErrorKind::NotFound,
        }
    }

    fn worked(&self) -> MutexGuard<'_, Option<Instant>> {
        self.worked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask(&self, host: &str) -> Answer {
        // A closed semaphore gives no permit; this one is never closed.
        let _permit = self.permits.acquire().await;
        let addresses = self.resolver.resolve(host).await;
        let addresses = addresses.map_err(|error| self.kind(&error));
        let kept = if addresses.is_ok() {
            self.worked().replace(Instant::now());
            KEPT
        } else {
            FAILURE_KEPT
        };
        Answer {
            addresses,
            until: Instant::now() + kept,
        }
    }
}

impl<R: Resolve> Resolve for CachedResolver<R> {
    fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a> {
        Box::pin(async move {
            let name = self.name(host);
            let mut answer = name.0.lock().await;
            let kept = answer.take().filter(|answer| Instant::now() < answer.until);
            let found = match kept {
                Some(kept) => kept,
                None => self.ask(host).await,
            };
            let addresses = answer.insert(found).addresses.clone();
            addresses.map_err(io::Error::from)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Answers after a second, and counts.
    struct Slow(Arc<AtomicUsize>);

    impl Resolve for Slow {
        fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                match host {
                    "missing" => Err(io::Error::other("no such name")),
                    "silent" => Err(io::ErrorKind::NetworkDown.into()),
                    _ => Ok(vec![IpAddr::from([93, 184, 216, 34])]),
                }
            })
        }
    }

    fn resolver() -> (Arc<CachedResolver<Slow>>, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        (
            Arc::new(CachedResolver::new(Slow(Arc::clone(&asked)))),
            asked,
        )
    }

    #[tokio::test(start_paused = true)]
    async fn concurrent_questions_for_one_name_are_one_and_the_answer_is_kept_for_a_moment() {
        let (resolver, asked) = resolver();
        let tasks: Vec<_> = (0..100)
            .map(|_| {
                let resolver = Arc::clone(&resolver);
                tokio::spawn(async move { resolver.resolve("host").await })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.expect("no panic").expect("an answer").len(), 1);
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        tokio::time::advance(KEPT).await;
        resolver.resolve("host").await.expect("an answer");
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_kept_for_a_shorter_time() {
        let (resolver, asked) = resolver();
        for _ in 0..3 {
            resolver.resolve("missing").await.expect_err("no such name");
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        tokio::time::advance(FAILURE_KEPT).await;
        resolver.resolve("missing").await.expect_err("no such name");
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_name_without_an_answer_is_to_blame_only_while_others_have_one() {
        let (resolver, _) = resolver();
        let kind = async |host| resolver.resolve(host).await.expect_err("no answer").kind();
        assert_eq!(kind("silent").await, io::ErrorKind::NetworkDown);
        resolver.resolve("host").await.expect("an answer");
        tokio::time::advance(FAILURE_KEPT).await;
        assert_eq!(kind("silent").await, io::ErrorKind::NotFound);
        tokio::time::advance(WORKED_LATELY).await;
        assert_eq!(kind("silent").await, io::ErrorKind::NetworkDown);
        let glibc = "failed to lookup address information: Temporary failure in name resolution";
        assert_eq!(
            named(io::Error::other(glibc)).kind(),
            io::ErrorKind::NetworkDown
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_gives_up_leaves_the_question_to_the_next() {
        let (resolver, asked) = resolver();
        let hasty = tokio::time::timeout(Duration::from_millis(10), resolver.resolve("host"));
        hasty.await.expect_err("it takes a second");
        resolver.resolve("host").await.expect("an answer");
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }

    /// The application shares the threads that resolve names.
    #[tokio::test(start_paused = true)]
    async fn so_many_names_are_asked_for_concurrently_and_no_more() {
        let (resolver, asked) = resolver();
        for number in 0..CONCURRENT * 3 {
            let resolver = Arc::clone(&resolver);
            tokio::spawn(async move { resolver.resolve(&number.to_string()).await });
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(asked.load(Ordering::Relaxed), CONCURRENT);
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(asked.load(Ordering::Relaxed), CONCURRENT * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn names_in_memory_are_bounded() {
        let (resolver, _) = resolver();
        for number in 0..NAMES {
            resolver.name(&number.to_string());
        }
        resolver.name("one more");
        let names = resolver.names.lock().expect("not poisoned").len();
        assert_eq!(names, 1);
    }
}
