//! Rules about headers, query parameters and cookies.

use super::rule::{Rule, Severity};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "parameter-location",
        severity: Severity::Error,
        reason: "a webhook has no path for a parameter, and OpenAPI has no other places",
        check: |subject, report| {
            for parameter in subject.parameters() {
                if !["header", "query", "cookie", "querystring"].contains(&parameter.location) {
                    let message = format!(
                        "`{}`: use `header`, `query` or `cookie`",
                        parameter.location
                    );
                    report.add(parameter.part.pointer.child("in"), message);
                }
            }
        },
    },
    Rule {
        name: "parameter-duplicate",
        severity: Severity::Error,
        reason: "OpenAPI demands that name and place are unique; tools keep one of them",
        check: |subject, report| {
            for operation in &subject.catalogue.operations {
                for (index, parameter) in operation.parameters.iter().enumerate() {
                    if operation.parameters[..index]
                        .iter()
                        .any(|other| other.is_same(parameter))
                    {
                        let message = format!(
                            "the {} `{}` is described twice",
                            parameter.location, parameter.name
                        );
                        report.add(parameter.part.pointer.clone(), message);
                    }
                }
            }
        },
    },
    Rule {
        name: "parameter-description-missing",
        severity: Severity::Warning,
        reason: "a name alone does not say what a header is for",
        check: |subject, report| {
            for parameter in subject.parameters() {
                let text = parameter
                    .part
                    .value
                    .get("description")
                    .and_then(|value| value.as_str());
                if text.is_none_or(|text| text.trim().is_empty()) {
                    let message = format!(
                        "say what the {} `{}` is for",
                        parameter.location, parameter.name
                    );
                    report.add(parameter.part.pointer.child("description"), message);
                }
            }
        },
    },
    Rule {
        name: "header-name",
        severity: Severity::Warning,
        reason: "a header with `_` is a mistaken function argument, and proxies such as nginx drop it",
        check: |subject, report| {
            for parameter in subject.parameters() {
                if parameter.location == "header" && !is_header_name(parameter.name) {
                    let message =
                        format!("`{}`: write a name such as `webhook-id`", parameter.name);
                    report.add(parameter.part.pointer.child("name"), message);
                }
            }
        },
    },
    Rule {
        name: "parameter-empty-value",
        severity: Severity::Error,
        reason: "`allowEmptyValue` and `allowReserved` are for query parameters; elsewhere the document is invalid",
        check: |subject, report| {
            for parameter in subject.parameters() {
                for name in ["allowEmptyValue", "allowReserved"] {
                    if parameter.location != "query" && parameter.part.value.get(name).is_some() {
                        report.add(
                            parameter.part.pointer.child(name),
                            format!("leave `{name}` out"),
                        );
                    }
                }
            }
        },
    },
];

/// RFC 9110, section 5.6.2, without `_`.
fn is_header_name(name: &str) -> bool {
    let allowed =
        |letter: u8| letter.is_ascii_alphanumeric() || b"!#$%&'*+-.^`|~".contains(&letter);
    !name.is_empty() && name.bytes().all(allowed)
}
