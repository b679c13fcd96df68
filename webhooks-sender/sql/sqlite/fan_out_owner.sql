-- A page of the subscriptions of one owner with one pattern. By primary key, in its order.
SELECT subscription FROM {prefix}patterns WHERE owner = ?1 AND pattern = ?2 AND subscription > ?3
ORDER BY subscription LIMIT ?4
