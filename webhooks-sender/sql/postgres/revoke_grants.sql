-- Takes back what one owner was granted: one grant, or all. By the index grants_by_owner.
DELETE FROM {prefix}grants WHERE owner = $1 AND ($2::bytea IS NULL OR id = $2::bytea)
