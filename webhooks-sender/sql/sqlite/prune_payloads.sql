-- The payloads of messages that are older than their retention; not where a delivery, or the fan-out, still waits. By
-- primary key; what waits lies between the two ids that are given with each message, in the store's primary key.
WITH given(id, low, high) AS (VALUES {rows})
UPDATE {prefix}messages SET body = NULL WHERE body IS NOT NULL AND id IN (
    SELECT given.id FROM given
    WHERE NOT EXISTS (SELECT 1 FROM {prefix}job AS j
                      WHERE j.id >= given.low AND j.id <= given.high AND j.reference = given.id))
