-- The numbers of deliveries of old messages. By primary key; deliveries lie between the two ids that are given with each
-- message.
DELETE FROM {prefix}sequence_number AS n USING unnest($1::bytea[], $2::bytea[]) AS given (low, high)
WHERE n.delivery >= given.low AND n.delivery <= given.high
  AND NOT EXISTS (SELECT 1 FROM {prefix}history AS h WHERE h.id = n.delivery)
  AND NOT EXISTS (SELECT 1 FROM {prefix}job AS j WHERE j.id = n.delivery)
