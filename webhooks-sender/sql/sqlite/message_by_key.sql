-- What was sent with an idempotency key. By the unique index messages_by_key.
SELECT id, event, bare FROM {prefix}messages WHERE owner = ?1 AND idempotency_key = ?2
