-- New messages. One whose idempotency key is known is left out; by the unique index messages_by_key.
WITH given(id, event, owner, bare, wire, body, created, expires, idempotency_key, labels) AS (VALUES {rows})
INSERT INTO {prefix}messages (id, event, owner, bare, wire, body, created, expires, idempotency_key, labels)
SELECT id, event, owner, bare, wire, body, created, expires, idempotency_key, labels FROM given WHERE id IS NOT NULL
ON CONFLICT (owner, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
