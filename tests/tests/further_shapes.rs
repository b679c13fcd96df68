//! Types of the standard library and rarer ways of serde: what is sent of them fits its document.

#[path = "shapes/fits.rs"]
mod fits;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet, LinkedList};
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::{NonZeroI64, NonZeroU8, Wrapping};
use std::ops::Bound;
use std::path::PathBuf;
use std::sync::atomic::AtomicU32;
use std::sync::{Mutex, RwLock};
use std::time::{Duration, UNIX_EPOCH};

use fits::fits;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema, Clone, Default)]
struct Inner {
    a: u8,
}

/// A struct with a tag of its own.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename = "tagged")]
struct TaggedStruct {
    a: u8,
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "t", rename_all = "kebab-case", rename_all_fields = "camelCase")]
enum Renamed {
    FirstOne {
        some_field: u8,
    },
    OfAMap(BTreeMap<String, u8>),
    OfATagged(TaggedStruct),
    #[serde(rename = "third/one")]
    Third,
    #[expect(dead_code, reason = "it is skipped")]
    #[serde(skip)]
    Skipped(PhantomData<u8>),
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum Either<L, R> {
    Left(L),
    Right(R),
    Neither,
}

#[derive(Serialize, JsonSchema)]
struct Many<T> {
    #[serde(flatten)]
    first: Option<Inner>,
    #[serde(flatten)]
    tagged: Renamed,
    #[serde(flatten)]
    rest: HashMap<String, T>,
}

#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Closed {
    #[serde(rename = "$ref")]
    reference: &'static str,
    #[serde(rename = "")]
    empty: u8,
    #[serde(rename = "a/b~c")]
    pointer: u8,
    #[serde(rename = "Größe")]
    size: u8,
    #[serde(skip_serializing)]
    #[expect(dead_code, reason = "it is skipped")]
    hidden: u8,
}

#[derive(Serialize, JsonSchema)]
struct Fixed<T, const N: usize> {
    #[serde(bound(serialize = "T: Serialize"))]
    list: Vec<T>,
    #[serde(skip)]
    length: PhantomData<[u8; N]>,
}

#[derive(Serialize, JsonSchema)]
struct Attributes {
    #[schemars(with = "String")]
    #[serde(serialize_with = "in_hex")]
    bytes: Vec<u8>,
    #[serde(with = "as_seconds")]
    #[schemars(with = "u64")]
    time: Duration,
    #[schemars(range(min = 1, max = 10), extend("x-unit" = "ms"))]
    number: u8,
    #[schemars(length(max = 5), regex(pattern = "^[a-z]+$"))]
    text: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    list: Vec<u8>,
}

fn in_hex<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    let text: String = bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0'))
        .collect();
    serializer.serialize_str(&text)
}

mod as_seconds {
    use std::time::Duration;

    pub(super) fn serialize<S: serde::Serializer>(
        time: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(time.as_secs())
    }
}

#[test]
fn a_body_of_a_type_of_the_standard_library_fits_its_document() {
    let inner = Inner::default;
    let results = [
        ("a time", fits(&UNIX_EPOCH)),
        ("a time before 1970", fits(&Duration::MAX)),
        ("an address", fits(&IpAddr::V4(Ipv4Addr::LOCALHOST))),
        ("an address of version 6", fits(&Ipv6Addr::LOCALHOST)),
        ("a socket", fits(&SocketAddr::from(([127, 0, 0, 1], 80)))),
        ("a path", fits(&PathBuf::from("/a/ä"))),
        ("not zero", fits(&NonZeroU8::MIN)),
        ("not zero and negative", fits(&NonZeroI64::MIN)),
        ("an optional one that is not zero", fits(&None::<NonZeroU8>)),
        ("wrapping", fits(&Wrapping(255_u8))),
        ("a range", fits(&(1..5))),
        ("a range with its end", fits(&(1..=5))),
        (
            "a bound",
            fits(&[Bound::Included(1), Bound::Excluded(2), Bound::Unbounded]),
        ),
        ("a boxed list", fits(&vec![1_u8].into_boxed_slice())),
        ("a linked list", fits(&LinkedList::from([1_u8]))),
        ("a heap", fits(&BinaryHeap::from([1_u8, 2]))),
        ("an unordered set", fits(&HashSet::from([1_u8]))),
        ("no elements at all", fits(&[0_u8; 0])),
        ("32 elements", fits(&[0_u8; 32])),
        ("nothing but a type", fits(&PhantomData::<u8>)),
        ("cells", fits(&(Cell::new(1_u8), RefCell::new(inner())))),
        ("locks", fits(&(Mutex::new(1_u8), RwLock::new(inner())))),
        ("an atomic", fits(&AtomicU32::new(7))),
        (
            "the largest numbers",
            fits(&(u64::MAX, i64::MIN, u128::MAX, i128::MIN)),
        ),
        (
            "floats at the border",
            fits(&(f64::MAX, f64::MIN_POSITIVE, -0.0_f64, f32::MAX)),
        ),
        ("characters", fits(&['\0', '\u{10ffff}', '"', '\\'])),
        ("units in a list", fits(&vec![(), ()])),
        (
            "options in a list",
            fits(&vec![None, Some(Some(1_u8)), Some(None)]),
        ),
        ("a number of JSON", fits(&serde_json::Number::from(7))),
        ("an empty map", fits(&BTreeMap::<String, Inner>::new())),
        (
            "a map of the largest keys",
            fits(&BTreeMap::from([(u64::MAX, 1), (0, 2)])),
        ),
    ];
    assert_all(&results);
}

#[test]
fn a_body_in_a_rarer_way_of_serde_fits_its_document() {
    let first = || Renamed::FirstOne { some_field: 1 };
    let rest = || HashMap::from([("further".to_owned(), 1_u8)]);
    let results = [
        ("a struct with a tag", fits(&TaggedStruct { a: 1 })),
        ("renamed fields of a variant", fits(&first())),
        (
            "a tagged map",
            fits(&Renamed::OfAMap(BTreeMap::from([("x".to_owned(), 1)]))),
        ),
        (
            "a tag in a tag",
            fits(&Renamed::OfATagged(TaggedStruct { a: 1 })),
        ),
        ("a renamed variant", fits(&Renamed::Third)),
        ("the left", fits(&Either::<u8, String>::Left(1))),
        (
            "the right",
            fits(&Either::<u8, Inner>::Right(Inner::default())),
        ),
        ("neither", fits(&Either::<u8, String>::Neither)),
        (
            "an untagged option",
            fits(&Either::<Option<u8>, String>::Left(None)),
        ),
        (
            "three flattened",
            fits(&Many {
                first: Some(Inner::default()),
                tagged: first(),
                rest: rest(),
            }),
        ),
        (
            "a flattened none",
            fits(&Many {
                first: None,
                tagged: Renamed::Third,
                rest: rest(),
            }),
        ),
        (
            "odd names",
            fits(&Closed {
                reference: "#/components/schemas/Nothing",
                empty: 1,
                pointer: 2,
                size: 3,
                hidden: 4,
            }),
        ),
        (
            "a number as a parameter",
            fits(&Fixed::<u8, 3> {
                list: vec![1],
                length: PhantomData,
            }),
        ),
        (
            "attributes of schemars",
            fits(&Attributes {
                bytes: vec![0, 255],
                time: Duration::from_secs(5),
                number: 10,
                text: "abc",
                list: Vec::new(),
            }),
        ),
    ];
    assert_all(&results);
}

#[track_caller]
fn assert_all(results: &[(&str, Result<(), String>)]) {
    let misfits: Vec<_> = results
        .iter()
        .filter_map(|(shape, result)| Some((shape, result.as_ref().err()?)))
        .collect();
    assert!(misfits.is_empty(), "{misfits:#?}");
}
