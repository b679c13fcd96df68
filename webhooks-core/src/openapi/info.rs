//! The parts of a document that are said once: title, servers, tags, security schemes.

use serde::Serialize;
use serde_json::{Map, Value};

/// Title, version and description of an API: the Info Object (OpenAPI 3.1, section 4.8.2).
///
/// ```
/// use webhooks_core::{OpenApi, openapi::{Info, License}};
///
/// let mut info = Info::new("Payments", "1.0.0");
/// info.license = Some(License::spdx("MIT"));
/// let document = OpenApi::with_info(info).build()?.to_value();
/// assert_eq!(document["info"]["license"]["identifier"], "MIT");
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Info {
    /// The title of the API.
    pub title: String,
    /// A short summary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// A description, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A link to the terms of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms_of_service: Option<String>,
    /// Whom to ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Under which licence the API can be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<License>,
    /// The version of the API, not of OpenAPI.
    pub version: String,
    /// Other members, such as extensions.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Info {
    /// Title and version, which every document has.
    pub fn new(title: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            summary: None,
            description: None,
            terms_of_service: None,
            contact: None,
            license: None,
            version: version.into(),
            extra: Map::new(),
        }
    }
}

/// Whom to ask about the API.
///
/// ```
/// use webhooks_core::openapi::Contact;
///
/// let contact = Contact { name: Some("Support".to_owned()), ..Contact::default() };
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Contact {
    /// A person or an organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where to read more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Where to write to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Other members, such as extensions.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The licence of the API.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct License {
    /// The name of the licence.
    pub name: String,
    /// Its SPDX identifier; excludes `url`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Where its text is; excludes `identifier`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Other members, such as extensions.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl License {
    /// A licence by its SPDX identifier, such as `MIT`.
    pub fn spdx(identifier: impl Into<String>) -> Self {
        let identifier = identifier.into();
        Self {
            name: identifier.clone(),
            identifier: Some(identifier),
            url: None,
            extra: Map::new(),
        }
    }

    /// A licence by its name and the place of its text.
    pub fn at(name: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            identifier: None,
            url: Some(url.into()),
            extra: Map::new(),
        }
    }
}

/// Where the API is served. Webhooks have no server of their own: their URL is the subscriber's.
///
/// ```
/// use webhooks_core::{OpenApi, openapi::Server};
///
/// let server = Server::new("https://api.acme.test").description("For real.");
/// let document = OpenApi::new("Payments", "1.0.0").server(server).build()?.to_value();
/// assert_eq!(document["servers"][0]["url"], "https://api.acme.test");
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Server {
    /// The URL.
    pub url: String,
    /// What the server is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Other members, such as `variables`.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Server {
    /// A server at this URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            description: None,
            extra: Map::new(),
        }
    }

    /// What the server is for.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

/// A tag with what it means. Tags that are used but not declared are declared without words.
///
/// ```
/// use webhooks_core::{OpenApi, openapi::Tag};
///
/// let tag = Tag::new("payments").description("Money that comes **in**.");
/// let document = OpenApi::new("Payments", "1.0.0").tag(tag).build()?.to_value();
/// assert_eq!(document["tags"][0]["name"], "payments");
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Tag {
    /// The tag.
    pub name: String,
    /// What it means, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where to read more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_docs: Option<ExternalDocumentation>,
    /// Other members.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Tag {
    /// A tag of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: None,
            external_docs: None,
            extra: Map::new(),
        }
    }

    /// What the tag means, in Markdown.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

/// A link to more documentation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ExternalDocumentation {
    /// Where it is.
    pub url: String,
    /// What is to be found there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Other members.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl ExternalDocumentation {
    /// A link to this URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            description: None,
            extra: Map::new(),
        }
    }

    /// What is to be found there.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

/// How requests are protected: the Security Scheme Object (OpenAPI 3.1, section 4.8.27), kept as JSON.
///
/// ```
/// use webhooks_core::openapi::SecurityScheme;
///
/// let scheme = SecurityScheme::http("bearer").description("The token from your dashboard.");
/// assert_eq!(serde_json::to_value(scheme)?["scheme"], "bearer");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct SecurityScheme(Map<String, Value>);

impl SecurityScheme {
    /// HTTP authentication with this scheme, such as `bearer` or `basic`.
    pub fn http(scheme: impl Into<String>) -> Self {
        Self::of("http").with("scheme", scheme.into())
    }

    /// A key in this header.
    pub fn api_key_header(name: impl Into<String>) -> Self {
        Self::of("apiKey")
            .with("name", name.into())
            .with("in", "header")
    }

    /// OAuth 2 with these flows (an OAuth Flows Object).
    pub fn oauth2(flows: Value) -> Self {
        Self::of("oauth2").with("flows", flows)
    }

    /// OpenID Connect, discovered at this URL.
    pub fn open_id_connect(url: impl Into<String>) -> Self {
        Self::of("openIdConnect").with("openIdConnectUrl", url.into())
    }

    /// A client certificate.
    pub fn mutual_tls() -> Self {
        Self::of("mutualTLS")
    }

    /// How to use the scheme, in Markdown.
    pub fn description(self, description: impl Into<String>) -> Self {
        self.with("description", description.into())
    }

    /// Sets any other member.
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.0.insert(member.to_owned(), value.into());
        self
    }

    /// The object as it is in a document, such as `{ "type": "http", "scheme": "bearer" }`.
    pub fn from_members(members: Map<String, Value>) -> Self {
        Self(members)
    }

    fn of(kind: &str) -> Self {
        Self(Map::new()).with("type", kind)
    }
}
