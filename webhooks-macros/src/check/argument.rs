//! Rules for the arguments of a webhook: one payload, and parameters that say what they are.

use quote::ToTokens;
use syn::{Attribute, FnArg, Ident, LitStr, Meta, Pat, PatType, Signature};

use super::{rules, type_syntax};
use crate::args::is_near;
use crate::docs::Docs;
use crate::errors::Errors;
use crate::model::{Argument, Parameter, ParameterLocation, Role};
use crate::names::{self, Method};

/// Lists take functions of so many arguments; a method's `&self` does not count.
const MOST_ARGUMENTS: usize = 8;

const ROLES: [(&str, ParameterLocation); 3] = [
    ("header", ParameterLocation::Header),
    ("query", ParameterLocation::Query),
    ("cookie", ParameterLocation::Cookie),
];

/// An argument, and the docs of the payload if it is that.
pub(super) struct Arguments {
    pub(super) list: Vec<Argument>,
    pub(super) payload_docs: Docs,
}

/// Checks all arguments. What cannot be understood is left out.
pub(super) fn check(sig: &Signature, methods: &[Method], errors: &Errors) -> Arguments {
    let inputs: Vec<&PatType> = sig
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(input) => Some(input),
            FnArg::Receiver(_) => None,
        })
        .collect();
    if let Some(ninth) = inputs.get(MOST_ARGUMENTS) {
        let found = inputs.len();
        errors.push(
            ninth,
            format!(
                "a webhook has at most eight arguments, and this one has {found}; put some into the payload"
            ),
        );
    }
    let mut arguments = Arguments {
        list: Vec::new(),
        payload_docs: Docs::default(),
    };
    for input in inputs {
        let docs = Docs::of(&input.attrs);
        if let Some(argument) = argument(input, &docs, errors) {
            if matches!(argument.role, Role::Payload) {
                payload(&argument, input, &arguments.list, methods, errors);
                arguments.payload_docs = docs;
            } else {
                distinct(&argument, input, &arguments.list, errors);
            }
            arguments.list.push(argument);
        }
    }
    arguments
}

/// Whether an attribute of an argument stays in the constructor: lints do.
pub(crate) fn is_lint(attr: &Attribute) -> bool {
    ["allow", "expect", "warn", "deny", "forbid"]
        .iter()
        .any(|lint| attr.path().is_ident(lint))
}

fn argument(input: &PatType, docs: &Docs, errors: &Errors) -> Option<Argument> {
    type_syntax::check(&input.ty, errors);
    let ident = match &*input.pat {
        Pat::Ident(pat)
            if pat.by_ref.is_none() && pat.mutability.is_none() && pat.subpat.is_none() =>
        {
            Some(pat.ident.clone())
        }
        other => {
            errors.push(
                other,
                "an argument of a webhook is a plain name, as in `data: Payment`",
            );
            None
        }
    };
    let role = role(input, ident.as_ref(), docs, errors);
    let (unwrapped, is_optional) = match type_syntax::optional(&input.ty) {
        Some(inner) => (inner, true),
        None => (&*input.ty, false),
    };
    let (value, is_reference) = match type_syntax::referenced(unwrapped) {
        Some(inner) => (inner, true),
        None => (unwrapped, false),
    };
    Some(Argument {
        ident: ident?,
        ty: (*input.ty).clone(),
        value: value.clone(),
        is_reference,
        is_optional,
        role: role?,
        lints: input
            .attrs
            .iter()
            .filter(|attr| is_lint(attr))
            .cloned()
            .collect(),
    })
}

/// What the attributes of an argument make of it.
fn role(input: &PatType, ident: Option<&Ident>, docs: &Docs, errors: &Errors) -> Option<Role> {
    let mut found: Option<(ParameterLocation, &Attribute)> = None;
    let mut name = None;
    let mut understood = true;
    for attr in &input.attrs {
        let path = attr.path();
        if path.is_ident("doc") || is_lint(attr) {
            continue;
        }
        if path.is_ident("cfg") || path.is_ident("cfg_attr") {
            errors.push(
                attr,
                "an argument is always there; declare the webhook twice, each time under a `#[cfg]`",
            );
            continue;
        }
        let word = path.to_token_stream().to_string();
        let Some((_, location)) = ROLES.iter().find(|(role, _)| *role == word) else {
            errors.push(path, unknown_attribute(&word));
            understood = false;
            continue;
        };
        if let Some((_, first)) = found {
            errors.push_twice("the argument is marked", first, attr, "remove one");
            continue;
        }
        found = Some((*location, attr));
        name = parameter_name(*location, attr, ident, errors);
    }
    match found {
        None => understood.then_some(Role::Payload),
        Some((location, _)) => Some(Role::Parameter(Parameter {
            location,
            name: name?,
            docs: docs.clone(),
        })),
    }
}

fn unknown_attribute(word: &str) -> String {
    let near = ROLES.iter().find(|(role, _)| is_near(word, role));
    let advice = match near {
        Some((role, _)) => format!("did you mean `#[{role}]`?"),
        None => "an argument is the payload, or has one of `#[header]`, `#[query]` and `#[cookie]`"
            .to_owned(),
    };
    format!("unknown attribute `{word}`; {advice}")
}

/// The name that is in the attribute, or that of the argument.
fn parameter_name(
    location: ParameterLocation,
    attr: &Attribute,
    ident: Option<&Ident>,
    errors: &Errors,
) -> Option<String> {
    let (name, place) = match &attr.meta {
        Meta::Path(_) => {
            let plain = names::without_raw_prefix(ident?);
            let name = if location == ParameterLocation::Header {
                plain.replace('_', "-")
            } else {
                plain
            };
            (name, ident.to_token_stream())
        }
        Meta::List(list) => match list.parse_args::<LitStr>() {
            Ok(literal) => (literal.value(), literal.to_token_stream()),
            Err(_) => return refuse_name(location, attr, errors),
        },
        Meta::NameValue(_) => return refuse_name(location, attr, errors),
    };
    let checked = match location {
        ParameterLocation::Header => rules::header(&name),
        ParameterLocation::Cookie => rules::cookie(&name),
        ParameterLocation::Query if name.is_empty() => Err("a query parameter needs a name"),
        ParameterLocation::Query => Ok(()),
    };
    if let Err(rule) = checked {
        errors.push(place, rule);
    }
    Some(name)
}

fn refuse_name(location: ParameterLocation, attr: &Attribute, errors: &Errors) -> Option<String> {
    let word = location.as_str();
    let example = if location == ParameterLocation::Header {
        "X-Tenant"
    } else {
        "tenant"
    };
    errors.push(
        attr,
        format!("write `#[{word}(\"{example}\")]`, or `#[{word}]` for the name of the argument"),
    );
    None
}

fn payload(
    argument: &Argument,
    input: &PatType,
    before: &[Argument],
    methods: &[Method],
    errors: &Errors,
) {
    if let Some(first) = before
        .iter()
        .find(|other| matches!(other.role, Role::Payload))
    {
        errors.push(
            &input.pat,
            format!(
                "a second payload in addition to `{}`: a webhook has one; mark this argument with `#[header]`, `#[query]` or \
                 `#[cookie]`, or put both into one type",
                first.ident
            ),
        );
    }
    let Some(without) = methods.iter().find(|method| !method.carries_body()) else {
        return;
    };
    let without = without.as_str();
    if methods.iter().all(|method| !method.carries_body()) {
        errors.push(
            &argument.ty,
            format!(
                "{without} carries no payload; send this with `#[whpost]`, or mark the argument with `#[query]`, \
                 `#[header]` or `#[cookie]`"
            ),
        );
    } else if !argument.is_optional {
        let ty = type_syntax::tight_tokens(&argument.ty);
        errors.push(
            &argument.ty,
            format!("{without} carries no payload, so it is optional here: write `Option<{ty}>`"),
        );
    }
}

fn distinct(argument: &Argument, input: &PatType, before: &[Argument], errors: &Errors) {
    let Role::Parameter(new) = &argument.role else {
        return;
    };
    let same = |old: &Parameter| {
        let same_name = match new.location {
            ParameterLocation::Header => old.name.eq_ignore_ascii_case(&new.name),
            ParameterLocation::Query | ParameterLocation::Cookie => old.name == new.name,
        };
        old.location == new.location && same_name
    };
    let twice = before
        .iter()
        .any(|other| matches!(&other.role, Role::Parameter(old) if same(old)));
    if twice {
        let (location, name) = (new.location.noun(), &new.name);
        errors.push(
            &input.pat,
            format!(
                "a second {location} named `{name}`; rename one, or take a `Vec` for several values"
            ),
        );
    }
}
