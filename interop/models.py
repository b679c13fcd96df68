"""datamodel-code-generator: pydantic models that import, cover each webhook and accept its documented examples."""

import importlib.util
import subprocess
import sys
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

import document

COMMAND = [sys.executable, "-m", "datamodel_code_generator", "--input-file-type", "openapi"]
SCOPES = ["--openapi-scopes", "schemas", "webhooks", "parameters"]
MODELS = ["--output-model-type", "pydantic_v2.BaseModel", "--disable-timestamp", "--formatters", "builtin"]


def main(output, *files):
    for file in files:
        contents = document.read(file)
        models = generate(file, Path(output) / "datamodel-codegen" / Path(file).parent.name)
        covered = [check(file, models, *webhook) for webhook in document.webhooks(contents)]
        print(f"{file}: {sum(covered)} payloads have a model")


def generate(file, folder):
    """The module that the generator writes, imported."""
    folder.mkdir(parents=True, exist_ok=True)
    module = folder / "models.py"
    module.unlink(missing_ok=True)
    subprocess.run([*COMMAND, "--input", file, *SCOPES, *MODELS, "--output", module], check=True)
    spec = importlib.util.spec_from_file_location(f"models_{folder.name}", module)
    models = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = models
    spec.loader.exec_module(models)
    return models


def check(file, models, event, method, operation):
    """The number of payloads of one webhook that have a model; all of those that name a component must."""
    covered = 0
    for schema, examples in document.payloads(operation):
        if schema is None:
            continue
        model = find(models, schema)
        if model is None:
            sys.exit(f"{file}: webhook {event} ({method}): no model for its payload {schema}")
        for example in examples:
            try:
                TypeAdapter(model).validate_python(example)
            except ValidationError as error:
                sys.exit(f"{file}: webhook {event} ({method}): its documented example is refused by {schema}: {error}")
        covered += 1
    return covered


def find(models, schema):
    """The generator respells names: `Envelope_Payment` becomes `EnvelopePayment`."""
    wanted = spelling(schema)
    return next((value for name, value in vars(models).items() if spelling(name) == wanted), None)


def spelling(name):
    return "".join(letter for letter in name if letter.isalnum()).lower()


main(*sys.argv[1:])
