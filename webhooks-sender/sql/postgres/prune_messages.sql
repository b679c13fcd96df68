-- Messages that are older than their retention and of which no delivery is left. By primary key; deliveries lie between
-- the two ids that are given with each message, in the store's primary keys. `OFFSET 0` keeps that a question for each
-- message: as a join, the planner would read all finished deliveries.
DELETE FROM {prefix}messages AS m
USING unnest($1::bytea[], $2::bytea[], $3::bytea[]) AS given (id, low, high)
WHERE m.id = given.id
  AND NOT EXISTS (SELECT 1 FROM {prefix}job AS j
                  WHERE j.id >= given.low AND j.id <= given.high AND j.reference = given.id OFFSET 0)
  AND NOT EXISTS (SELECT 1 FROM {prefix}history AS h
                  WHERE h.id >= given.low AND h.id <= given.high AND h.reference = given.id OFFSET 0)
