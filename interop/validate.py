"""openapi-spec-validator on every document: it knows the specification's own JSON Schema."""

import copy
import sys

from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

import document

BASELINE = "lint/green-baseline.json"


def report(contents):
    """What the validator says against a document, or None."""
    try:
        validate(contents)
    except OpenAPIValidationError as error:
        return f"#/{'/'.join(map(str, error.absolute_path))}: {error.message}"
    return None


def prove():
    """The validator accepts a good document and refuses one with a defect: only then its word counts."""
    good = document.read(BASELINE)
    if said := report(good):
        sys.exit(f"openapi-spec-validator refuses {BASELINE}, which must pass: {said}")
    bad = copy.deepcopy(good)
    bad["webhooks"]["invoice.paid"]["post"]["requestBody"]["content"] = "none"
    if report(bad) is None:
        sys.exit("openapi-spec-validator accepts a request body whose content is a string: it does not check")


def main(_output, *files):
    prove()
    refused = [f"{file}: {said}" for file in files if (said := report(document.read(file)))]
    if refused:
        sys.exit("\n".join(refused))
    print(f"openapi-spec-validator accepts {len(files)} documents")


main(*sys.argv[1:])
