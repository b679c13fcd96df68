//! The portal: settings, and the routes that are made of them.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodFilter, get, on};
use http::Method;
use webhooks_api::Authorize;
use webhooks_core::web::{DESIGN, PreparedResponse};
use webhooks_sender::Sender;
use webhooks_sender::database::Database;

use crate::brand::Brand;
use crate::endpoint::{Endpoint, no_such_page};
use crate::language::Language;
use crate::links::is_origin;
use crate::route::ROUTES;
use crate::session::Sessions;
use crate::site::Site;
use crate::source::Source;

const STYLE: &str = include_str!("assets/portal.css");
const SCRIPT: &str = include_str!("assets/portal.js");
const ICON: &str = include_str!("assets/icon.svg");

/// Pages over a sender: a portal for customers, a dashboard for operators.
///
/// Made of a sender and of the function that says who asks, the one of the [API](webhooks_api::Api): an
/// [`Access::owner`](webhooks_api::Access::owner) sees the portal of that owner, an
/// [`Access::operator`](webhooks_api::Access::operator) the dashboard. What the access does not allow has no button, and is
/// refused.
///
/// ```
/// use axum::Router;
/// use axum::http::{HeaderMap, StatusCode};
/// use webhooks_api::{Ability, Access};
/// use webhooks_portal::Portal;
/// use webhooks_sender::{Sender, Sqlite};
///
/// /// Any extractor can be an argument: the session, `State`, headers.
/// async fn access(headers: HeaderMap) -> Result<Access, StatusCode> {
///     let account = headers.get("x-account").and_then(|value| value.to_str().ok());
///     Ok(Access::owner(account.ok_or(StatusCode::UNAUTHORIZED)?).allow(Ability::CUSTOMER))
/// }
///
/// fn app(sender: &Sender<Sqlite>) -> Router {
///     Router::new().merge(Portal::new(sender, access).at("/portal"))
/// }
/// ```
#[must_use = "merge the routes that `at` gives"]
pub struct Portal<D: Database, F> {
    sender: Sender<D>,
    access: F,
    brand: Brand,
    language: Option<Language>,
    documentation: Option<String>,
    api: Option<String>,
    frame_ancestors: Vec<String>,
    has_links: bool,
    shows_payloads: bool,
}

impl<D: Database, F> Portal<D, F> {
    /// The pages of this sender, with a function that says who asks.
    pub fn new(sender: &Sender<D>, access: F) -> Self {
        Self {
            sender: sender.clone(),
            access,
            brand: Brand::default(),
            language: None,
            documentation: None,
            api: None,
            frame_ancestors: Vec::new(),
            has_links: false,
            shows_payloads: false,
        }
    }

    /// Whose pages they are: name, logo, colours.
    pub fn brand(mut self, brand: Brand) -> Self {
        self.brand = brand;
        self
    }

    /// Speaks this language to everyone; by default the one that each browser asks for.
    pub fn language(mut self, language: Language) -> Self {
        self.language = Some(language);
        self
    }

    /// Links to the documentation of the events: a URL, such as `/docs`.
    pub fn documentation(mut self, url: impl Into<String>) -> Self {
        self.documentation = Some(url.into());
        self
    }

    /// Tells customers where the API is, whose messages are fetched instead of sent: a URL, such as `/webhooks`.
    #[doc(alias = "poll")]
    pub fn api(mut self, url: impl Into<String>) -> Self {
        let url: String = url.into();
        self.api = Some(url.trim_end_matches('/').to_owned());
        self
    }

    /// Lets this site show the pages in a frame: an origin, such as `https://app.acme.test`. By default there is none.
    ///
    /// Cookies are then partitioned (`Partitioned; SameSite=None`), so that forms work where browsers block cookies of
    /// third parties.
    #[doc(alias = "iframe")]
    #[doc(alias = "frame-ancestors")]
    pub fn embed_in(mut self, origin: impl Into<String>) -> Self {
        self.frame_ancestors.push(origin.into());
        self
    }

    /// Lets [`Links`](crate::Links) open the portal, in addition to the function that says who asks: it is not asked for
    /// a visitor who has a session. Leave it out for the dashboard.
    pub fn open_by_links(mut self) -> Self {
        self.has_links = true;
        self
    }

    /// Shows operators payloads and answers, where their access allows it. By default these are hidden from them: they are
    /// the customers' data.
    #[doc(alias = "GDPR")]
    pub fn show_payloads(mut self) -> Self {
        self.shows_payloads = true;
        self
    }

    /// The routes, at this path: `/portal`, with or without a slash at its end, and everything below it. They are merged
    /// into the application's.
    ///
    /// What they are merged into can be nested anywhere, also twice and behind a proxy that cuts a prefix off: all links are
    /// relative. Name the path here all the same, rather than to axum's `nest`, which does not serve the address with a slash
    /// at its end. A proxy that cuts off the whole path tells it in `X-Forwarded-Prefix`.
    ///
    /// # Panics
    ///
    /// When the path does not begin with a slash, or an origin of [`embed_in`](Self::embed_in) cannot stand in a header, or is
    /// more than an origin.
    #[doc(alias = "router")]
    #[doc(alias = "nest")]
    #[doc(alias = "mount")]
    pub fn at<S, A>(&self, path: &str) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
        F: Authorize<S, A>,
        A: 'static,
    {
        for origin in &self.frame_ancestors {
            assert!(
                is_origin(origin),
                "`{origin}` is not an origin; write it as in `https://app.acme.test`"
            );
        }
        let site = self.site();
        let mut routes = self.assets(Router::new());
        let mut with_slash = None;
        for route in ROUTES {
            let filter = if route.method == Method::POST {
                MethodFilter::POST
            } else {
                MethodFilter::GET
            };
            let endpoint = Endpoint::new(Arc::clone(&site), self.access.clone(), route);
            if route.is_entrance() {
                with_slash = Some(on(filter, endpoint.clone()));
            }
            routes = routes.route(route.path, on(filter, endpoint));
        }
        let routes = routes.route("/{*rest}", no_such_page(&site, &self.access));
        let path = path.trim_end_matches('/');
        if path.is_empty() {
            return routes;
        }
        assert!(
            path.starts_with('/'),
            "`{path}` is not a path; write it as in `/portal`"
        );
        let mounted = Router::new().nest(path, routes);
        match with_slash {
            Some(entrance) => mounted.route(&format!("{path}/"), entrance),
            None => mounted,
        }
    }

    fn site(&self) -> Arc<Site> {
        let sender = self.sender.clone();
        let sessions: Box<dyn Sessions> = Box::new(self.sender.clone());
        Arc::new(Site {
            source: Source::new(&self.sender),
            brand: self.brand.clone(),
            language: self.language,
            documentation: self.documentation.clone(),
            api: self.api.clone(),
            frame_ancestors: self.frame_ancestors.clone(),
            sessions: self.has_links.then_some(sessions),
            knows_events: !self.sender.catalogue().is_empty(),
            shows_payloads: self.shows_payloads,
            sent_forms: crate::form_token::SentForms::default(),
            clock: Box::new(move || sender.now()),
        })
    }

    fn assets<S: Clone + Send + Sync + 'static>(&self, router: Router<S>) -> Router<S> {
        let style = format!("{DESIGN}{STYLE}{}", self.brand.style());
        let mut assets = vec![
            (
                "/assets/portal.css",
                PreparedResponse::new("text/css; charset=utf-8", style),
            ),
            (
                "/assets/portal.js",
                PreparedResponse::new("text/javascript; charset=utf-8", SCRIPT),
            ),
            (
                "/assets/icon.svg",
                PreparedResponse::new("image/svg+xml", ICON),
            ),
        ];
        if let Some(logo) = &self.brand.logo {
            // An SVG that is opened by itself could run scripts.
            let image = PreparedResponse::new(logo.content_type, logo.bytes)
                .policy("default-src 'none'; style-src 'unsafe-inline'; sandbox");
            assets.push(("/assets/logo", image));
        }
        assets.into_iter().fold(router, |router, (path, prepared)| {
            let prepared = Arc::new(prepared);
            router.route(
                path,
                get(async move |headers: http::HeaderMap| prepared.answer(&headers)),
            )
        })
    }
}

impl<D: Database, F> fmt::Debug for Portal<D, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Portal")
            .field("sender", &self.sender)
            .field("brand", &self.brand)
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}
