"""Documents of 3.0 and what the upgrade made of them: what was valid is valid, as 3.1 and with a webhook."""

import sys
from pathlib import Path

from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

import document


def report(file):
    try:
        validate(document.read(file))
    except OpenAPIValidationError as error:
        return f"#/{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
    except Exception as error:  # a reference that leads nowhere ends in one of many exceptions
        return f"{type(error).__name__}: {error}"[:300]
    return None


def main(folder):
    folders = sorted(path for path in Path(folder).iterdir() if path.is_dir())
    valid = 0
    for path in folders:
        before, after = report(path / "before.json"), report(path / "after.json")
        if before is None and after is not None:
            sys.exit(f"{path}/after.json is not valid, although {path}/before.json is: {after}")
        if before is not None:
            print(f"{path.name} is not valid before the upgrade: {before}")
        valid += before is None
    if valid < 10:
        sys.exit(f"only {valid} of {len(folders)} documents are valid before the upgrade, which shows too little")
    print(f"{valid} of {len(folders)} documents are valid before and after the upgrade")


main(*sys.argv[1:])
