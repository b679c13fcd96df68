//! Rules for the methods of a webhook: the one in the attribute's name, or those of `methods`.

use syn::LitStr;

use super::declaration::Declaration;
use crate::args::Key;
use crate::errors::Errors;
use crate::names::{Attribute, Method};

/// The methods in the order in which they were written; none where they could not be understood.
pub(super) fn check(declaration: Declaration<'_>, errors: &Errors) -> Vec<Method> {
    let args = declaration.args;
    if let Attribute::Method(method) = declaration.attribute {
        return vec![method];
    }
    let Some((list, names)) = &args.methods else {
        // Where `methods` was given but could not be read, that is said already.
        if args.shared.place_of(Key::Methods).is_none() {
            let message = "`#[whroute]` needs its methods, as in `methods = [\"PUT\", \"POST\"]`";
            errors.push_at(declaration.attribute_span, message);
        }
        return Vec::new();
    };
    if names.is_empty() {
        errors.push_at(
            *list,
            "`methods` is empty; name at least one, as in `methods = [\"POST\"]`",
        );
    }
    let mut methods: Vec<(Method, &LitStr)> = Vec::new();
    for literal in names {
        let Some(method) = method(literal, errors) else {
            continue;
        };
        match methods.iter().find(|(other, _)| *other == method) {
            Some((_, first)) => {
                errors.push_twice(
                    &format!("`{}` is listed", method.as_str()),
                    first,
                    literal,
                    "remove one",
                );
            }
            None => methods.push((method, literal)),
        }
    }
    methods.into_iter().map(|(method, _)| method).collect()
}

fn method(literal: &LitStr, errors: &Errors) -> Option<Method> {
    let text = literal.value();
    let find = |name: &str| {
        let mut all = Method::ALL.iter();
        all.find(|method| method.as_str() == name).copied()
    };
    if let Some(method) = find(&text) {
        return Some(method);
    }
    if let Some(method) = find(&text.to_uppercase()) {
        let name = method.as_str();
        errors.push(
            literal,
            format!("methods are written in upper case: `\"{name}\"`"),
        );
        return None;
    }
    let known: Vec<_> = Method::ALL
        .iter()
        .map(|method| format!("`{}`", method.as_str()))
        .collect();
    errors.push(
        literal,
        format!(
            "OpenAPI has no method `{text}`; expected one of {}",
            known.join(", ")
        ),
    );
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::core_method as core;

    #[test]
    fn the_methods_and_whether_they_carry_a_body_are_those_of_the_runtime() {
        assert_eq!(Method::ALL.len(), core::Method::ALL.len());
        for (ours, theirs) in Method::ALL.iter().zip(core::Method::ALL) {
            assert_eq!(ours.as_str(), theirs.as_str());
            assert_eq!(ours.variant(), format!("{theirs:?}"));
            assert_eq!(ours.carries_body(), theirs.carries_body(), "{theirs}");
        }
    }
}
