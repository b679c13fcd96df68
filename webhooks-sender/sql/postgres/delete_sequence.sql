-- A removed subscription's sequence. By primary key.
DELETE FROM {prefix}sequence WHERE subscription = $1
