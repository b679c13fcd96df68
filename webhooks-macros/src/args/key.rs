//! The one table of keys: their names, where each may stand, and how each is written.

use crate::names::Attribute;

/// What an attribute sits on, as far as its arguments are concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    Function(Attribute),
    Method(Attribute),
    View,
}

impl Site {
    /// The attribute as it is written: `whpost`.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Function(attribute) | Self::Method(attribute) => attribute.name(),
            Self::View => "whview",
        }
    }
}

macro_rules! keys {
    ($($key:ident $name:literal on $place:ident takes $takes:literal as $example:literal;)*) => {
        /// A key of `key = value`.
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Key { $($key,)* }

        impl Key {
            const ALL: &[Self] = &[$(Self::$key,)*];

            /// The key as it is written.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$key => $name,)* }
            }

            /// What the value is, for messages.
            pub(crate) fn takes(self) -> &'static str {
                match self { $(Self::$key => $takes,)* }
            }

            /// How the argument is written, for messages.
            pub(crate) fn example(self) -> &'static str {
                match self { $(Self::$key => $example,)* }
            }

            fn sites(self) -> Sites {
                match self { $(Self::$key => Sites::$place,)* }
            }
        }
    };
}

/// Where a key may stand.
#[derive(Clone, Copy)]
enum Sites {
    Everywhere,
    /// On functions and methods.
    Webhook,
    /// On functions only: methods are registered with their view and have no type of their name.
    Function,
    /// On functions and views: the methods of a view are registered together.
    Registration,
    Route,
    View,
}

keys! {
    Methods "methods" on Route takes "a list of strings" as r#"methods = ["PUT", "POST"]"#;
    AnyName "any_name" on Webhook takes "nothing, or `true` or `false`" as "any_name";
    Summary "summary" on Everywhere takes "a string" as r#"summary = "Payment created""#;
    Description "description" on Everywhere takes "a string" as r#"description = "Sent when the bank has confirmed it.""#;
    Tags "tags" on Everywhere takes "a list of strings" as r#"tags = ["payments"]"#;
    OperationId "operation_id" on Webhook takes "a string" as r#"operation_id = "paymentCreated""#;
    Deprecated "deprecated" on Everywhere takes "nothing, or `true` or `false`" as "deprecated";
    ReplacedBy "replaced_by" on Webhook takes "a string" as r#"replaced_by = "payment.created.v2""#;
    Security "security" on Everywhere takes "a list of schemes, each alone or with a list of scopes" as r#"security = ["bearer", ("oauth", ["read"])]"#;
    Responses "responses" on Everywhere takes "a list of statuses with descriptions, perhaps with the type of a body" as r#"responses = [(410, "Ends the subscription.")]"#;
    ResponseDescription "response_description" on Webhook takes "a string" as r#"response_description = "Stored.""#;
    Status "status" on Webhook takes "a number or a range such as `\"2XX\"`" as "status = 202";
    ExternalDocs "external_docs" on Webhook takes "a URL, or a URL and a description" as r#"external_docs = ("https://example.com/guide", "The guide")"#;
    Examples "examples" on Webhook takes "a list of names with values, perhaps with a summary between them" as r#"examples = [("card", Payment { amount: 1 })]"#;
    Extensions "extensions" on Webhook takes "a list of names with values" as r#"extensions = [("x-internal", true)]"#;
    Extra "extra" on Webhook takes "a list of names with values" as r#"extra = [("servers", servers)]"#;
    Callbacks "callbacks" on Webhook takes "a list of names with an expression and an operation" as r#"callbacks = [("paid", "{$request.body#/url}", Operation::post())]"#;
    OptionalHeaders "optional_headers" on Webhook takes "a list of headers with descriptions" as r#"optional_headers = [("webhook-signature", "Where the subscription has a secret.")]"#;
    ContentType "content_type" on Webhook takes "a string literal" as r#"content_type = "text/csv""#;
    IncludeInSchema "include_in_schema" on Everywhere takes "`true` or `false`" as "include_in_schema = false";
    Register "register" on Registration takes "`true` or `false`" as "register = false";
    Marker "marker" on Function takes "the name of a type" as "marker = PaymentEvent";
    Prefix "prefix" on View takes "a string literal" as r#"prefix = "payment""#;
    More "more" on View takes "nothing, or `true` or `false`" as "more";
    Crate "crate" on Everywhere takes "a path without quotes" as "crate = ::my_crate::webhooks";
}

impl Key {
    /// The key of this name, whether or not it may stand here.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.name() == name)
    }

    pub(crate) fn is_flag(self) -> bool {
        matches!(
            self,
            Self::AnyName | Self::Deprecated | Self::IncludeInSchema | Self::Register | Self::More
        )
    }

    /// Why the key may not stand here, if so.
    pub(crate) fn misplaced(self, site: Site) -> Option<String> {
        let name = self.name();
        if self.fits(site) {
            return None;
        }
        let advice = match (self, site) {
            (Self::Methods, Site::View) => "it belongs on a method with `#[whroute]`".to_owned(),
            (Self::Methods, _) => format!(
                "`#[{}]` has the method in its name; use `#[whroute(\"..\", {})]` for several",
                site.attribute(),
                self.example()
            ),
            (Self::Register, _) => {
                "the methods of a view are registered together; write it on `#[whview]`".to_owned()
            }
            (Self::Marker, Site::Method(_)) => {
                "only functions have a type of their name".to_owned()
            }
            (Self::Prefix | Self::More, _) => "it belongs on `#[whview]`".to_owned(),
            _ => "it belongs on a function or method".to_owned(),
        };
        Some(format!(
            "`{name}` is not an argument of `#[{}]` here: {advice}",
            site.attribute()
        ))
    }

    fn fits(self, site: Site) -> bool {
        match self.sites() {
            Sites::Everywhere => true,
            Sites::Webhook => site != Site::View,
            Sites::Function => matches!(site, Site::Function(_)),
            Sites::Registration => !matches!(site, Site::Method(_)),
            Sites::Route => {
                matches!(
                    site,
                    Site::Function(Attribute::Route) | Site::Method(Attribute::Route)
                )
            }
            Sites::View => site == Site::View,
        }
    }
}

/// Says what can stand here instead of an unknown key.
pub(crate) fn unknown(name: &str, site: Site) -> String {
    let known: Vec<_> = Key::ALL.iter().filter(|key| key.fits(site)).collect();
    if let Some(near) = known.iter().find(|key| is_near(name, key.name())) {
        return format!(
            "unknown argument `{name}`; did you mean `{}`?",
            near.example()
        );
    }
    let names: Vec<_> = known
        .iter()
        .map(|key| format!("`{}`", key.name()))
        .collect();
    format!(
        "unknown argument `{name}`; expected one of {}",
        names.join(", ")
    )
}

/// Whether one is the other with a slip or two of the finger, or with another ending.
pub(crate) fn is_near(found: &str, known: &str) -> bool {
    let found = found.to_lowercase();
    let shorter = found.len().min(known.len());
    let same_start = shorter >= 3 && (found.starts_with(known) || known.starts_with(&found));
    same_start || distance(&found, known) <= if shorter < 6 { 1 } else { 2 }
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &b) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
