-- The patterns of a subscription that gets messages.
WITH given(owner, pattern, subscription) AS (VALUES {rows})
INSERT INTO {prefix}patterns (owner, pattern, subscription)
SELECT owner, pattern, subscription FROM given WHERE owner IS NOT NULL
