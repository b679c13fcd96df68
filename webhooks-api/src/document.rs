//! The API's own OpenAPI document, made from the table of operations.

use webhooks_core::Parameter;
use webhooks_core::openapi::{Server, Tag};
use webhooks_core::{BuildError, OpenApi, openapi};

use crate::describe::PROBLEM;
use crate::operation::{Audience, Operation};
use crate::problem::ProblemDocument;
use crate::routes::{OPERATIONS, open};

/// The OpenAPI document of the API mounted at this path, `/webhooks` say: to be merged into the application's own. It
/// needs no sender, so a program can print it without a database.
///
/// ```
/// use webhooks_core::OpenApi;
///
/// let docs = OpenApi::new("Payments", "1.0.0").merge_json(&webhooks_api::document("/webhooks")?);
/// assert!(docs.to_json()?.contains("/webhooks/subscriptions/{id}"));
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
///
/// # Errors
///
/// When the document cannot be built, which this crate's tests rule out.
pub fn document(mounted_at: &str) -> Result<String, BuildError> {
    describe(titled(Readers::All), mounted_at, Readers::All).to_json()
}

/// As [`document`], without what is for the people who run the service: for the document that customers read.
///
/// ```
/// use webhooks_core::OpenApi;
///
/// let api = webhooks_api::customer_document("/webhooks")?;
/// let docs = OpenApi::new("Payments", "1.0.0").merge_json(&api).to_json()?;
/// assert!(docs.contains("/webhooks/subscriptions/{id}") && !docs.contains("/webhooks/processes"));
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
///
/// # Errors
///
/// As [`document`].
pub fn customer_document(mounted_at: &str) -> Result<String, BuildError> {
    let readers = Readers::Customers;
    describe(titled(readers), mounted_at, readers).to_json()
}

/// The document that the API serves itself: its paths are relative to where it is mounted.
pub(crate) fn own() -> Result<String, BuildError> {
    let openapi = titled(Readers::All).server(Server::new("."));
    describe(openapi, "", Readers::All).to_json()
}

/// Who reads a document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Readers {
    /// Customers, and the people who run the service.
    All,
    Customers,
}

impl Readers {
    fn need(self, operation: &Operation) -> bool {
        self == Self::All || operation.audience == Audience::Customers
    }
}

fn titled(readers: Readers) -> OpenApi {
    let openapi = OpenApi::new("Webhooks", env!("CARGO_PKG_VERSION"));
    let tags = TAGS.iter();
    tags.filter(|(tag, _)| readers == Readers::All || *tag != OPERATIONS_TAG)
        .fold(openapi, |openapi, &(tag, description)| {
            openapi.tag(Tag::new(tag).description(description))
        })
}

/// What only the people who run the service call.
const OPERATIONS_TAG: &str = "operations";

const TAGS: [(&str, &str); 9] = [
    ("events", "What can happen, and be subscribed to."),
    ("subscriptions", "Which events go where."),
    ("messages", "What has happened."),
    (
        "deliveries",
        "Messages on their way to a subscription, attempt by attempt.",
    ),
    (
        "jobs",
        "Work over many deliveries or messages, in the background.",
    ),
    ("hooks", "Subscriptions in the words of REST Hooks."),
    ("audit", "Who changed what."),
    (OPERATIONS_TAG, "For the people who run the service."),
    ("open", "What every caller may see."),
];

/// Adds the operations for those who read it, on paths below this one.
fn describe(mut openapi: OpenApi, mounted_at: &str, readers: Readers) -> OpenApi {
    let base = mounted_at.trim_end_matches('/');
    let operations = OPERATIONS.iter();
    for operation in operations.filter(|operation| readers.need(operation)) {
        let described = describe_one(operation, readers);
        openapi = openapi.path(format!("{base}{}", operation.path), described);
    }
    open::describe(openapi, base)
}

fn describe_one(operation: &Operation, readers: Readers) -> openapi::Operation {
    let described = openapi::Operation::new(operation.method).operation_id(operation_id(operation));
    let mut described = (operation.describe)(described);
    if operation.audience != Audience::Service && readers == Readers::All {
        described = described.parameter(
            Parameter::query::<str>("owner")
                .optional()
                .description("For the people who run the service: whose things are meant."),
        );
    }
    described
        .response_as::<ProblemDocument>(400, "The request cannot be understood.", PROBLEM)
        .response_as::<ProblemDocument>(401, "The request does not say who asks.", PROBLEM)
        .response_as::<ProblemDocument>(403, "The caller may not do this.", PROBLEM)
        .response_as::<ProblemDocument>(
            404,
            "There is no such thing, or it is another owner's.",
            PROBLEM,
        )
        .response_as::<ProblemDocument>(503, "The service cannot answer now.", PROBLEM)
}

/// `list_subscriptions`, `show_subscription_attempts`: the method and the words of the path.
fn operation_id(operation: &Operation) -> String {
    let words: Vec<_> = operation
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| part.trim_matches(['{', '}']).replace('-', "_"))
        .collect();
    format!(
        "webhooks_{}_{}",
        operation.method.as_str().to_lowercase(),
        words.join("_")
    )
}
