-- What the code or the session of this hash gives. By primary key: the sum keeps grants_by_end out.
SELECT g.id, g.owner, g.content, g.is_code FROM {prefix}grants AS g WHERE g.hash = ?2 AND g.expires + 0 > {now}
