-- The patterns of a subscription that gets messages.
INSERT INTO {prefix}patterns (owner, pattern, subscription)
SELECT owner, pattern, subscription FROM unnest($1::text[], $2::text[], $3::bytea[]) AS given (owner, pattern, subscription)
