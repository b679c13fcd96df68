//! What an attribute sits on: the signature of a function, or an impl block.
//!
//! Bodies stay the tokens they are. A half-typed body therefore never makes the item disappear.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::parse::discouraged::Speculative as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, Ident, Path, Signature, Token, Type, Visibility, token};

/// A function or method: everything but its body is parsed.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    /// None where the declaration ends in `;`.
    pub(crate) body: Option<Group>,
}

/// An impl block.
pub(crate) struct Block {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) unsafe_token: Option<Token![unsafe]>,
    pub(crate) impl_token: Token![impl],
    pub(crate) generics: Generics,
    pub(crate) of_trait: Option<Path>,
    pub(crate) self_ty: Type,
    pub(crate) items: Vec<BlockItem>,
}

/// What is in an impl block.
pub(crate) enum BlockItem {
    Function(Box<Function>),
    Other(TokenStream),
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        Self::parse_after(attrs, vis, input)
    }
}

impl Function {
    fn parse_after(
        attrs: Vec<Attribute>,
        vis: Visibility,
        input: ParseStream<'_>,
    ) -> syn::Result<Self> {
        let sig = input.parse()?;
        let body = if input.parse::<Option<Token![;]>>()?.is_some() {
            None
        } else {
            let token = input.parse::<TokenTree>()?;
            match body(&token) {
                Some(body) => Some(body),
                None => return Err(syn::Error::new_spanned(token, "expected `;` or `{}`")),
            }
        };
        Ok(Self {
            attrs,
            vis,
            sig,
            body,
        })
    }
}

/// The braces of a body. A `$body:block` of `macro_rules!` is in a group without delimiters, and so is that of a
/// macro inside of a macro.
fn body(token: &TokenTree) -> Option<Group> {
    let TokenTree::Group(group) = token else {
        return None;
    };
    match group.delimiter() {
        Delimiter::Brace => Some(group.clone()),
        Delimiter::None => {
            let mut inside = group.stream().into_iter();
            let only = inside.next()?;
            inside.next().is_none().then(|| body(&only)).flatten()
        }
        Delimiter::Parenthesis | Delimiter::Bracket => None,
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attrs);
        self.vis.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        match &self.body {
            Some(body) => body.to_tokens(tokens),
            None => <Token![;]>::default().to_tokens(tokens),
        }
    }
}

impl Parse for Block {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let unsafe_token = input.parse()?;
        let impl_token = input.parse()?;
        let mut generics: Generics = input.parse()?;
        input.parse::<Option<Token![!]>>()?;
        let mut self_ty: Type = input.parse()?;
        let mut of_trait = None;
        if input.parse::<Option<Token![for]>>()?.is_some() {
            of_trait = match self_ty {
                Type::Path(path) => Some(path.path),
                other => return Err(syn::Error::new_spanned(other, "expected a trait")),
            };
            self_ty = input.parse()?;
        }
        generics.where_clause = input.parse()?;
        let content;
        syn::braced!(content in input);
        let mut items = Vec::new();
        while !content.is_empty() {
            items.push(content.parse()?);
        }
        Ok(Self {
            attrs,
            unsafe_token,
            impl_token,
            generics,
            of_trait,
            self_ty,
            items,
        })
    }
}

impl Parse for BlockItem {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let ahead = input.fork();
        let vis: Visibility = ahead.parse()?;
        if begins_function(&ahead) {
            input.advance_to(&ahead);
            return Function::parse_after(attrs, vis, input)
                .map(|function| Self::Function(Box::new(function)));
        }
        let mut tokens = TokenStream::new();
        tokens.append_all(&attrs);
        let mut is_macro = false;
        while !input.is_empty() {
            let token: TokenTree = input.parse()?;
            let ends = match &token {
                TokenTree::Punct(punct) => punct.as_char() == ';',
                TokenTree::Group(group) => is_macro && group.delimiter() == Delimiter::Brace,
                _ => false,
            };
            is_macro = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '!');
            tokens.append(token);
            if ends {
                break;
            }
        }
        Ok(Self::Other(tokens))
    }
}

/// Whether a function follows, behind whatever qualifiers.
fn begins_function(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    loop {
        if ahead.peek(Token![fn]) {
            return true;
        }
        let qualifier = ahead.peek(Token![const])
            || ahead.peek(Token![async])
            || ahead.peek(Token![unsafe])
            || ahead.peek(Token![extern])
            || ahead.peek(syn::LitStr)
            || (ahead.peek(Ident)
                && ahead
                    .fork()
                    .parse::<Ident>()
                    .is_ok_and(|ident| ident == "safe"));
        // `const X` and `const { .. }` are not functions.
        if !qualifier || ahead.parse::<TokenTree>().is_err() || ahead.peek(token::Brace) {
            return false;
        }
    }
}
