"""Requests captured from our sender, verified by the official libraries for Python."""

import json
import sys

import standardwebhooks
import svix

OTHER_WHSEC = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
LIBRARIES = {"standardwebhooks": standardwebhooks, "svix": svix}


def accepts(library, secret, request):
    """Whether the library takes the request."""
    webhook = LIBRARIES[library].Webhook(secret)
    try:
        if library == "standardwebhooks":
            webhook.verify(request["body"], request["headers"], json_parse=False)
        else:
            webhook.verify(request["body"], request["headers"])
    except Exception:  # Each library has its own, and some parse before they verify.
        return False
    return True


def changes(capture):
    """The request with one thing different that was signed."""
    body, headers = capture["body"], capture["headers"]
    yield "another body", {**capture, "body": body.replace("{", "{ ", 1) if body else " "}
    for part in ("id", "timestamp", "signature"):
        name = f"{capture['prefix']}-{part}"
        rest = {key: value for key, value in headers.items() if key != name}
        yield f"no {name}", {**capture, "headers": rest}
        yield f"another {name}", {**capture, "headers": {**rest, name: other(part, headers[name])}}


def other(part, value):
    """A value of the same form that is not this one."""
    if part == "signature":
        return " ".join(
            one.split(",")[0] + ("," + ("B" if one.split(",")[1][0] == "A" else "A")) + one.split(",")[1][1:]
            for one in value.split(" ")
        )
    return value[:-1] + ("6" if value.endswith("5") else "5")


def main():
    """Fails unless every library agrees with us about every request."""
    with open(sys.argv[1], encoding="utf-8") as file:
        captures = json.load(file)
    failures, checked, accepted = [], dict.fromkeys(LIBRARIES, 0), set()

    def expect(library, what, wanted, found):
        checked[library] += 1
        if wanted and found:
            accepted.add(library)
        if found != wanted:
            failures.append(f"{library}: {what} is {'accepted' if found else 'refused'}")

    for capture in captures:
        for library in LIBRARIES:
            if capture["prefix"] == "svix" and library != "svix":
                continue
            name = capture["name"]
            for secret in capture["secrets"]:
                expect(library, name, True, accepts(library, secret, capture))
                for what, changed in changes(capture):
                    expect(library, f"{name}: {what}", False, accepts(library, secret, changed))
            expect(library, f"{name}: another secret", False, accepts(library, OTHER_WHSEC, capture))
    for library, count in checked.items():
        print(f"{library}: {count} requests as expected")
    if failures or accepted != set(LIBRARIES):
        sys.exit("\n".join(failures) or "a library accepted nothing")


main()
