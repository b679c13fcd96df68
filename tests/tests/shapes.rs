//! What is sent fits its document: payloads of every shape, each validated against the document that describes it.

#[path = "shapes/fits.rs"]
mod fits;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use fits::fits;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize, JsonSchema, Clone)]
struct Inner {
    a: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    b: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Flat<T> {
    own: u8,
    #[serde(flatten)]
    rest: T,
}

#[derive(Serialize, JsonSchema)]
enum External {
    Unit,
    New(u8),
    Pair(u8, String),
    Named { a: u8 },
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind")]
enum Internal {
    Unit,
    Named { a: u8 },
    New(Inner),
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", content = "data")]
enum Adjacent {
    Unit,
    New(u8),
    Named { a: u8 },
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    Unit,
    New(u8),
    Named { a: u8 },
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Renamed {
    first_name: String,
    #[serde(rename = "LAST")]
    last_name: String,
    #[serde(skip)]
    #[expect(
        dead_code,
        reason = "it is not written, and that is what it is here for"
    )]
    hidden: u8,
    #[serde(default, alias = "x")]
    with_default: u8,
    nested: BTreeMap<String, Inner>,
}

#[derive(Serialize, JsonSchema, Default)]
struct Tree {
    children: Vec<Tree>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<Box<Tree>>,
}

#[derive(Serialize, JsonSchema)]
struct NewType(u32);

#[derive(Serialize, JsonSchema)]
#[serde(transparent)]
struct Transparent {
    inner: NewType,
}

#[derive(Serialize, JsonSchema)]
struct Tuple(u8, String);

#[derive(Serialize, JsonSchema)]
struct Unit;

#[derive(Serialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Hash, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Key {
    First,
    SecondOne,
}

#[derive(Serialize, JsonSchema, Clone)]
#[serde(into = "String")]
struct Into {
    text: &'static str,
}

impl From<Into> for String {
    fn from(into: Into) -> Self {
        into.text.to_owned()
    }
}

mod first {
    #[derive(serde::Serialize, schemars::JsonSchema)]
    pub(crate) struct Same {
        pub(crate) a: u8,
    }
}

mod second {
    #[derive(serde::Serialize, schemars::JsonSchema)]
    pub(crate) struct Same {
        pub(crate) b: String,
    }
}

#[derive(Serialize, JsonSchema)]
struct Borrowed<'a> {
    text: &'a str,
    cow: Cow<'a, str>,
    list: &'a [u8],
}

#[derive(Serialize, JsonSchema)]
struct Numbers {
    i8: i8,
    i64: i64,
    u64: u64,
    i128: i128,
    u128: u128,
    f32: f32,
    f64: f64,
}

const INNER: Inner = Inner { a: 1, b: None };

#[test]
#[expect(clippy::too_many_lines, reason = "a row a case")]
fn a_body_of_every_shape_fits_its_document() {
    let text = || "text".to_owned();
    let inner_with = Inner {
        a: 1,
        b: Some(text()),
    };
    let renamed = Renamed {
        first_name: text(),
        last_name: text(),
        hidden: 1,
        with_default: 0,
        nested: BTreeMap::from([(text(), INNER)]),
    };
    let tree = Tree {
        children: vec![Tree::default()],
        parent: Some(Box::new(Tree::default())),
    };
    let numbers = Numbers {
        i8: i8::MIN,
        i64: i64::MIN,
        u64: u64::MAX,
        i128: i128::MIN,
        u128: u128::MAX,
        f32: f32::MIN,
        f64: f64::MAX,
    };
    let map = |key: &str| BTreeMap::from([(key.to_owned(), 1_u8)]);
    let results = [
        ("a struct", fits(&INNER)),
        ("an optional field that is there", fits(&inner_with)),
        (
            "flatten of a struct",
            fits(&Flat {
                own: 1,
                rest: INNER,
            }),
        ),
        (
            "flatten of a map",
            fits(&Flat {
                own: 1,
                rest: map("x"),
            }),
        ),
        (
            "flatten of values",
            fits(&Flat {
                own: 1,
                rest: BTreeMap::from([("x", Value::Null)]),
            }),
        ),
        (
            "flatten of an option",
            fits(&Flat {
                own: 1,
                rest: Some(INNER),
            }),
        ),
        (
            "flatten of an absent option",
            fits(&Flat {
                own: 1,
                rest: None::<Inner>,
            }),
        ),
        (
            "flatten of external tags",
            fits(&Flat {
                own: 1,
                rest: External::New(1),
            }),
        ),
        (
            "flatten of internal tags",
            fits(&Flat {
                own: 1,
                rest: Internal::Named { a: 1 },
            }),
        ),
        (
            "flatten of adjacent tags",
            fits(&Flat {
                own: 1,
                rest: Adjacent::New(1),
            }),
        ),
        (
            "flatten of a flatten",
            fits(&Flat {
                own: 1,
                rest: Flat {
                    own: 2,
                    rest: map("y"),
                },
            }),
        ),
        ("a unit variant", fits(&External::Unit)),
        ("a variant of one", fits(&External::New(1))),
        ("a variant of two", fits(&External::Pair(1, text()))),
        ("a variant with names", fits(&External::Named { a: 1 })),
        ("internal, unit", fits(&Internal::Unit)),
        ("internal, named", fits(&Internal::Named { a: 1 })),
        ("internal, a struct", fits(&Internal::New(INNER))),
        ("adjacent, unit", fits(&Adjacent::Unit)),
        ("adjacent, of one", fits(&Adjacent::New(1))),
        ("adjacent, named", fits(&Adjacent::Named { a: 1 })),
        ("untagged, unit", fits(&Untagged::Unit)),
        ("untagged, of one", fits(&Untagged::New(1))),
        ("untagged, named", fits(&Untagged::Named { a: 1 })),
        ("renamed, skipped, default, nested", fits(&renamed)),
        ("recursion", fits(&tree)),
        ("a newtype", fits(&NewType(1))),
        ("transparent", fits(&Transparent { inner: NewType(1) })),
        ("a tuple struct", fits(&Tuple(1, text()))),
        ("a unit struct", fits(&Unit)),
        ("a tuple", fits(&(1_u8, text(), true))),
        ("the unit", fits(&())),
        ("an array", fits(&[1_u8, 2, 3])),
        ("a list", fits(&vec![INNER, INNER])),
        ("an empty list", fits(&Vec::<Inner>::new())),
        ("a queue", fits(&VecDeque::from([1_u8]))),
        ("a set", fits(&BTreeSet::from([1_u8, 2]))),
        ("an option that is there", fits(&Some(1_u8))),
        ("an option that is not", fits(&None::<Inner>)),
        ("an option of an option", fits(&Some(None::<u8>))),
        ("a map of texts", fits(&map("x"))),
        ("a map of integers", fits(&BTreeMap::from([(-1_i32, 1_u8)]))),
        ("a map of booleans", fits(&BTreeMap::from([(true, 1_u8)]))),
        ("a map of characters", fits(&BTreeMap::from([('x', 1_u8)]))),
        (
            "a map of an enum",
            fits(&HashMap::from([(Key::First, 1_u8), (Key::SecondOne, 2)])),
        ),
        ("a map of maps", fits(&BTreeMap::from([("x", map("y"))]))),
        (
            "any value",
            fits(&serde_json::json!({ "a": [1, null, { "b": true }] })),
        ),
        ("a result", fits(&Ok::<u8, String>(1))),
        ("a result that failed", fits(&Err::<u8, String>(text()))),
        (
            "borrowed",
            fits(&Borrowed {
                text: "a",
                cow: Cow::Borrowed("b"),
                list: &[1],
            }),
        ),
        (
            "boxed",
            fits(&(Box::new(1_u8), Cow::Borrowed("a"), Box::new(INNER))),
        ),
        (
            "namesakes",
            fits(&(first::Same { a: 1 }, second::Same { b: text() })),
        ),
        ("into a text", fits(&Into { text: "a" })),
        ("numbers of every size", fits(&numbers)),
        ("a character", fits(&'x')),
        ("a duration", fits(&std::time::Duration::new(1, 2))),
    ];
    assert_eq!(results.len(), 56);
    let misfits: Vec<_> = results
        .iter()
        .filter_map(|(shape, result)| Some((shape, result.as_ref().err()?)))
        .collect();
    assert!(misfits.is_empty(), "{misfits:#?}");
}

/// The compiler knows the type and not what this writes of it. A sender refuses such a message in a debug build, see
/// `payloads` in its suite.
#[test]
fn what_serialize_with_writes_is_held_against_the_schema() {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes fields by reference"
    )]
    fn as_text<S: serde::Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }
    #[derive(Serialize, JsonSchema)]
    struct Account {
        #[serde(serialize_with = "as_text")]
        id: u64,
    }
    assert!(
        fits(&BTreeMap::from([((1, 2), 3)])).is_err(),
        "keys are texts"
    );
    let misfit = fits(&Account { id: 1 }).expect_err("a text is not an integer");
    assert!(misfit.contains("is not of type \"integer\""), "{misfit}");
}
