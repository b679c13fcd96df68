-- The code becomes a session: the first one gets it. By primary key: the sum keeps grants_by_end out.
UPDATE {prefix}grants SET hash = $3, is_code = 0, expires = {now} + lasts
WHERE hash = $2 AND is_code = 1 AND expires + 0 > {now}
RETURNING id, owner, content, is_code
