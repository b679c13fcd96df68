//! Puts a document together: title, routes, merged documents and webhooks.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Map, Value};

use super::findings::Findings;
use super::info::{Contact, ExternalDocumentation, Info, License, SecurityScheme, Server, Tag};
use super::merge;
use super::read::read_json;
use super::version::OpenApiVersion;
use crate::catalogue::Catalogue;
use crate::delivery_terms::DeliveryTerms;
use crate::descriptor::{Operation, Security};

/// A document that can be merged: anything that serde writes as the JSON of an OpenAPI document.
///
/// Implemented for all such types; there is nothing to implement by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a document that can be merged",
    label = "not a document",
    note = "a type with `#[derive(utoipa::OpenApi)]` has a document: `.merge(ApiDoc::openapi())`",
    note = "aide's `OpenApi`, `openapiv3::OpenAPI` and `serde_json::Value` are documents; for JSON text there is `merge_json`"
)]
pub trait MergeSource: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> MergeSource for T {}

/// The webhooks of a document: a [`Catalogue`].
///
/// A trait and not the type alone, so that a list that was not built is answered with what to do.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a catalogue of webhooks",
    label = "not a catalogue",
    note = "a list becomes a catalogue when it is built and checked: `.webhooks(Webhooks::new().with(..).build()?)`",
    note = "`Webhooks::collect()?` is the catalogue of everything in the binary"
)]
pub trait CatalogueSource {
    #[doc(hidden)]
    fn into_catalogue(self) -> Catalogue;
}

impl CatalogueSource for Catalogue {
    fn into_catalogue(self) -> Catalogue {
        self
    }
}

/// An OpenAPI 3.1 document in the making.
///
/// ```
/// use webhooks_core::{OpenApi, Webhooks, openapi::Operation, whpost};
///
/// #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
/// struct Payment {
///     amount: f64,
/// }
///
/// /// Sent as soon as the bank has confirmed a payment.
/// #[whpost("payment.created")]
/// async fn payment_created(data: Payment);
///
/// let document = OpenApi::new("Payments", "1.0.0")
///     .path("/create", Operation::post().body::<Payment>().summary("Create a payment"))
///     .webhooks(Webhooks::new().with(payment_created).build()?)
///     .build()?;
/// let json = document.to_value();
/// assert_eq!(
///     json["webhooks"]["payment.created"]["post"]["description"],
///     "Sent as soon as the bank has confirmed a payment.",
/// );
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug)]
#[must_use = "a document is written by `build`, `to_json` or `router`"]
pub struct OpenApi {
    pub(super) version: Option<OpenApiVersion>,
    pub(super) info: Info,
    pub(super) servers: Vec<Server>,
    pub(super) tags: Vec<Tag>,
    pub(super) external_docs: Option<ExternalDocumentation>,
    pub(super) routes: Vec<(String, Operation)>,
    pub(super) security: Option<Vec<Security>>,
    pub(super) security_schemes: IndexMap<String, SecurityScheme>,
    pub(super) merged: Map<String, Value>,
    pub(super) catalogues: Vec<Catalogue>,
    pub(super) findings: Findings,
    pub(super) strict: bool,
    pub(super) shows_hidden: bool,
}

impl OpenApi {
    /// A document with this title and version, which win over those of merged documents.
    pub fn new(title: impl Into<String>, version: impl Into<String>) -> Self {
        Self::with_info(Info::new(title, version))
    }

    /// A document with everything that its Info Object says.
    pub fn with_info(info: Info) -> Self {
        Self {
            version: None,
            info,
            servers: Vec::new(),
            tags: Vec::new(),
            external_docs: None,
            routes: Vec::new(),
            security: None,
            security_schemes: IndexMap::new(),
            merged: Map::new(),
            catalogues: Vec::new(),
            findings: Findings::default(),
            strict: false,
            shows_hidden: false,
        }
    }

    /// The version of OpenAPI in which the document is written.
    ///
    /// Without this it is 3.1.0, or 3.2.0 where a merged document is 3.2. The method QUERY needs 3.2.
    ///
    /// ```
    /// use webhooks_core::{OpenApi, openapi::OpenApiVersion};
    ///
    /// let document = OpenApi::new("Payments", "1.0.0").version(OpenApiVersion::V3_2).build()?;
    /// assert!(document.to_json().starts_with("{\n  \"openapi\": \"3.2.0\""));
    /// # Ok::<(), webhooks_core::BuildError>(())
    /// ```
    pub fn version(mut self, version: OpenApiVersion) -> Self {
        self.version = Some(version);
        self
    }

    /// A short summary of the API.
    pub fn summary(mut self, summary: impl Into<String>) -> Self {
        self.info.summary = Some(summary.into());
        self
    }

    /// A description of the API, in Markdown.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.info.description = Some(description.into());
        self
    }

    /// Whom to ask about the API.
    pub fn contact(mut self, contact: Contact) -> Self {
        self.info.contact = Some(contact);
        self
    }

    /// The licence of the API.
    pub fn license(mut self, license: License) -> Self {
        self.info.license = Some(license);
        self
    }

    /// Adds a server of the app's own routes.
    pub fn server(mut self, server: Server) -> Self {
        self.servers.push(server);
        self
    }

    /// Declares a tag with what it means; the order of declaration is the order on the page. Tags that are not declared follow:
    /// those of webhooks first, then those that only merged documents and routes have.
    pub fn tag(mut self, tag: Tag) -> Self {
        self.tags.push(tag);
        self
    }

    /// Where to read more.
    pub fn external_docs(mut self, docs: ExternalDocumentation) -> Self {
        self.external_docs = Some(docs);
        self
    }

    /// Declares a security scheme under the name by which operations refer to it.
    pub fn security_scheme(mut self, name: impl Into<String>, scheme: SecurityScheme) -> Self {
        self.security_schemes.insert(name.into(), scheme);
        self
    }

    /// Which security schemes protect the routes, as alternatives. Webhooks are not concerned.
    pub fn security(mut self, alternatives: impl IntoIterator<Item = Security>) -> Self {
        self.security.get_or_insert_default().extend(alternatives);
        self
    }

    /// Adds a route of the app.
    pub fn path(mut self, path: impl Into<String>, operation: Operation) -> Self {
        self.routes.push((path.into(), operation));
        self
    }

    /// Adds a document that the app already has, by its JSON: of utoipa, of aide, of `openapiv3`, written by hand.
    ///
    /// Nothing of it is lost. Equal things are shared, and so is a type that another derive describes (`ToSchema` and
    /// `JsonSchema` on one struct): what the merged document says of it stays. Texts, examples and the width of numbers
    /// may differ there, and a nullable property need not be required; see [`Document::warnings`](crate::Document::warnings) for a type of the
    /// same name that differs otherwise: it is kept, and that of the webhooks is renamed. Other clashes are errors of
    /// [`build`](Self::build). A document of OpenAPI 3.0 is [upgraded](crate::openapi::upgrade) first.
    ///
    /// What the merged document says of security for all its operations stays; where it meets another rule for all,
    /// each operation gets its own.
    ///
    /// ```
    /// use webhooks_core::OpenApi;
    ///
    /// let mine = serde_json::json!({
    ///     "openapi": "3.1.0",
    ///     "info": { "title": "Mine", "version": "0" },
    ///     "paths": { "/users": {} },
    ///     "x-internal": true,
    /// });
    /// let document = OpenApi::new("Payments", "1.0.0").merge(&mine).build()?;
    /// assert_eq!(document.to_value()["x-internal"], true);
    /// # Ok::<(), webhooks_core::BuildError>(())
    /// ```
    pub fn merge(mut self, document: impl MergeSource) -> Self {
        match serde_json::to_value(document) {
            Ok(value) => self.merge_value(value),
            Err(error) => {
                let problem = "the document to merge cannot be written as JSON";
                self.findings.problem_of(problem, error);
                self
            }
        }
    }

    fn merge_value(mut self, document: Value) -> Self {
        match merge::read(document) {
            Ok(members) => merge::join(&mut self.merged, members, &mut self.findings),
            Err(problem) => self.findings.problem(problem),
        }
        self
    }

    /// Adds a document that the app already has as JSON text, and refuses keys that stand there twice.
    ///
    /// ```
    /// use webhooks_core::OpenApi;
    ///
    /// let text = r#"{ "openapi": "3.1.0", "paths": { "/users": {}, "/users": {} } }"#;
    /// let problem = OpenApi::new("Payments", "1.0.0").merge_json(text).build().unwrap_err();
    /// assert!(problem.to_string().starts_with("#/paths/~1users"));
    /// ```
    pub fn merge_json(mut self, text: &str) -> Self {
        match read_json(text) {
            Ok(document) => self.merge_value(document),
            Err(error) => {
                self.findings.unread(error);
                self
            }
        }
    }

    /// Adds the webhooks of a catalogue.
    ///
    /// A list of webhooks becomes a catalogue when it is built: `.webhooks(Webhooks::new().with(..).build()?)`.
    pub fn webhooks(mut self, catalogue: impl CatalogueSource) -> Self {
        self.catalogues.push(catalogue.into_catalogue());
        self
    }

    /// Shows all webhooks, also those that were [left out](crate::WebhookGateway::include_in_schema), as the operational ones of a
    /// sender are: in a document that only your own people read.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, OpenApi, Webhooks};
    ///
    /// static ALARM: Descriptor = Descriptor::post("alarm").include_in_schema(false);
    ///
    /// let catalogue = Webhooks::new().with(&ALARM).build()?;
    /// let customers = OpenApi::new("Shop", "1.0.0").webhooks(catalogue.clone()).to_json()?;
    /// let operators = OpenApi::new("Shop", "1.0.0").webhooks(catalogue).with_hidden().to_json()?;
    /// assert!(!customers.contains("alarm") && operators.contains("alarm"));
    /// # Ok::<(), webhooks_core::BuildError>(())
    /// ```
    pub fn with_hidden(mut self) -> Self {
        self.shows_hidden = true;
        self
    }

    /// Says how messages are delivered; the sender of this toolkit makes the terms from its settings.
    ///
    /// They are the member `x-webhook-delivery` of the document, and a section of the documentation page.
    #[expect(clippy::needless_pass_by_value, reason = "a builder takes its parts")]
    pub fn delivery(self, terms: DeliveryTerms) -> Self {
        self.merge(serde_json::json!({ "openapi": "3.1.0", "x-webhook-delivery": terms }))
    }

    /// Makes every [warning](crate::Document::warnings) an error.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }
}
