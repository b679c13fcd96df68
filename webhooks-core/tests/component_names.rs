//! The names of component schemas over the life of a catalogue: a name that means a type never comes to mean another.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use webhooks_core::{Descriptor, Document, OpenApi, Warning, Webhooks};

macro_rules! namesakes {
    ($($module:ident $field:ident;)*) => {
        $(
            mod $module {
                #[derive(serde::Serialize, schemars::JsonSchema)]
                pub(crate) struct Status {
                    pub(crate) $field: u8,
                }

                /// Holds a namesake deeper inside.
                #[derive(serde::Serialize, schemars::JsonSchema)]
                pub(crate) struct Report {
                    pub(crate) status: Status,
                }
            }
        )*
    };
}

namesakes! {
    billing paid;
    account open;
    shipping sent;
}

#[derive(Serialize, JsonSchema)]
struct Order {
    id: u32,
}

#[derive(Serialize, JsonSchema)]
struct Customer {
    name: String,
}

#[derive(Serialize, JsonSchema)]
struct Changed<T> {
    to: T,
}

/// A payload that is written out where it stands, so that its schema is named after the event.
type Orders = Vec<Order>;

macro_rules! webhooks {
    ($($name:ident $event:literal $payload:ty;)*) => {
        $(
            static $name: Descriptor = Descriptor::post($event)
                .payload::<$payload>()
                .operation_id(stringify!($name));
        )*
        const ALL: &[&Descriptor] = &[$(&$name,)*];
    };
}

webhooks! {
    ORDER_CHANGED "order.changed" Changed<Order>;
    CUSTOMER_CHANGED "customer.changed" Changed<Customer>;
    BOTH_CHANGED "both.changed" Changed<Changed<Order>>;
    ORDERS_CHANGED "orders.changed" Changed<Orders>;
    BILLING "z.billing" billing::Status;
    ACCOUNT "a.account" account::Status;
    SHIPPING "m.shipping" shipping::Status;
    BILLING_REPORT "billing.report" billing::Report;
    ACCOUNT_REPORT "account.report" account::Report;
    ORDER_MADE "order.made" Order;
    ORDERS_LISTED "orders.listed" Orders;
    ORDERS_LISTED_AGAIN "orders-listed" Vec<Customer>;
    STATUS_CHANGED "status.changed" Changed<billing::Status>;
    OTHER_STATUS_CHANGED "other.changed" Changed<shipping::Status>;
    // Renamed webhooks: the same payloads under other events.
    RENAMED "0.renamed" Changed<Customer>;
    RENAMED_REPORT "zz.renamed" billing::Report;
}

fn document(webhooks: &[&'static Descriptor]) -> Document {
    let list = webhooks
        .iter()
        .fold(Webhooks::new(), |list, one| list.with(*one));
    let catalogue = list.build().expect("events differ");
    OpenApi::new("Shop", "1")
        .webhooks(catalogue)
        .build()
        .expect("a document")
}

fn schemas(document: &Document) -> BTreeMap<String, Value> {
    let value = document.to_value();
    let schemas = value["components"]["schemas"].as_object().cloned();
    schemas.unwrap_or_default().into_iter().collect()
}

fn payload(document: &Document, event: &str) -> String {
    let value = document.to_value();
    let body = &value["webhooks"][event]["post"]["requestBody"]["content"]["application/json"];
    let reference = body["schema"]["$ref"].as_str().expect("a reference");
    reference.rsplit('/').next().unwrap_or_default().to_owned()
}

/// A schema with all that it refers to written out: what a name means, whatever the names in it are.
fn meaning(schemas: &BTreeMap<String, Value>, schema: &Value) -> Value {
    match schema {
        Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let name = reference.rsplit('/').next().unwrap_or_default();
                meaning(schemas, &schemas[name])
            }
            None => members
                .iter()
                .map(|(key, value)| (key.clone(), meaning(schemas, value)))
                .collect(),
        },
        Value::Array(items) => items.iter().map(|item| meaning(schemas, item)).collect(),
        other => other.clone(),
    }
}

#[test]
fn generic_types_of_one_name_are_called_after_their_parameters() {
    let alone = document(&[&ORDER_CHANGED]);
    assert_eq!(payload(&alone, "order.changed"), "Changed");
    assert_eq!(alone.warnings(), []);
    let both = document(&[&ORDER_CHANGED, &CUSTOMER_CHANGED]);
    assert_eq!(payload(&both, "order.changed"), "ChangedOfOrder");
    assert_eq!(payload(&both, "customer.changed"), "ChangedOfCustomer");
    assert!(!schemas(&both).contains_key("Changed"), "the name is gone");
}

#[test]
fn namesakes_are_called_after_their_modules_also_inside_of_other_types() {
    let both = document(&[&BILLING_REPORT, &ACCOUNT]);
    assert_eq!(payload(&both, "a.account"), "account_Status");
    let report = &schemas(&both)["Report"];
    assert_eq!(
        report["properties"]["status"]["$ref"],
        "#/components/schemas/billing_Status"
    );
    let reports = document(&[&BILLING_REPORT, &ACCOUNT_REPORT]);
    assert_eq!(payload(&reports, "billing.report"), "billing_Report");
    assert_eq!(
        schemas(&reports)["account_Report"]["properties"]["status"]["$ref"],
        "#/components/schemas/account_Status"
    );
}

#[test]
fn a_warning_says_which_types_share_a_name_and_what_to_write() {
    let both = document(&[&BILLING, &ACCOUNT]);
    let expected = Warning::SchemaNameShared {
        name: "Status".to_owned(),
        types: vec![
            "component_names::account::Status".to_owned(),
            "component_names::billing::Status".to_owned(),
        ],
        names: vec!["account_Status".to_owned(), "billing_Status".to_owned()],
        attribute: "#[schemars(rename = \"AccountStatus\")]".to_owned(),
    };
    assert_eq!(both.warnings(), [expected]);
    let catalogue = Webhooks::new().with(&BILLING).with(&ACCOUNT).build();
    let strict = OpenApi::new("Shop", "1")
        .webhooks(catalogue.expect("webhooks"))
        .strict()
        .build();
    let problem = strict.expect_err("two types of one name").to_string();
    assert!(problem.contains("account_Status"), "{problem}");
    let generic = document(&[&ORDER_CHANGED, &CUSTOMER_CHANGED]);
    let text = generic.warnings()[0].to_string();
    assert!(
        text.contains("#[schemars(rename = \"ChangedOf{T}\")]"),
        "{text}"
    );
}

#[test]
fn schemas_that_are_named_after_events_are_told_apart_by_the_events() {
    let both = document(&[&ORDERS_LISTED, &ORDERS_LISTED_AGAIN]);
    assert_eq!(payload(&both, "orders.listed"), "orders.listed.Payload");
    assert_eq!(payload(&both, "orders-listed"), "orders-listed.Payload");
    assert_eq!(
        payload(&document(&[&ORDERS_LISTED]), "orders.listed"),
        "OrdersListedPayload"
    );
}

#[test]
fn a_type_that_differs_from_a_merged_one_is_called_after_its_module() {
    let theirs = json!({ "openapi": "3.1.0", "components": { "schemas": { "Status": { "type": "string" } } } });
    let catalogue = Webhooks::new().with(&BILLING).build().expect("webhooks");
    let document = OpenApi::new("Shop", "1")
        .merge(theirs)
        .webhooks(catalogue)
        .build();
    let document = document.expect("a document");
    assert_eq!(payload(&document, "z.billing"), "billing_Status");
    assert_eq!(schemas(&document)["Status"], json!({ "type": "string" }));
}

/// Adds, removes and reorders webhooks at random; a renamed one is removed and added under another event.
#[test]
fn no_edit_of_200_changes_what_a_name_means() {
    for seed in 1_u64..=10 {
        let mut state = seed;
        let mut random = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            usize::try_from(state >> 33).unwrap_or(0) % below
        };
        let mut present: Vec<&'static Descriptor> = Vec::new();
        let mut before: BTreeMap<String, Value> = BTreeMap::new();
        for edit in 0..200 {
            let chosen = ALL[random(ALL.len())];
            let found = present.iter().position(|one| one.name() == chosen.name());
            match (found, random(3)) {
                (Some(index), 0 | 1) => {
                    present.remove(index);
                }
                (Some(index), _) => {
                    let other = random(present.len());
                    present.swap(index, other);
                }
                (None, _) => present.push(chosen),
            }
            let schemas = schemas(&document(&present));
            let after: BTreeMap<String, Value> = schemas
                .iter()
                .map(|(name, schema)| (name.clone(), meaning(&schemas, schema)))
                .collect();
            for (name, meant) in &before {
                let means = after.get(name).unwrap_or(meant);
                assert_eq!(
                    means, meant,
                    "seed {seed}, edit {edit}: `{name}` has changed its meaning"
                );
            }
            before = after;
        }
    }
}

#[test]
fn the_types_are_used() {
    let _ = (
        Order { id: 1 },
        Customer {
            name: String::new(),
        },
        Changed { to: 1 },
    );
    let _ = (
        billing::Status { paid: 1 },
        account::Status { open: 1 },
        shipping::Status { sent: 1 },
    );
    let _ = billing::Report {
        status: billing::Status { paid: 1 },
    };
    let _ = account::Report {
        status: account::Status { open: 1 },
    };
    let _ = shipping::Report {
        status: shipping::Status { sent: 1 },
    };
}
