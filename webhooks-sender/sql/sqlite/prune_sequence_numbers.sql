-- The numbers of deliveries of old messages. By primary key; deliveries lie between the two ids that are given with each
-- message.
WITH given(low, high) AS (VALUES {rows})
DELETE FROM {prefix}sequence_number WHERE delivery IN (
    SELECT n.delivery FROM given CROSS JOIN {prefix}sequence_number AS n ON n.delivery >= given.low AND n.delivery <= given.high
    WHERE given.low IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM {prefix}history AS h WHERE h.id = n.delivery)
      AND NOT EXISTS (SELECT 1 FROM {prefix}job AS j WHERE j.id = n.delivery))
