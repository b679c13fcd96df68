-- Removes what came back for deliveries. By the store's primary keys: the times of their attempts are looked up first.
WITH given(id) AS (VALUES {rows})
DELETE FROM {prefix}answer WHERE at IN (
    SELECT t.at FROM given CROSS JOIN {prefix}attempt AS t ON t.job = given.id WHERE given.id IS NOT NULL
    UNION ALL
    SELECT h.tried_at FROM given CROSS JOIN {prefix}history AS h ON h.id = given.id
    WHERE given.id IS NOT NULL AND h.tried_at IS NOT NULL)
AND job IN (SELECT id FROM given)
