//! The API: a table of operations, as routes of an axum app and as an OpenAPI document.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodRouter, on};
use bytes::Bytes;
use http::request::Parts;
use http_body_util::{BodyExt, Limited};
use serde::Deserialize;
use webhooks_sender::Sender;
use webhooks_sender::database::Database;

use crate::access::Access;
use crate::authorize::Authorize;
use crate::document;
use crate::operation::{Audience, Operation, Run};
use crate::problem::{Kind, Problem};
use crate::request::{Call, query};
use crate::routes::{OPERATIONS, Table, errors, open};
use crate::sources::Sources;

/// The largest body, unless another limit is set.
const BODY_LIMIT: usize = 1024 * 1024;

/// The HTTP API of one sender.
///
/// Made of a sender and of a function that says who asks ([`Authorize`]). Nothing is open without that function.
///
/// ```
/// use axum::Router;
/// use axum::http::{HeaderMap, StatusCode};
/// use webhooks_api::{Ability, Access, Api};
/// use webhooks_core::OpenApi;
/// use webhooks_sender::Sender;
///
/// async fn access(headers: HeaderMap) -> Result<Access, StatusCode> {
///     // A real application looks its session up; it can take any extractor, such as `State`.
///     let account = headers.get("x-account").and_then(|value| value.to_str().ok());
///     Ok(Access::owner(account.ok_or(StatusCode::UNAUTHORIZED)?).allow(Ability::CUSTOMER))
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let folder = std::env::temp_dir().join(format!("webhooks-api-doc-{}.db", std::process::id()));
/// let sender = Sender::open(&folder).start().await?;
/// let api = Api::new(&sender, access);
/// let docs = OpenApi::new("Payments", "1.0.0").merge_json(&webhooks_api::customer_document("/webhooks")?);
/// let app: Router = Router::new().merge(api.at("/webhooks")).merge(docs.router()?);
/// # let _ = app;
/// # sender.shut_down().await;
/// # let _ = std::fs::remove_file(&folder);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
pub struct Api<D: Database, F> {
    sender: Sender<D>,
    access: F,
    body_limit: usize,
    requires_if_match: bool,
    sources: Option<Sources>,
    portal: Option<Arc<str>>,
}

impl<D: Database, F> Api<D, F> {
    /// The API of this sender, with a function that says who asks.
    pub fn new(sender: &Sender<D>, access: F) -> Self {
        Self {
            sender: sender.clone(),
            access,
            body_limit: BODY_LIMIT,
            requires_if_match: false,
            sources: None,
            portal: None,
        }
    }

    /// Refuses larger bodies, in bytes; 1 MiB by default.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Refuses changes of a subscription without `If-Match`, with 428 (RFC 6585), so that no client undoes what another one
    /// changed. Without it, `If-Match` counts where it is sent.
    pub fn require_if_match(mut self) -> Self {
        self.requires_if_match = true;
        self
    }

    /// Says from which addresses requests come: `/sources` shows it to every caller.
    pub fn sources(mut self, sources: Sources) -> Self {
        self.sources = Some(sources);
        self
    }

    /// Says where browsers find the portal, as `https://shop.example/portal`: `POST /portal-links` then answers whole URLs.
    pub fn portal(mut self, url: &str) -> Self {
        self.portal = Some(url.into());
        self
    }

    /// The routes below a path, such as `/webhooks`, with and without a slash at its end. Whatever the path is asked for, the
    /// answer is the API's own: a problem document where there is nothing.
    ///
    /// ```
    /// use axum::Router;
    /// use axum::http::StatusCode;
    /// use webhooks_api::{Access, Api};
    /// use webhooks_sender::{Sender, Sqlite};
    ///
    /// async fn access() -> Result<Access, StatusCode> {
    ///     Err(StatusCode::UNAUTHORIZED)
    /// }
    ///
    /// fn app(sender: &Sender<Sqlite>) -> Router {
    ///     Router::new().merge(Api::new(sender, access).at("/webhooks"))
    /// }
    /// ```
    ///
    /// # Panics
    ///
    /// When the path does not begin with a slash.
    pub fn at<S, A>(&self, path: &str) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
        F: Authorize<S, A>,
        A: 'static,
    {
        let path = path.trim_end_matches('/');
        if path.is_empty() {
            return self.router();
        }
        assert!(
            path.starts_with('/'),
            "`{path}` is not a path; write it as in `/webhooks`"
        );
        // axum leaves this one address out where a router is nested.
        let root = format!("{path}/");
        Router::new()
            .nest(path, self.router())
            .route(&root, axum::routing::any(errors::at_the_root))
    }

    /// The routes, to be nested: all links are relative. [`at`](Self::at) does it.
    pub fn router<S, A>(&self) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
        F: Authorize<S, A>,
        A: 'static,
    {
        let mut router = Router::new();
        let mut paths: Vec<(&'static str, MethodRouter<S>, Vec<&'static str>)> = Vec::new();
        for (operation, run) in OPERATIONS.iter().zip(Table::<D>::RUN) {
            let endpoint = Endpoint::new(self, operation, *run);
            let filter = operation.filter();
            let known = paths.iter_mut().find(|(path, ..)| *path == operation.path);
            if let Some((_, methods, names)) = known {
                *methods = std::mem::take(methods).on(filter, endpoint);
                names.push(operation.method.as_str());
            } else {
                let names = vec![operation.method.as_str()];
                paths.push((operation.path, on(filter, endpoint), names));
            }
        }
        for (path, methods, names) in paths {
            let allowed = names.join(", ");
            let depth = depth_of(path);
            let refuse = move || async move {
                let detail = format!("this path takes {allowed}");
                Problem::new(Kind::MethodNotAllowed, detail)
                    .allow(&allowed)
                    .respond(depth)
            };
            router = router.route(path, methods.fallback(refuse));
        }
        // The crate's tests rule out that it cannot be built.
        let document = document::own().ok();
        let keys = self.sender.public_keys();
        router = open::routes(router, self.sources.as_ref(), &keys, document);
        // A fallback of the router would not be asked below every nesting of axum's.
        router
            .route("/errors/{kind}", axum::routing::get(errors::explain))
            .route("/", axum::routing::any(errors::no_such_path))
            .route("/{*rest}", axum::routing::any(errors::no_such_path))
    }
}

impl<D: Database, F> fmt::Debug for Api<D, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api")
            .field("sender", &self.sender)
            .field("body_limit", &self.body_limit)
            .finish_non_exhaustive()
    }
}

/// One operation, with what it needs to answer.
struct Endpoint<D: Database, F, A> {
    sender: Sender<D>,
    access: F,
    body_limit: usize,
    requires_if_match: bool,
    portal: Option<Arc<str>>,
    operation: &'static Operation,
    run: Run<D>,
    arguments: std::marker::PhantomData<fn() -> A>,
}

impl<D: Database, F: Clone, A> Endpoint<D, F, A> {
    fn new(api: &Api<D, F>, operation: &'static Operation, run: Run<D>) -> Self {
        Self {
            sender: api.sender.clone(),
            access: api.access.clone(),
            body_limit: api.body_limit,
            requires_if_match: api.requires_if_match,
            portal: api.portal.clone(),
            operation,
            run,
            arguments: std::marker::PhantomData,
        }
    }
}

impl<D: Database, F: Clone, A> Clone for Endpoint<D, F, A> {
    fn clone(&self) -> Self {
        Self {
            sender: self.sender.clone(),
            access: self.access.clone(),
            body_limit: self.body_limit,
            requires_if_match: self.requires_if_match,
            portal: self.portal.clone(),
            operation: self.operation,
            run: self.run,
            arguments: std::marker::PhantomData,
        }
    }
}

impl<D, F, S, A> Handler<(S, A), S> for Endpoint<D, F, A>
where
    D: Database,
    F: Authorize<S, A>,
    S: Clone + Send + Sync + 'static,
    A: 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        Box::pin(async move {
            let depth = depth_of(self.operation.path);
            match self.answer(request, &state).await {
                Ok(response) => response,
                Err(problem) => problem.respond(depth),
            }
        })
    }
}

/// The owner that an operator acts for; each query may have it.
#[derive(Deserialize)]
struct OwnerQuery {
    owner: Option<String>,
}

impl<D: Database, F, A> Endpoint<D, F, A> {
    /// In this order: who asks, whether they may, then what was sent. Nothing of the body is read for a caller who is not
    /// let in.
    async fn answer<S>(self, request: Request, state: &S) -> Result<Response, Problem>
    where
        F: Authorize<S, A>,
        S: Send + Sync,
    {
        let (mut parts, body) = request.into_parts();
        let access = self.access.authorize(&mut parts, state).await;
        let access = access.map_err(|response| Problem::refused(&response))?;
        if !access.allows(self.operation.ability) {
            let detail = format!(
                "this takes the ability `{}`, which was not given to the caller",
                self.operation.ability
            );
            return Err(Problem::new(Kind::Forbidden, detail));
        }
        let operational = self.sender.operational_owner();
        let owner = owner(&access, &parts, (self.operation, operational))?;
        let path = path(&mut parts).await?;
        let body = read(body, self.body_limit).await?;
        let call = Call {
            sender: self.sender,
            access,
            parts,
            body,
            path,
            owner,
            requires_if_match: self.requires_if_match,
            portal: self.portal,
        };
        (self.run)(call).await
    }
}

/// The owner that an operator names. A customer cannot name one: it would be ignored, or believed.
fn owner(
    access: &Access,
    parts: &Parts,
    (operation, operational): (&Operation, Option<&str>),
) -> Result<Option<String>, Problem> {
    let text = parts.uri.query().unwrap_or_default();
    let named = query::<OwnerQuery>(text)?.owner;
    if access.owner_name().is_some()
        && access.owner_name() == operational
        && !access.may_have_operational_events()
    {
        tracing::warn!(
            "a customer has the name that `operational_events_to` was given, and is refused; \
             see `Access::with_operational_events`"
        );
        let detail = "this account is for the people who run the service";
        return Err(Problem::new(Kind::Forbidden, detail));
    }
    match (access.owner_name(), named) {
        (Some(own), Some(named)) if own != named => Err(Problem::not_found()),
        (Some(_), _) if operation.audience != Audience::Customers => Err(Problem::new(
            Kind::Forbidden,
            "this is for the people who run the service",
        )),
        (None, Some(_)) if operation.audience == Audience::Service => Err(Problem::new(
            Kind::InvalidQuery,
            "this is about all owners; leave `owner` out",
        )),
        (None, Some(named)) if !is_owner(&named) => Err(Problem::new(
            Kind::InvalidQuery,
            "`owner` has 1 to 256 bytes and no control characters",
        )),
        (_, named) => Ok(named),
    }
}

/// Whether an owner can have this name: the rule of the sender, whose answer speaks of a message.
fn is_owner(name: &str) -> bool {
    (1..=256).contains(&name.len()) && !name.chars().any(char::is_control)
}

async fn path(parts: &mut Parts) -> Result<Vec<(String, String)>, Problem> {
    // What is not UTF-8 is the id of nothing.
    let path = RawPathParams::from_request_parts(parts, &())
        .await
        .map_err(|_| Problem::not_found())?;
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    Ok(path.iter().map(owned).collect())
}

async fn read(body: axum::body::Body, limit: usize) -> Result<Bytes, Problem> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            let detail = format!("the body has more than {limit} bytes");
            Err(Problem::new(Kind::TooLarge, detail))
        }
        Err(_) => Err(Problem::new(Kind::InvalidBody, "the body broke off")),
    }
}

/// How many segments a path has.
fn depth_of(path: &str) -> usize {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .count()
}
