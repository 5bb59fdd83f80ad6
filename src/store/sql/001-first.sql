-- SPDX-License-Identifier: GPL-3.0-or-later
-- Version 1. Text is for people; the raw bytes of a field stand in edit.before and edit.after.
-- Checks say OR: for an IN of three values or more, SQLite builds a table of them at each insert.

CREATE TABLE policy (
	digest     TEXT NOT NULL PRIMARY KEY,
	settings   TEXT NOT NULL,
	version    TEXT NOT NULL,
	first_seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- run.stripped counts replaced messages, too.
CREATE TABLE run (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	started_at  TEXT NOT NULL,
	finished_at TEXT,
	command     TEXT NOT NULL,
	input       TEXT,
	version     TEXT NOT NULL,
	messages    INTEGER NOT NULL DEFAULT 0,
	stripped    INTEGER NOT NULL DEFAULT 0,
	status      TEXT NOT NULL CHECK (status = 'running' OR status = 'done' OR status = 'failed')
) STRICT;

CREATE TABLE message (
	id                 INTEGER PRIMARY KEY AUTOINCREMENT,
	at                 TEXT NOT NULL,
	source             TEXT NOT NULL CHECK (
	                   source = 'filter' OR source = 'mbox' OR source = 'milter'),
	run                INTEGER REFERENCES run,
	queue_id           TEXT,
	message_id_header  TEXT,
	envelope_from      TEXT,
	client_address     TEXT,
	verdict            TEXT NOT NULL CHECK (
	                   verdict = 'authenticated' OR verdict = 'anonymous'
	                   OR verdict = 'unknown'),
	reason             TEXT NOT NULL,
	evidence           TEXT,
	auth_user          TEXT,
	in_scope           INTEGER NOT NULL CHECK (in_scope IN (0, 1)),
	action             TEXT NOT NULL CHECK (
	                   action = 'stripped' OR action = 'replaced' OR action = 'kept'
	                   OR action = 'refused'),
	outcome            TEXT NOT NULL CHECK (
	                   outcome = 'pending' OR outcome = 'sent' OR outcome = 'deferred'
	                   OR outcome = 'written' OR outcome = 'failed' OR outcome = 'dry-run'),
	size               INTEGER,
	from_before        TEXT,
	from_after         TEXT,
	head_before_sha256 TEXT,
	head_after_sha256  TEXT,
	signatures         TEXT NOT NULL DEFAULT '[]',
	policy             TEXT REFERENCES policy
) STRICT;

CREATE INDEX message_at ON message (at);
CREATE INDEX message_queue_id ON message (queue_id);
CREATE INDEX message_run ON message (run);
CREATE INDEX message_pending ON message (id) WHERE outcome = 'pending';

CREATE TABLE recipient (
	message INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
	address TEXT NOT NULL,
	PRIMARY KEY (message, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE edit (
	id            INTEGER PRIMARY KEY,
	message       INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
	field         TEXT NOT NULL,
	nth           INTEGER NOT NULL,
	action        TEXT NOT NULL CHECK (action IN ('stripped', 'replaced')),
	before        BLOB NOT NULL,
	after         BLOB NOT NULL,
	display_names TEXT NOT NULL DEFAULT '[]',
	addresses     TEXT NOT NULL DEFAULT '[]'
) STRICT;

CREATE INDEX edit_message ON edit (message);

-- A written row of a run counts only once the run is done.
CREATE VIEW history AS
SELECT m.id, m.at, m.queue_id, m.message_id_header, m.client_address, m.verdict, m.reason, m.action,
       CASE WHEN m.outcome = 'written' AND r.status = 'running' THEN 'pending'
            WHEN m.outcome = 'written' AND r.status = 'failed' THEN 'failed'
            ELSE m.outcome END AS outcome,
       m.from_before, m.from_after
  FROM message AS m LEFT JOIN run AS r ON r.id = m.run;
