"""What a document becomes for other tools: YAML, OpenAPI 3.0, a document without references, JSON Schemas.

Takes the folder of the exports: one folder for each document, as `exports` in interop/rust writes them.
"""

import json
import re
import sys
from pathlib import Path

import yaml
from jsonschema import Draft7Validator, Draft202012Validator
from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

import document


def main(folder):
    folders = sorted(path for path in Path(folder).iterdir() if path.is_dir())
    if not folders:
        sys.exit(f"{folder} holds no exports")
    for path in folders:
        same_yaml(path)
        if (path / "openapi-3.0.json").exists():
            valid(path / "openapi-3.0.json", document.read(path / "openapi-3.0.json"))
            contents = document.read(path / "openapi.json")
            for name, member in [("inlined.json", "webhooks"), ("inlined-3.0.json", "x-webhooks")]:
                inlined = document.read(path / name)
                valid(path / name, inlined)
                without_references(path / name, inlined, member)
                svix(path / name, inlined[member])
            convoy(path / "inlined-3.0.json", inlined["x-webhooks"], contents)
            schemas(path, contents)
    print(f"{len(folders)} documents: YAML, 3.0 and JSON Schemas say the same, importers can read them")


def same_yaml(path):
    """Both of PyYAML's readers read the YAML back equal to the JSON, types included."""
    expected = document.read(path / "openapi.json")
    text = (path / "openapi.yaml").read_bytes().decode()
    for loader in [yaml.CSafeLoader] if len(text) > 1_000_000 else [yaml.SafeLoader, yaml.CSafeLoader]:
        if different := difference(expected, yaml.load(text, loader)):
            sys.exit(f"{path}/openapi.yaml: {loader.__name__} reads something else than the JSON at {different}")


def difference(one, other, pointer="#"):
    """The first place where two values differ; 1, 1.0 and true are three different things."""
    if type(one) is not type(other):
        return f"{pointer}: {one!r} and {other!r}"
    if isinstance(one, dict):
        if list(one) != list(other):
            return f"{pointer}: the keys"
        return next((found for key in one if (found := difference(one[key], other[key], f"{pointer}/{key}"))), None)
    if isinstance(one, list):
        if len(one) != len(other):
            return f"{pointer}: the length"
        pairs = enumerate(zip(one, other))
        return next((found for i, pair in pairs if (found := difference(*pair, f"{pointer}/{i}"))), None)
    return None if one == other else f"{pointer}: {one!r} and {other!r}"


def valid(file, contents):
    try:
        validate(contents)
    except OpenAPIValidationError as error:
        sys.exit(f"{file}: #/{'/'.join(map(str, error.absolute_path))}: {error.message}")


def without_references(file, contents, member):
    if {"webhooks", "x-webhooks"} <= contents.keys():
        sys.exit(f"{file} has webhooks and x-webhooks: importers read them twice")
    if '"$ref"' in json.dumps(contents[member]):
        sys.exit(f"{file}: there are references below {member}")


def svix(file, webhooks):
    """What Svix's importer asks of the names of events."""
    for event in webhooks:
        if not re.fullmatch(r"[a-zA-Z0-9\-_.]{1,256}", event):
            sys.exit(f"{file}: Svix takes no event called {event}")


def convoy(file, read, original):
    """What Convoy's importer makes of a document must be a schema of draft 7 with all that it could keep."""
    for event, method, operation in document.webhooks(original):
        schema = media(operation).get("schema")
        if method != "post" or schema is None:
            continue
        seen = converted(media(read[event]["post"])["schema"])
        Draft7Validator.check_schema(seen)
        for name, expected in properties(original, schema).items():
            if name not in seen["properties"]:
                sys.exit(f"{file}: {event}: Convoy does not see {name}")
            lost = [key for key in KEPT_BY_CONVOY if single(expected, key) and key not in seen["properties"][name]]
            if lost:
                sys.exit(f"{file}: {event}: Convoy does not see {lost} of {name}")


KEPT_BY_CONVOY = ("type", "enum", "minimum", "description")


def converted(schema):
    """The properties at the top with their plain keywords, and no reference followed."""
    plain = {"type": str, "format": str, "enum": list, "minimum": (int, float), "description": str}
    properties = {
        name: {key: value[key] for key, kind in plain.items() if isinstance(value.get(key), kind)}
        for name, value in schema.get("properties", {}).items()
        if isinstance(value, dict)
    }
    return {"type": "object", "properties": properties, "required": schema.get("required", [])}


def single(schema, key):
    """Whether the keyword stands in the schema in a form that a reader of 3.0 takes."""
    return key in schema and (key != "type" or isinstance(schema[key], str))


def media(operation):
    return operation.get("requestBody", {}).get("content", {}).get("application/json", {})


def properties(contents, schema):
    """The properties of the component that a payload is."""
    if "$ref" in schema:
        schema = contents["components"]["schemas"][schema["$ref"].removeprefix("#/components/schemas/")]
    return {name: one for name, one in schema.get("properties", {}).items() if isinstance(one, dict)}


def schemas(path, contents):
    """Each schema is valid, has its own id, needs nothing from elsewhere, and takes the documented examples."""
    index = document.read(path / "schemas/index.json")
    events = {event for event, _, _ in document.webhooks(contents)}
    if {entry["name"] for entry in index["webhooks"]} != events:
        sys.exit(f"{path}/schemas/index.json does not list the webhooks of the document")
    for payload in (payload for entry in index["webhooks"] for payload in entry["payloads"]):
        if "schema" not in payload:
            continue
        schema = document.read(path / "schemas" / payload["schema"].rsplit("/", 1)[1])
        if schema["$id"] != payload["schema"]:
            sys.exit(f"{payload['schema']} has another $id")
        Draft202012Validator.check_schema(schema)
        for reference in references(schema):
            resolve(schema, reference)
        for example in payload.get("examples", []):
            Draft202012Validator(schema).validate(example)


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = value.values()
    elif not isinstance(value, list):
        return
    for part in value:
        yield from references(part)


def resolve(schema, reference):
    if not reference.startswith("#"):
        sys.exit(f"{schema['$id']} refers to {reference}, which is somewhere else")
    for token in reference[1:].split("/")[1:]:
        schema = schema[token.replace("~1", "/").replace("~0", "~")]


main(*sys.argv[1:])
