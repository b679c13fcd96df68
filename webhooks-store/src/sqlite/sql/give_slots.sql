-- Gives slots back, or (?2) leaves them to the others; found by their key.
WITH given (slot) AS (VALUES {rows})
UPDATE {prefix}slot SET worker = NULL, refused_by = iif(?2 = 1, ?1, refused_by)
WHERE slot IN (SELECT slot FROM given) AND worker = ?1;
