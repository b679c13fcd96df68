-- What a session was granted. By primary key: the sum keeps grants_by_end out.
SELECT g.id, g.owner, g.content FROM {prefix}grants AS g WHERE g.hash = $2 AND g.is_code = 0 AND g.expires + 0 > {now}
