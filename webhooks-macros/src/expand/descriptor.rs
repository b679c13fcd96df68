//! The descriptor: the builder calls for what was said, and no others. Each costs its time in every build.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, LitStr, Type};

use crate::args::{Callback, Example, Member, OptionalHeader, Security};
use crate::model::{
    Argument, Descriptor, EventName, Format, Parameter, ParameterLocation, Role, Webhook,
};
use crate::names::{self, CorePaths, Root, RuntimePath};

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
    let CorePaths {
        bytes,
        cookie,
        form,
        header,
        json,
        query,
        ..
    } = webhook.root.core_paths();
    let ty = &argument.value;
    let (function, arguments) = match (&argument.role, &webhook.descriptor.format) {
        (Role::Parameter(Parameter { location, name, .. }), _) => {
            let function = match location {
                ParameterLocation::Header => header,
                ParameterLocation::Query => query,
                ParameterLocation::Cookie => cookie,
            };
            (function, quote!(#name))
        }
        (Role::Payload, Format::Json(_)) => (json, quote!()),
        (Role::Payload, Format::Form) => (form, quote!()),
        (Role::Payload, Format::Bytes(content_type)) => (bytes, quote!(#content_type)),
    };
    quote!(#function::<#ty>(#arguments))
}

/// The call that begins a descriptor. A literal name was checked before; a constant is checked by this call.
fn start(webhook: &Webhook) -> TokenStream {
    let CorePaths {
        descriptor, method, ..
    } = webhook.root.core_paths();
    let methods = webhook
        .descriptor
        .methods
        .iter()
        .map(|method| method.variant());
    let methods = quote!(&[#(#method::#methods),*]);
    let place = source_location(webhook);
    match &webhook.descriptor.name {
        EventName::Literal(name) => quote!(#descriptor::declared(#name, #methods, #place)),
        EventName::Constant {
            prefix,
            constant,
            any,
        } => {
            let name = constant_name(&webhook.root, prefix.as_ref(), constant);
            let span = constant.span();
            let descriptor = at(quote!(#descriptor), span);
            let span = Span::call_site().located_at(span);
            if *any {
                quote_spanned!(span=> #descriptor::any_name(#name, #methods).declared_at(#place))
            } else {
                quote_spanned!(span=> #descriptor::new(#name, #methods).declared_at(#place))
            }
        }
    }
}

fn constant_name(root: &Root, prefix: Option<&LitStr>, constant: &Expr) -> TokenStream {
    let Some(prefix) = prefix else {
        return constant.to_token_stream();
    };
    let join = root.core_paths().join;
    let dotted = prefix.value().len() + 1;
    quote!(
        const {
            const __NAME: &::core::primitive::str = #constant;
            #join::<{ #dotted + __NAME.len() }>(#prefix, __NAME)
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
    let function = names::without_raw_prefix(&webhook.ident);
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
fn source_location(webhook: &Webhook) -> TokenStream {
    let source_location = webhook.root.core_paths().source_location;
    let place =
        quote_spanned!(webhook.ident.span()=> ::core::file!(), ::core::line!(), ::core::column!());
    quote!(#source_location::new(#place))
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

/// The texts, then the lists, in the order of the builder's documentation.
fn details(webhook: &Webhook) -> TokenStream {
    let Descriptor {
        docs,
        tags,
        response,
        include_in_schema,
        status,
        ..
    } = &webhook.descriptor;
    let texts = texts(&webhook.descriptor);
    let docs = docs.expression().map(|docs| quote!(.docs(#docs)));
    let tags = (!tags.is_empty()).then(|| quote!(.tags(&[#(#tags),*])));
    let status = status.as_ref().map(|status| quote!(.status(#status)));
    let response = response.as_ref().map(|body| quote!(.response::<#body>()));
    let lists = [
        deprecated(webhook),
        security(webhook),
        responses(webhook),
        external_docs(webhook),
        examples(webhook),
        members(webhook),
        callbacks(webhook),
        optional_headers(webhook),
    ];
    let lists = lists.iter().flatten();
    let hidden = (!include_in_schema).then(|| quote!(.include_in_schema(false)));
    quote!(#docs #texts #tags #status #response #(#lists)* #hidden)
}

fn texts(descriptor: &Descriptor) -> TokenStream {
    let texts = [
        ("summary", &descriptor.summary),
        ("description", &descriptor.description),
        ("default_summary", &descriptor.view_summary),
        ("default_description", &descriptor.view_description),
        ("operation_id", &descriptor.operation_id),
        ("replaced_by", &descriptor.replaced_by),
        ("response_description", &descriptor.response_description),
    ];
    let calls = texts.into_iter().filter_map(|(method, text)| {
        let (method, text) = (Ident::new(method, Span::call_site()), text.as_ref()?);
        Some(quote!(.#method(#text)))
    });
    calls.collect()
}

fn deprecated(webhook: &Webhook) -> Option<TokenStream> {
    let deprecation = webhook.root.core_paths().deprecation;
    let said = webhook.descriptor.deprecation.as_ref()?;
    let since = said.since.as_ref().map(|since| quote!(.since(#since)));
    let note = said.note.as_ref().map(|note| quote!(.note(#note)));
    Some(quote!(.deprecated(#deprecation::new()#since #note)))
}

fn security(webhook: &Webhook) -> Option<TokenStream> {
    let path = webhook.root.core_paths().security;
    let alternatives =
        webhook
            .descriptor
            .security
            .as_ref()?
            .iter()
            .map(|Security { scheme, scopes }| {
                let scopes = (!scopes.is_empty()).then(|| quote!(.scopes(&[#(#scopes),*])));
                quote!(#path::scheme(#scheme)#scopes)
            });
    Some(quote!(.security(&[#(#alternatives),*])))
}

fn responses(webhook: &Webhook) -> Option<TokenStream> {
    let path = webhook.root.core_paths().response;
    let list = webhook.descriptor.responses.iter().map(|response| {
        let (status, description) = (&response.status.text, &response.description);
        let body = response.body.as_ref().map(|body| quote!(.body::<#body>()));
        quote!(#path::new(#status, #description)#body)
    });
    list_call("responses", list)
}

fn external_docs(webhook: &Webhook) -> Option<TokenStream> {
    let path = webhook.root.core_paths().external_docs;
    let docs = webhook.descriptor.external_docs.as_ref()?;
    let url = &docs.url;
    let description = docs
        .description
        .as_ref()
        .map(|text| quote!(.description(#text)));
    Some(quote!(.external_docs(#path::new(#url)#description)))
}

fn examples(webhook: &Webhook) -> Option<TokenStream> {
    let CorePaths {
        example: path,
        json_value,
        ..
    } = webhook.root.core_paths();
    // Raw bytes have no schema; their example is whatever shows them best.
    let ty = match (&webhook.descriptor.format, webhook.payload()?) {
        (Format::Bytes(_), _) => None,
        (_, Argument { value, .. }) if is_unsized(value) => Some(quote!(: &#value)),
        (_, Argument { value, .. }) => Some(quote!(: #value)),
    };
    let list = webhook.descriptor.examples.iter().map(
        |Example {
             name,
             summary,
             value,
         }| {
            let summary = summary.as_ref().map(|text| quote!(.summary(#text)));
            let example = quote_spanned!(value.span().resolved_at(Span::mixed_site())=> example);
            quote! {
                #path::new(#name, || {
                    let #example #ty = #value;
                    #json_value(&#example)
                })#summary
            }
        },
    );
    list_call("examples", list)
}

/// Extensions, and members that the runtime does not know.
fn members(webhook: &Webhook) -> Option<TokenStream> {
    let CorePaths {
        extension,
        json_value,
        member,
        ..
    } = webhook.root.core_paths();
    let value = Ident::new("value", Span::mixed_site());
    let list = |path: RuntimePath<'_>, members: &[Member]| -> Vec<TokenStream> {
        let one = |Member {
                       name,
                       value: expression,
                   }: &Member| {
            quote! {
                #path::new(#name, || {
                    let #value = #expression;
                    #json_value(&#value)
                })
            }
        };
        members.iter().map(one).collect()
    };
    let extensions = list_call(
        "extensions",
        list(extension, &webhook.descriptor.extensions),
    );
    let extra = list_call("extra", list(member, &webhook.descriptor.extra));
    (extensions.is_some() || extra.is_some()).then(|| quote!(#extensions #extra))
}

fn callbacks(webhook: &Webhook) -> Option<TokenStream> {
    let path = webhook.root.core_paths().callback;
    let list = webhook.descriptor.callbacks.iter().map(
        |Callback {
             name,
             expression,
             operation,
         }| quote!(#path::new(#name, #expression, || #operation)),
    );
    list_call("callbacks", list)
}

fn optional_headers(webhook: &Webhook) -> Option<TokenStream> {
    let path = webhook.root.core_paths().optional_header;
    let list = webhook
        .descriptor
        .optional_headers
        .iter()
        .map(|OptionalHeader { name, description }| quote!(#path::new(#name, #description)));
    list_call("optional_headers", list)
}

/// `.method(&[..])`, or nothing for an empty list.
fn list_call(method: &str, elements: impl IntoIterator<Item = TokenStream>) -> Option<TokenStream> {
    let mut elements = elements.into_iter().peekable();
    elements.peek()?;
    let method = Ident::new(method, Span::call_site());
    Some(quote!(.#method(&[#(#elements),*])))
}

/// Whether there are no values of a type, only references to it.
fn is_unsized(ty: &Type) -> bool {
    match ty {
        Type::Slice(_) | Type::TraitObject(_) => true,
        Type::Path(path) => path.path.is_ident("str"),
        _ => false,
    }
}
