-- What made deliveries of old messages again. By primary key; deliveries lie between the two ids that are given with each
-- message.
DELETE FROM {prefix}replayed AS r USING unnest($1::bytea[], $2::bytea[]) AS given (low, high)
WHERE r.delivery >= given.low AND r.delivery <= given.high
  AND NOT EXISTS (SELECT 1 FROM {prefix}history AS h WHERE h.id = r.delivery)
  AND NOT EXISTS (SELECT 1 FROM {prefix}job AS j WHERE j.id = r.delivery)
