-- The payloads of messages that are older than their retention; not where a delivery, or the fan-out, still waits. By
-- primary key; what waits lies between the two ids that are given with each message, in the store's primary key.
UPDATE {prefix}messages AS m SET body = NULL
FROM unnest($1::bytea[], $2::bytea[], $3::bytea[]) AS given (id, low, high)
WHERE m.id = given.id AND m.body IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM {prefix}job AS j
                  WHERE j.id >= given.low AND j.id <= given.high AND j.reference = given.id OFFSET 0)
