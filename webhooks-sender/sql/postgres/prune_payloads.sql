-- The payloads of messages that are older than their retention; not where a delivery, or the fan-out, still waits. By
-- primary key; the store's index by reference answers whether something waits, once for each message (`OFFSET 0`).
UPDATE {prefix}messages AS m SET body = NULL WHERE m.body IS NOT NULL AND m.id = ANY (ARRAY
    (SELECT given.id FROM unnest($1::bytea[]) AS given (id)
     WHERE NOT EXISTS (SELECT 1 FROM {prefix}job AS j WHERE j.reference = given.id OFFSET 0)))
