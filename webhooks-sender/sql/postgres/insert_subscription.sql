-- A new subscription.
INSERT INTO {prefix}subscriptions (id, owner, target, settings, secrets, sealing_key, state, static_key, created, changed,
                                   expires, request_key, own_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12)
