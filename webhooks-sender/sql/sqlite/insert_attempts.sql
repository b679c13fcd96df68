-- The attempts of a batch, in the transaction that records their outcomes.
WITH given(delivery, claim, message, subscription, number, at, duration_ms, status, error, response) AS (VALUES {rows})
INSERT INTO {prefix}attempts (delivery, claim, message, subscription, number, at, duration_ms, status, error, response)
SELECT * FROM given WHERE delivery IS NOT NULL
ON CONFLICT (delivery, claim) DO NOTHING
