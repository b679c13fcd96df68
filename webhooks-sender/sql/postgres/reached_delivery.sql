-- Whether a delivery is an owner's: its subscription's, or its message's where the subscription was removed. By primary keys.
-- `OFFSET 0` keeps each a question for one row: else all of the owner's would be read.
SELECT d.id FROM (
    SELECT j.id, j.lane, j.reference FROM {prefix}job AS j WHERE j.id = $1
    UNION ALL
    SELECT h.id, h.lane, h.reference FROM {prefix}history AS h WHERE h.id = $1
) AS d
WHERE EXISTS (SELECT 1 FROM {prefix}subscriptions AS s WHERE s.id = d.lane AND s.owner = $2 OFFSET 0)
   OR NOT EXISTS (SELECT 1 FROM {prefix}subscriptions AS s WHERE s.id = d.lane OFFSET 0)
      AND EXISTS (SELECT 1 FROM {prefix}messages AS m WHERE m.id = d.reference AND m.owner = $2 OFFSET 0)
