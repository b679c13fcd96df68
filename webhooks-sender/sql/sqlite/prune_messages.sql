-- Messages that are older than their retention and of which no delivery is left. By primary key; the store's indexes by
-- reference answer whether there is a delivery.
WITH given(id) AS (VALUES {rows})
DELETE FROM {prefix}messages WHERE id IN
    (SELECT given.id FROM given WHERE given.id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM {prefix}job AS j WHERE j.reference = given.id)
       AND NOT EXISTS (SELECT 1 FROM {prefix}finished_job AS f WHERE f.reference = given.id))
