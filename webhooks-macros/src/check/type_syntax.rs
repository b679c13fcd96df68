//! Questions about the types of arguments, asked of their syntax: a macro knows no more.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{GenericArgument, Lifetime, PathArguments, PathSegment, Type, TypeImplTrait};

use crate::errors::Errors;

/// Tokens as a person writes them, for messages.
pub(crate) fn tight_tokens(tokens: impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, tight) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}

/// Says which parts of a type a webhook cannot have.
pub(super) fn check(ty: &Type, errors: &Errors) {
    Checker(errors).visit_type(ty);
}

/// The type in the invisible parentheses that a `macro_rules!` macro puts around `$ty`.
pub(crate) fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        other => other,
    }
}

/// `T` of `Option<T>`.
pub(super) fn optional(ty: &Type) -> Option<&Type> {
    let segment = last_segment(ungrouped(ty)).filter(|segment| segment.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) if arguments.args.len() == 1 => Some(ty),
        _ => None,
    }
}

/// `T` of `&T`.
pub(super) fn referenced(ty: &Type) -> Option<&Type> {
    match ungrouped(ty) {
        Type::Reference(reference) if reference.mutability.is_none() => Some(&reference.elem),
        _ => None,
    }
}

pub(super) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    }
}

/// The first lifetime in a type, apart from `'static`.
pub(crate) fn lifetime(ty: &Type) -> Option<&Lifetime> {
    struct Finder<'ast>(Option<&'ast Lifetime>);
    impl<'ast> Visit<'ast> for Finder<'ast> {
        fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
            if lifetime.ident != "static" {
                self.0.get_or_insert(lifetime);
            }
        }
    }
    let mut finder = Finder(None);
    finder.visit_type(ty);
    finder.0
}

struct Checker<'a>(&'a Errors);

impl<'ast> Visit<'ast> for Checker<'_> {
    fn visit_type_impl_trait(&mut self, ty: &'ast TypeImplTrait) {
        self.0.push(
            ty,
            "a document describes one type; write it instead of `impl Trait`",
        );
    }

    fn visit_type_reference(&mut self, reference: &'ast syn::TypeReference) {
        if let Some(mutability) = &reference.mutability {
            self.0.push(
                mutability,
                "building a message changes nothing; write `&` alone",
            );
        }
        visit::visit_type_reference(self, reference);
    }

    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        if lifetime.ident != "static" && lifetime.ident != "_" {
            self.0.push(
                lifetime,
                "a webhook has no lifetimes of its own: a payload is written immediately, so leave the lifetime out",
            );
        }
    }
}
