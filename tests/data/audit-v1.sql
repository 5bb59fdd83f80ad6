-- SPDX-License-Identifier: GPL-3.0-or-later
-- An audit database of schema version 1: sqlite3 NEW.db <audit-v1.sql. Made by barefrom 0.1.0 with
-- rows of every outcome, action, verdict and run status, as sqlite3 dumps it; the pragmas around it,
-- which a dump leaves out, are those that barefrom had set.
PRAGMA auto_vacuum=INCREMENTAL;
PRAGMA journal_mode=WAL;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE policy (
	digest     TEXT NOT NULL PRIMARY KEY,
	settings   TEXT NOT NULL,
	version    TEXT NOT NULL,
	first_seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO policy VALUES('46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a',replace('trusted-by=mx.example.org\nrelay-nets=\ntrusted-clients=\nfilter-uids=\nuser-uids=\nhidden-by=\nsubmission-by=\nwebmail-by=\ncomment-dialect=\nrelay-accounts=\nauthserv-id=\nar-stripped=false\nunknown=anonymous\nresolve-anonymous=false\nscope=everyone\ndomains=\nfields=From;Sender;Reply-To\n','\n',char(10)),'0.1.0','2026-11-28T00:45:09.252Z');
INSERT INTO policy VALUES('4ea06f0929ea67c5d91a491775d17789712d24bb4bcf01b03257019143137245',replace('trusted-by=mx.example.org\nrelay-nets=\ntrusted-clients=\nfilter-uids=\nuser-uids=\nhidden-by=\nsubmission-by=\nwebmail-by=\ncomment-dialect=\nrelay-accounts=\nauthserv-id=\nar-stripped=false\nunknown=anonymous\nresolve-anonymous=false\nscope=domains\ndomains=corp.example\nfields=From,To\n','\n',char(10)),'0.1.0','2026-11-28T00:45:10.759Z');
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
INSERT INTO run VALUES(1,'2026-11-28T00:45:10.859Z','2026-11-28T00:45:10.869Z','mbox','a.mbox','0.1.0',2,1,'done');
INSERT INTO run VALUES(2,'2026-11-28T00:45:10.936Z','2026-11-28T00:45:10.953Z','mbox','a.mbox','0.1.0',2,1,'failed');
INSERT INTO run VALUES(3,'2026-11-28T00:45:10.998Z','2026-11-28T00:45:11.025Z','mbox','a.mbox','0.1.0',2,1,'done');
INSERT INTO run VALUES(4,'2026-11-28T00:45:11.134Z',NULL,'mbox','b.mbox','0.1.0',2,1,'running');
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
INSERT INTO message VALUES(1,'2026-11-28T00:45:09.252Z','filter',NULL,NULL,'<m1@x.example>',NULL,NULL,'unknown','no-trace','no Received field',NULL,1,'replaced','written',196,'"a�[2Jb�c�d�e�f" <x@y.example>','unknown-sender@barefrom.invalid','4a9ffcd71a860ebdce75ed3141af0c59d72add79bd1ffda03b97fdcef0294116','e7877081d19793cc1284955b730884b642274a6c45fab5c7755e35987c22fa56','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(2,'2026-11-28T00:45:09.325Z','filter',NULL,'4QA',NULL,'s@x.example','192.0.2.7','anonymous','sasl-fact','fact: the session had no login',NULL,1,'stripped','sent',213,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','b831bb79b8d340c77b22212a655f138efa4ba8fdea7d17893308ce72058a4d02','211460107cedf9c89ed120193647d4807e8f3b9631280f531265b981deb32547','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(3,'2026-11-28T00:45:09.389Z','filter',NULL,'4QB',NULL,'',NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','deferred',213,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','b831bb79b8d340c77b22212a655f138efa4ba8fdea7d17893308ce72058a4d02','211460107cedf9c89ed120193647d4807e8f3b9631280f531265b981deb32547','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(4,'2026-11-28T00:45:09.461Z','filter',NULL,'4QC',NULL,'s@x.example',NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','pending',213,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','b831bb79b8d340c77b22212a655f138efa4ba8fdea7d17893308ce72058a4d02','211460107cedf9c89ed120193647d4807e8f3b9631280f531265b981deb32547','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(5,'2026-11-28T00:45:10.498Z','filter',NULL,'4QD',NULL,'s@x.example',NULL,'unknown','no-trace','no Received field',NULL,1,'refused','deferred',47,'"Ja��ne" <j@corp.example>','"Ja��ne" <j@corp.example>','2c1d5c35a17b95e40972c2352ff00735e2f966942420536ed5de2950998c6bc5','2c1d5c35a17b95e40972c2352ff00735e2f966942420536ed5de2950998c6bc5','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(6,'2026-11-28T00:45:10.527Z','filter',NULL,NULL,NULL,NULL,NULL,'unknown','no-trace','no Received field',NULL,1,'refused','failed',47,'"Ja��ne" <j@corp.example>','"Ja��ne" <j@corp.example>','2c1d5c35a17b95e40972c2352ff00735e2f966942420536ed5de2950998c6bc5','2c1d5c35a17b95e40972c2352ff00735e2f966942420536ed5de2950998c6bc5','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(7,'2026-11-28T00:45:10.586Z','filter',NULL,NULL,'<m1@x.example>',NULL,NULL,'unknown','no-trace','no Received field',NULL,1,'replaced','failed',196,'"a�[2Jb�c�d�e�f" <x@y.example>','unknown-sender@barefrom.invalid','4a9ffcd71a860ebdce75ed3141af0c59d72add79bd1ffda03b97fdcef0294116','e7877081d19793cc1284955b730884b642274a6c45fab5c7755e35987c22fa56','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(8,'2026-11-28T00:45:10.639Z','filter',NULL,NULL,NULL,NULL,NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','dry-run',213,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','b831bb79b8d340c77b22212a655f138efa4ba8fdea7d17893308ce72058a4d02','211460107cedf9c89ed120193647d4807e8f3b9631280f531265b981deb32547','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(9,'2026-11-28T00:45:10.703Z','filter',NULL,NULL,NULL,NULL,NULL,'authenticated','sasl-fact','fact: login jane','jane',1,'kept','written',213,'"Jane Doe, CEO" <ceo@corp.example>','"Jane Doe, CEO" <ceo@corp.example>','b831bb79b8d340c77b22212a655f138efa4ba8fdea7d17893308ce72058a4d02','b831bb79b8d340c77b22212a655f138efa4ba8fdea7d17893308ce72058a4d02','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(10,'2026-11-28T00:45:10.759Z','filter',NULL,NULL,NULL,NULL,NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','written',213,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','b831bb79b8d340c77b22212a655f138efa4ba8fdea7d17893308ce72058a4d02','211460107cedf9c89ed120193647d4807e8f3b9631280f531265b981deb32547','[]','4ea06f0929ea67c5d91a491775d17789712d24bb4bcf01b03257019143137245');
INSERT INTO message VALUES(11,'2026-11-28T00:45:10.863Z','mbox',1,NULL,NULL,'eve@evil.example',NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','written',214,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','b831bb79b8d340c77b22212a655f138efa4ba8fdea7d17893308ce72058a4d02','211460107cedf9c89ed120193647d4807e8f3b9631280f531265b981deb32547','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(12,'2026-11-28T00:45:10.863Z','mbox',1,NULL,NULL,'MAILER-DAEMON',NULL,'authenticated','with','hop 0: by mx.example.org with ESMTPSA',NULL,1,'kept','written',215,'"Jane Doe, CEO" <ceo@corp.example>','"Jane Doe, CEO" <ceo@corp.example>','b57ff7b101f972437517a5b9a70f8e07ea0dba56e2772074ef77c1a9c0db9bdc','b57ff7b101f972437517a5b9a70f8e07ea0dba56e2772074ef77c1a9c0db9bdc','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(13,'2026-11-28T00:45:10.945Z','mbox',2,NULL,NULL,'eve@evil.example',NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','written',214,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','b831bb79b8d340c77b22212a655f138efa4ba8fdea7d17893308ce72058a4d02','211460107cedf9c89ed120193647d4807e8f3b9631280f531265b981deb32547','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(14,'2026-11-28T00:45:10.945Z','mbox',2,NULL,NULL,'MAILER-DAEMON',NULL,'authenticated','with','hop 0: by mx.example.org with ESMTPSA',NULL,1,'kept','written',NULL,'"Jane Doe, CEO" <ceo@corp.example>','"Jane Doe, CEO" <ceo@corp.example>','b57ff7b101f972437517a5b9a70f8e07ea0dba56e2772074ef77c1a9c0db9bdc','b57ff7b101f972437517a5b9a70f8e07ea0dba56e2772074ef77c1a9c0db9bdc','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(15,'2026-11-28T00:45:11.009Z','mbox',3,NULL,NULL,'eve@evil.example',NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','dry-run',214,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','b831bb79b8d340c77b22212a655f138efa4ba8fdea7d17893308ce72058a4d02','211460107cedf9c89ed120193647d4807e8f3b9631280f531265b981deb32547','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(16,'2026-11-28T00:45:11.009Z','mbox',3,NULL,NULL,'MAILER-DAEMON',NULL,'authenticated','with','hop 0: by mx.example.org with ESMTPSA',NULL,1,'kept','dry-run',215,'"Jane Doe, CEO" <ceo@corp.example>','"Jane Doe, CEO" <ceo@corp.example>','b57ff7b101f972437517a5b9a70f8e07ea0dba56e2772074ef77c1a9c0db9bdc','b57ff7b101f972437517a5b9a70f8e07ea0dba56e2772074ef77c1a9c0db9bdc','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(17,'2026-11-28T00:45:11.146Z','mbox',4,NULL,NULL,'eve@evil.example',NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','written',214,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','b831bb79b8d340c77b22212a655f138efa4ba8fdea7d17893308ce72058a4d02','211460107cedf9c89ed120193647d4807e8f3b9631280f531265b981deb32547','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(18,'2026-11-28T00:45:11.146Z','mbox',4,NULL,NULL,'MAILER-DAEMON',NULL,'authenticated','with','hop 0: by mx.example.org with ESMTPSA',NULL,1,'kept','written',215,'"Jane Doe, CEO" <ceo@corp.example>','"Jane Doe, CEO" <ceo@corp.example>','b57ff7b101f972437517a5b9a70f8e07ea0dba56e2772074ef77c1a9c0db9bdc','b57ff7b101f972437517a5b9a70f8e07ea0dba56e2772074ef77c1a9c0db9bdc','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
CREATE TABLE recipient (
	message INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
	address TEXT NOT NULL,
	PRIMARY KEY (message, address)
) STRICT, WITHOUT ROWID;
INSERT INTO recipient VALUES(2,'"b c"@y.example');
INSERT INTO recipient VALUES(2,'a@y.example');
INSERT INTO recipient VALUES(2,'jörg@y.example');
INSERT INTO recipient VALUES(3,'a@y.example');
INSERT INTO recipient VALUES(4,'a@y.example');
INSERT INTO recipient VALUES(5,'a@y.example');
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
INSERT INTO edit VALUES(1,1,'From',1,'replaced',X'46726f6d3a2022611b5b324a6200637f64c29b65ff6622203c7840792e6578616d706c653e0d0a',X'46726f6d3a20756e6b6e6f776e2d73656e646572406261726566726f6d2e696e76616c69640d0a','["\"a�[2Jb�c�d�e�f\" <x@y.example>"]','[]');
INSERT INTO edit VALUES(2,1,'Sender',1,'stripped',X'53656e6465723a203d3f5554462d383f513f4a3d43333d41346e653f3d3a206140782e6578616d706c652c0a2022427c2722203c6240782e6578616d706c653e3b0a',X'53656e6465723a206140782e6578616d706c652c206240782e6578616d706c650a','["Jäne","B|''"]','["a@x.example","b@x.example"]');
INSERT INTO edit VALUES(3,1,'Reply-To',1,'replaced',X'5265706c792d546f3a2074686520626f73730a',X'5265706c792d546f3a20756e6b6e6f776e2d73656e646572406261726566726f6d2e696e76616c69640a','["the boss"]','[]');
INSERT INTO edit VALUES(4,2,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(5,3,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(6,4,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(7,7,'From',1,'replaced',X'46726f6d3a2022611b5b324a6200637f64c29b65ff6622203c7840792e6578616d706c653e0d0a',X'46726f6d3a20756e6b6e6f776e2d73656e646572406261726566726f6d2e696e76616c69640d0a','["\"a�[2Jb�c�d�e�f\" <x@y.example>"]','[]');
INSERT INTO edit VALUES(8,7,'Sender',1,'stripped',X'53656e6465723a203d3f5554462d383f513f4a3d43333d41346e653f3d3a206140782e6578616d706c652c0a2022427c2722203c6240782e6578616d706c653e3b0a',X'53656e6465723a206140782e6578616d706c652c206240782e6578616d706c650a','["Jäne","B|''"]','["a@x.example","b@x.example"]');
INSERT INTO edit VALUES(9,7,'Reply-To',1,'replaced',X'5265706c792d546f3a2074686520626f73730a',X'5265706c792d546f3a20756e6b6e6f776e2d73656e646572406261726566726f6d2e696e76616c69640a','["the boss"]','[]');
INSERT INTO edit VALUES(10,8,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(11,10,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(12,11,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(13,13,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(14,15,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(15,17,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('message',18);
INSERT INTO sqlite_sequence VALUES('run',4);
CREATE INDEX message_at ON message (at);
CREATE INDEX message_queue_id ON message (queue_id);
CREATE INDEX message_run ON message (run);
CREATE INDEX message_pending ON message (id) WHERE outcome = 'pending';
CREATE INDEX edit_message ON edit (message);
CREATE VIEW history AS
SELECT m.id, m.at, m.queue_id, m.message_id_header, m.client_address, m.verdict, m.reason, m.action,
       CASE WHEN m.outcome = 'written' AND r.status = 'running' THEN 'pending'
            WHEN m.outcome = 'written' AND r.status = 'failed' THEN 'failed'
            ELSE m.outcome END AS outcome,
       m.from_before, m.from_after
  FROM message AS m LEFT JOIN run AS r ON r.id = m.run;
COMMIT;
PRAGMA application_id=0x42524652;
PRAGMA user_version=1;
