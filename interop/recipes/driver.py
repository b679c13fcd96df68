
import base64, sys

NAMES = ["webhook-id", "webhook-timestamp", "webhook-signature"]
for line in sys.stdin.read().split("\n"):
    fields = [None if field == "-" else base64.b64decode("" if field == "=" else field) for field in line.split("\t")]
    secret, *values, body = fields
    headers = {name: value.decode() for name, value in zip(NAMES, values) if value is not None}
    print(verify(secret.decode(), headers, body))
