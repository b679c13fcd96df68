-- The attempts of a batch, in the transaction that records their outcomes.
INSERT INTO {prefix}attempts (delivery, claim, message, subscription, number, at, duration_ms, status, error, response)
SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::bytea[])
ON CONFLICT (delivery, claim) DO NOTHING
