-- Gives slots back, or ($2) leaves them to the others; found by their key.
UPDATE {prefix}slot SET worker = NULL, refused_by = CASE WHEN $2::bigint = 1 THEN $1 ELSE refused_by END
WHERE slot = ANY ($3::bigint[]) AND worker = $1;
