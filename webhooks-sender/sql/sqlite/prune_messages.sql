-- Messages that are older than their retention and of which no delivery is left. By primary key; deliveries lie between
-- the two ids that are given with each message, in the store's primary keys.
WITH given(id, low, high) AS (VALUES {rows})
DELETE FROM {prefix}messages WHERE id IN (
    SELECT given.id FROM given
    WHERE NOT EXISTS (SELECT 1 FROM {prefix}job AS j
                      WHERE j.id >= given.low AND j.id <= given.high AND j.reference = given.id)
      AND NOT EXISTS (SELECT 1 FROM {prefix}history AS h
                      WHERE h.id >= given.low AND h.id <= given.high AND h.reference = given.id))
