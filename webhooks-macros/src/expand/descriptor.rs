//! The descriptor: the builder calls for what was said, and no others. Each costs its time in every build.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, LitStr, Type};

use crate::args::{Example, Extension, Security};
use crate::model::{Argument, Descriptor, EventName, Format, Location, Parameter, Role, Webhook};
use crate::names::{self, Root};

/// The expression that builds a webhook's descriptor.
pub(super) fn expand(webhook: &Webhook) -> TokenStream {
    let start = start(webhook);
    let function = function(webhook);
    let payload = payload(webhook);
    let parameters = parameters(webhook);
    let details = details(webhook);
    quote!(#start #function #payload #parameters #details)
}

/// How an argument is described and written. Its span is that of the type, so that a missing derive is reported there;
/// twice the same report is one.
pub(super) fn codec(webhook: &Webhook, argument: &Argument) -> TokenStream {
    let root = &webhook.root;
    let ty = &argument.value;
    let (function, arguments) = match (&argument.role, &webhook.descriptor.format) {
        (Role::Parameter(Parameter { location, name, .. }), _) => {
            let function = match location {
                Location::Header => quote!(header),
                Location::Query => quote!(query),
                Location::Cookie => quote!(cookie),
            };
            (function, quote!(#name))
        }
        (Role::Payload, Format::Json(_)) => (quote!(json), quote!()),
        (Role::Payload, Format::Form) => (quote!(form), quote!()),
        (Role::Payload, Format::Bytes(content_type)) => (quote!(bytes), quote!(#content_type)),
    };
    quote!(#root::__private::#function::<#ty>(#arguments))
}

/// The call that begins a descriptor. A literal name was checked before; a constant is checked by this call.
fn start(webhook: &Webhook) -> TokenStream {
    let root = &webhook.root;
    let methods = webhook
        .descriptor
        .methods
        .iter()
        .map(|method| method.variant());
    let methods = quote!(&[#(#root::Method::#methods),*]);
    let place = place(webhook);
    match &webhook.descriptor.name {
        EventName::Literal(name) => quote!(#root::Descriptor::declared(#name, #methods, #place)),
        EventName::Constant { prefix, constant } => {
            let name = constant_name(root, prefix.as_ref(), constant);
            let span = constant.span();
            let descriptor = at(quote!(#root::Descriptor), span);
            let span = Span::call_site().located_at(span);
            quote_spanned!(span=> #descriptor::new(#name, #methods).declared_at(#place))
        }
    }
}

fn constant_name(root: &Root, prefix: Option<&LitStr>, constant: &Expr) -> TokenStream {
    let Some(prefix) = prefix else {
        return constant.to_token_stream();
    };
    let dotted = prefix.value().len() + 1;
    quote!(
        const {
            const __NAME: &::core::primitive::str = #constant;
            #root::__private::join::<{ #dotted + __NAME.len() }>(#prefix, __NAME)
        }
        .as_str()
    )
}

/// The same tokens at another place, so that what the compiler finds wrong with them is reported there.
fn at(tokens: TokenStream, place: Span) -> TokenStream {
    let moved = tokens.into_iter().map(|mut token| {
        token.set_span(token.span().located_at(place));
        token
    });
    moved.collect()
}

/// The function's name, from which a summary is made, where the event's name does not say the same words.
fn function(webhook: &Webhook) -> Option<TokenStream> {
    let Descriptor {
        name,
        summary,
        is_prefixed,
        ..
    } = &webhook.descriptor;
    let function = names::plain(&webhook.ident);
    let words = |name: &str| name.replace(['.', '-'], "_");
    let says_the_same = match name {
        EventName::Literal(name) => words(&name.value()) == function,
        EventName::Constant { .. } => false,
    };
    // Below a prefix a method's name alone says too little: `opened` of `refund.opened`.
    let is_needed = summary.is_none() && !is_prefixed && !says_the_same;
    is_needed.then(|| quote!(.function(#function)))
}

/// File, line and column of the function's name.
fn place(webhook: &Webhook) -> TokenStream {
    let root = &webhook.root;
    let place =
        quote_spanned!(webhook.ident.span()=> ::core::file!(), ::core::line!(), ::core::column!());
    quote!(#root::__private::Place::new(#place))
}

fn payload(webhook: &Webhook) -> Option<TokenStream> {
    let argument = webhook.payload()?;
    let codec = codec(webhook, argument);
    let content_type = match &webhook.descriptor.format {
        Format::Json(Some(content_type)) => Some(quote!(.content_type(#content_type))),
        _ => None,
    };
    let optional = argument.is_optional.then(|| quote!(.optional()));
    let description = webhook
        .descriptor
        .payload_docs
        .expression()
        .map(|docs| quote!(.description(#docs)));
    Some(quote!(.with_payload(#codec.info()#content_type #optional #description)))
}

fn parameters(webhook: &Webhook) -> Option<TokenStream> {
    let parameters: Vec<_> = webhook
        .arguments
        .iter()
        .filter_map(|argument| {
            let Role::Parameter(parameter) = &argument.role else {
                return None;
            };
            let codec = codec(webhook, argument);
            let description = parameter
                .docs
                .expression()
                .map(|docs| quote!(.description(#docs)));
            let optional = argument.is_optional.then(|| quote!(.optional()));
            Some(quote!(#codec.parameter()#description #optional))
        })
        .collect();
    (!parameters.is_empty()).then(|| quote!(.parameters(&[#(#parameters),*])))
}

fn details(webhook: &Webhook) -> TokenStream {
    let Descriptor {
        docs,
        summary,
        description,
        operation_id,
        replaced_by,
        ..
    } = &webhook.descriptor;
    let Descriptor {
        response,
        response_description,
        status,
        tags,
        include_in_schema,
        ..
    } = &webhook.descriptor;
    let docs = docs.expression().map(|docs| quote!(.docs(#docs)));
    let summary = summary.as_ref().map(|text| quote!(.summary(#text)));
    let description = description.as_ref().map(|text| quote!(.description(#text)));
    let tags = (!tags.is_empty()).then(|| quote!(.tags(&[#(#tags),*])));
    let operation_id = operation_id
        .as_ref()
        .map(|text| quote!(.operation_id(#text)));
    let deprecated = deprecated(webhook);
    let replaced_by = replaced_by.as_ref().map(|text| quote!(.replaced_by(#text)));
    let security = security(webhook);
    let status = status.as_ref().map(|status| quote!(.status(#status)));
    let response_description = response_description
        .as_ref()
        .map(|text| quote!(.response_description(#text)));
    let response = response.as_ref().map(|body| quote!(.response::<#body>()));
    let rest = [
        responses(webhook),
        external_docs(webhook),
        examples(webhook),
        extensions(webhook),
    ];
    let rest = rest.iter().flatten();
    let hidden = (!include_in_schema).then(|| quote!(.include_in_schema(false)));
    quote! {
        #docs #summary #description #tags #operation_id #deprecated #replaced_by #security
        #status #response_description #response #(#rest)* #hidden
    }
}

fn deprecated(webhook: &Webhook) -> Option<TokenStream> {
    let root = &webhook.root;
    let deprecation = webhook.descriptor.deprecation.as_ref()?;
    let since = deprecation
        .since
        .as_ref()
        .map(|since| quote!(.since(#since)));
    let note = deprecation.note.as_ref().map(|note| quote!(.note(#note)));
    Some(quote!(.deprecated(#root::Deprecation::new()#since #note)))
}

fn security(webhook: &Webhook) -> Option<TokenStream> {
    let root = &webhook.root;
    let alternatives =
        webhook
            .descriptor
            .security
            .as_ref()?
            .iter()
            .map(|Security { scheme, scopes }| {
                let scopes = (!scopes.is_empty()).then(|| quote!(.scopes(&[#(#scopes),*])));
                quote!(#root::Security::scheme(#scheme)#scopes)
            });
    Some(quote!(.security(&[#(#alternatives),*])))
}

fn responses(webhook: &Webhook) -> Option<TokenStream> {
    let root = &webhook.root;
    let responses = &webhook.descriptor.responses;
    let list = responses.iter().map(|response| {
        let (status, description) = (&response.status.text, &response.description);
        let body = response.body.as_ref().map(|body| quote!(.body::<#body>()));
        quote!(#root::Response::new(#status, #description)#body)
    });
    (!responses.is_empty()).then(|| quote!(.responses(&[#(#list),*])))
}

fn external_docs(webhook: &Webhook) -> Option<TokenStream> {
    let root = &webhook.root;
    let docs = webhook.descriptor.external_docs.as_ref()?;
    let url = &docs.url;
    let description = docs
        .description
        .as_ref()
        .map(|text| quote!(.description(#text)));
    Some(quote!(.external_docs(#root::ExternalDocs::new(#url)#description)))
}

fn examples(webhook: &Webhook) -> Option<TokenStream> {
    let root = &webhook.root;
    let examples = &webhook.descriptor.examples;
    // Raw bytes have no schema; their example is whatever shows them best.
    let ty = match (&webhook.descriptor.format, webhook.payload()?) {
        (Format::Bytes(_), _) => None,
        (_, Argument { value, .. }) if is_unsized(value) => Some(quote!(: &#value)),
        (_, Argument { value, .. }) => Some(quote!(: #value)),
    };
    let list = examples.iter().map(
        |Example {
             name,
             summary,
             value,
         }| {
            let summary = summary.as_ref().map(|text| quote!(.summary(#text)));
            let example = quote_spanned!(value.span().resolved_at(Span::mixed_site())=> example);
            quote! {
                #root::Example::new(#name, || {
                    let #example #ty = #value;
                    #root::json_value(&#example)
                })#summary
            }
        },
    );
    (!examples.is_empty()).then(|| quote!(.examples(&[#(#list),*])))
}

fn extensions(webhook: &Webhook) -> Option<TokenStream> {
    let root = &webhook.root;
    let extensions = &webhook.descriptor.extensions;
    let value = proc_macro2::Ident::new("value", Span::mixed_site());
    let list = extensions.iter().map(
        |Extension {
             name,
             value: expression,
         }| {
            quote! {
                #root::Extension::new(#name, || {
                    let #value = #expression;
                    #root::json_value(&#value)
                })
            }
        },
    );
    (!extensions.is_empty()).then(|| quote!(.extensions(&[#(#list),*])))
}

/// Whether there are no values of a type, only references to it.
fn is_unsized(ty: &Type) -> bool {
    match ty {
        Type::Slice(_) | Type::TraitObject(_) => true,
        Type::Path(path) => path.path.is_ident("str"),
        _ => false,
    }
}
