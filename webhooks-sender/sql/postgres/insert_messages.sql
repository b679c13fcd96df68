-- New messages. One whose idempotency key is known is left out; by the unique index messages_by_key.
INSERT INTO {prefix}messages (id, event, owner, bare, wire, body, created, expires, idempotency_key, labels)
SELECT id, event, owner, bare, wire, body, created, expires, idempotency_key, labels
FROM unnest($1::bytea[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bytea[], $7::bigint[], $8::bigint[], $9::text[], $10::text[])
    AS given (id, event, owner, bare, wire, body, created, expires, idempotency_key, labels)
ON CONFLICT (owner, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
