-- The payloads of messages that are older than their retention; not where a delivery, or the fan-out, still waits. By
-- primary key; the store's index by reference answers whether something waits.
WITH given(id) AS (VALUES {rows})
UPDATE {prefix}messages SET body = NULL WHERE body IS NOT NULL AND id IN
    (SELECT given.id FROM given WHERE given.id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM {prefix}job AS j WHERE j.reference = given.id))
