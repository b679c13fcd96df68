-- Unfinished jobs. Nothing says that a job is being worked on: who owns its slot knows. scheduled: it was written before it
-- was due. version counts the changes of the row within a generation, attempts the tries. held_until: an ordered job that waits
-- for its next try keeps its place. starts: how often its request began, in slots whose owners die, without an outcome. position: where the row came, or came again; it only grows and is never used twice.
CREATE TABLE {prefix}job (
    position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    queue TEXT NOT NULL,
    slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 255),
    lane BLOB NOT NULL,
    owner INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    scheduled INTEGER NOT NULL DEFAULT 0 CHECK (scheduled BETWEEN 0 AND 1),
    generation INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    starts INTEGER NOT NULL DEFAULT 0,
    held_until INTEGER,
    reference BLOB,
    order_key TEXT,
    labels TEXT,
    created_at INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;

-- The order of each lane.
CREATE INDEX {prefix}job_lane ON {prefix}job (queue, slot, lane, due_at, id);
-- Whose time comes, and has come.
CREATE INDEX {prefix}job_scheduled ON {prefix}job (queue, due_at, id) WHERE scheduled = 1;

-- Until when ordered jobs wait for their next try.
CREATE INDEX {prefix}job_held ON {prefix}job (queue, held_until) WHERE held_until IS NOT NULL;

-- The processes that share the slots, each with its lease, and whether it holds the lock next to the file as long as it lives.
CREATE TABLE {prefix}worker (
    id BLOB NOT NULL PRIMARY KEY,
    capacity INTEGER NOT NULL,
    ttl_ms INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    is_locked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Who owns the lanes of each slot. A row is written when its owner changes, and never otherwise. deaths: how many owners in a
-- row have died with it, each within half an hour of the one before. refused_by: who left it to the others, because it lacks
-- what one of its lanes needs.
CREATE TABLE {prefix}slot (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot BETWEEN 0 AND 255),
    worker BLOB,
    epoch INTEGER NOT NULL DEFAULT 0,
    deaths INTEGER NOT NULL DEFAULT 0,
    died_at INTEGER NOT NULL DEFAULT 0,
    refused_by BLOB
) STRICT;
INSERT INTO {prefix}slot (slot)
WITH RECURSIVE number (slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM number WHERE slot < 255)
SELECT slot FROM number;

-- Finished jobs, each with its last attempt if one was made. state: 3 done, 4 failed, 5 cancelled.
CREATE TABLE {prefix}history (
    id BLOB NOT NULL PRIMARY KEY,
    queue TEXT NOT NULL,
    slot INTEGER NOT NULL,
    lane BLOB NOT NULL,
    owner INTEGER NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 3 AND 5),
    generation INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    reference BLOB,
    order_key TEXT,
    labels TEXT,
    data BLOB NOT NULL,
    tried_at INTEGER,
    duration_ms INTEGER,
    status INTEGER,
    error TEXT
) STRICT, WITHOUT ROWID;

-- The history of a lane, by id.
CREATE INDEX {prefix}history_lane ON {prefix}history (lane, id);
-- What failed in a lane since a time, however much succeeded.
CREATE INDEX {prefix}history_failed ON {prefix}history (lane, finished_at, id) WHERE state = 4;
-- What failed, of all and of one owner, by id.
CREATE INDEX {prefix}history_failures ON {prefix}history (state, id) WHERE state = 4;
CREATE INDEX {prefix}history_failures_of ON {prefix}history (owner, id) WHERE state = 4;

-- The attempts that are not the last of a finished job: failed ones, mostly.
CREATE TABLE {prefix}attempt (
    job BLOB NOT NULL,
    generation INTEGER NOT NULL,
    number INTEGER NOT NULL,
    lane BLOB NOT NULL,
    at INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    PRIMARY KEY (job, generation, number)
) STRICT, WITHOUT ROWID;

-- The attempts of a lane, by job.
CREATE INDEX {prefix}attempt_lane ON {prefix}attempt (lane, job, generation, number);

-- What came back for an attempt, apart from it because it is forgotten earlier. The key begins with the attempt's time.
CREATE TABLE {prefix}answer (
    at INTEGER NOT NULL,
    job BLOB NOT NULL,
    generation INTEGER NOT NULL,
    number INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (at, job, generation, number)
) STRICT, WITHOUT ROWID;
