"""Reads an OpenAPI document: its webhooks and their payloads."""

import json
from pathlib import Path

METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]


def read(file):
    return json.loads(Path(file).read_text(encoding="utf-8"))


def webhooks(document):
    """Every webhook as (event, method, operation)."""
    for event, item in document.get("webhooks", {}).items():
        for method in METHODS:
            if method in item:
                yield event, method, item[method]


def payloads(operation):
    """Every payload of a webhook as (name of its component schema or None, documented examples)."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        reference = content.get("schema", {}).get("$ref", "")
        examples = [example["value"] for example in content.get("examples", {}).values() if "value" in example]
        if "example" in content:
            examples.append(content["example"])
        yield reference.removeprefix("#/components/schemas/") or None, examples
