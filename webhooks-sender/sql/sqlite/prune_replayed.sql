-- What made deliveries of old messages again. By primary key; deliveries lie between the two ids that are given with each
-- message.
WITH given(low, high) AS (VALUES {rows})
DELETE FROM {prefix}replayed WHERE delivery IN (
    SELECT r.delivery FROM given CROSS JOIN {prefix}replayed AS r ON r.delivery >= given.low AND r.delivery <= given.high
    WHERE given.low IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM {prefix}history AS h WHERE h.id = r.delivery)
      AND NOT EXISTS (SELECT 1 FROM {prefix}job AS j WHERE j.id = r.delivery))
