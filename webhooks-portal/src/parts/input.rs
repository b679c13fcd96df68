//! Forms: each works without a script, has its token, and says what it does on its button.

use maud::{Markup, html};

use crate::visit::Visit;

/// A form of one button.
pub(crate) fn action(v: &Visit, path: &str, class: &str, label: &str) -> Markup {
    html! {
        form.inline method="post" action=(v.link(path)) { (v.token_field()) button class=(class) { (label) } }
    }
}

/// A link to a page that asks once more.
pub(crate) fn danger(v: &Visit, path: &str, label: &str) -> Markup {
    html! { a class="button danger" href=(v.link(path)) { (label) } }
}

pub(crate) fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(crate::foreign::ForeignStr(value)); }
}

/// A field with its label above it, and what to write below.
pub(crate) fn field(id: &str, label: &str, hint: Option<&str>, control: &Markup) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            @if let Some(hint) = hint { p.hint id={ (id) "-hint" } { (hint) } }
            (control)
        }
    }
}

/// One of the values that a list offers.
pub(crate) struct Choice<'c> {
    value: &'c str,
    label: &'c str,
}

impl<'c> Choice<'c> {
    pub(crate) const fn new(value: &'c str, label: &'c str) -> Self {
        Self { value, label }
    }
}

/// A list to choose one from.
pub(crate) fn select(
    name: &str,
    label: &str,
    choices: &[Choice<'_>],
    chosen: Option<&str>,
) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                @for choice in choices {
                    option value=(crate::foreign::ForeignStr(choice.value)) selected[chosen.unwrap_or_default() == choice.value] {
                        (crate::foreign::ForeignStr(choice.label))
                    }
                }
            }
        }
    }
}

/// Boxes to choose several from.
pub(crate) fn choices(
    name: &str,
    label: &str,
    choices: &[Choice<'_>],
    is_chosen: impl Fn(&str) -> bool,
) -> Markup {
    html! {
        fieldset.choices {
            legend { (label) }
            @for choice in choices {
                label {
                    input type="checkbox" name=(name) value=(crate::foreign::ForeignStr(choice.value)) checked[is_chosen(choice.value)];
                    (crate::foreign::ForeignStr(choice.label))
                }
            }
        }
    }
}
