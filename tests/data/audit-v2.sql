-- SPDX-License-Identifier: GPL-3.0-or-later
-- An audit database of schema version 2: sqlite3 NEW.db <audit-v2.sql. Made by barefrom 0.1.0 with
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
INSERT INTO policy VALUES('46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a',replace('trusted-by=mx.example.org\nrelay-nets=\ntrusted-clients=\nfilter-uids=\nuser-uids=\nhidden-by=\nsubmission-by=\nwebmail-by=\ncomment-dialect=\nrelay-accounts=\nauthserv-id=\nar-stripped=false\nunknown=anonymous\nresolve-anonymous=false\nscope=everyone\ndomains=\nfields=From;Sender;Reply-To\n','\n',char(10)),'0.1.0','2026-11-29T04:58:51.706Z');
INSERT INTO policy VALUES('af8ff26eb8da36f38d0c7c6123939a85e99f25109a453c58df23c782087a40b1',replace('trusted-by=mx.example.org\nrelay-nets=\ntrusted-clients=\nfilter-uids=\nuser-uids=\nhidden-by=\nsubmission-by=\nwebmail-by=\ncomment-dialect=\nrelay-accounts=\nauthserv-id=\nar-stripped=false\nunknown=authenticated\nresolve-anonymous=false\nscope=everyone\ndomains=\nfields=From;Sender;Reply-To\n','\n',char(10)),'0.1.0','2026-11-29T04:58:51.798Z');
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
INSERT INTO run VALUES(1,'2026-11-29T04:58:51.814Z','2026-11-29T04:58:51.816Z','mbox','a.mbox','0.1.0',2,1,'done');
INSERT INTO run VALUES(2,'2026-11-29T04:58:51.824Z','2026-11-29T04:58:51.827Z','mbox','a.mbox','0.1.0',2,1,'failed');
INSERT INTO run VALUES(3,'2026-11-29T04:58:51.833Z','2026-11-29T04:58:51.835Z','mbox','a.mbox','0.1.0',2,1,'done');
INSERT INTO run VALUES(4,'2026-11-29T04:58:51.849Z','2026-11-29T04:58:51.863Z','mbox','Md','0.1.0',2,1,'done');
INSERT INTO run VALUES(5,'2026-11-29T04:58:52.648Z',NULL,'mbox','b.mbox','0.1.0',2,1,'running');
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
INSERT INTO message VALUES(1,'2026-11-29T04:58:51.706Z','filter',NULL,NULL,'<m1@x.example>',NULL,NULL,'unknown','no-trace','no Received field',NULL,1,'replaced','written',156,'"a�[2Jb�c�d�e�f" <x@y.example>','unknown-sender@barefrom.invalid','aa1decb2a078ec30dc488f626b663f435ad5a59b08c2200786864da20f657694','697b0665d313baf01c8292aaf2983e8be6347c5b8d5e7c7df3b92866336510f3','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(2,'2026-11-29T04:58:51.719Z','filter',NULL,'4QA','<m2@x.example>','s@x.example','192.0.2.7','anonymous','sasl-fact','fact: the session had no login',NULL,1,'stripped','sent',271,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','9e6839e0d066ec064faa0c30f56721c22d4302f9c1ed70cebe6b3ee1458abbd5','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(3,'2026-11-29T04:58:51.729Z','filter',NULL,'4QA','<m2@x.example>','s@x.example','192.0.2.7','anonymous','sasl-fact','fact: the session had no login',NULL,1,'stripped','sent',271,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','9e6839e0d066ec064faa0c30f56721c22d4302f9c1ed70cebe6b3ee1458abbd5','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(4,'2026-11-29T04:58:51.741Z','filter',NULL,'4QB','<m2@x.example>','',NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','deferred',271,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','9e6839e0d066ec064faa0c30f56721c22d4302f9c1ed70cebe6b3ee1458abbd5','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(5,'2026-11-29T04:58:51.753Z','filter',NULL,'4QB','<m2@x.example>','',NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','sent',271,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','9e6839e0d066ec064faa0c30f56721c22d4302f9c1ed70cebe6b3ee1458abbd5','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(6,'2026-11-29T04:58:51.763Z','filter',NULL,'4QC','<m2@x.example>','s@x.example',NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','pending',271,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','9e6839e0d066ec064faa0c30f56721c22d4302f9c1ed70cebe6b3ee1458abbd5','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(7,'2026-11-29T04:58:51.773Z','filter',NULL,'4QD',NULL,'s@x.example',NULL,'unknown','no-trace','no Received field',NULL,1,'refused','deferred',36,'"Ja��ne" <j@corp.example>','"Ja��ne" <j@corp.example>','46b8a8ca28718063995399dbf5dca8f6387fa229f88bbdfd51a7ff373d1ab8b3','46b8a8ca28718063995399dbf5dca8f6387fa229f88bbdfd51a7ff373d1ab8b3','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(8,'2026-11-29T04:58:51.779Z','filter',NULL,NULL,NULL,NULL,NULL,'unknown','no-trace','no Received field',NULL,1,'refused','failed',36,'"Ja��ne" <j@corp.example>','"Ja��ne" <j@corp.example>','46b8a8ca28718063995399dbf5dca8f6387fa229f88bbdfd51a7ff373d1ab8b3','46b8a8ca28718063995399dbf5dca8f6387fa229f88bbdfd51a7ff373d1ab8b3','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(9,'2026-11-29T04:58:51.785Z','filter',NULL,NULL,'<m2@x.example>',NULL,NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','failed',271,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','9e6839e0d066ec064faa0c30f56721c22d4302f9c1ed70cebe6b3ee1458abbd5','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(10,'2026-11-29T04:58:51.791Z','filter',NULL,NULL,'<m2@x.example>',NULL,NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','dry-run',271,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','9e6839e0d066ec064faa0c30f56721c22d4302f9c1ed70cebe6b3ee1458abbd5','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(11,'2026-11-29T04:58:51.798Z','filter',NULL,NULL,'<m2@x.example>',NULL,'192.0.2.99','authenticated','sasl-fact','fact: login jane','jane',1,'kept','written',271,'"Jane Doe, CEO" <ceo@corp.example>','"Jane Doe, CEO" <ceo@corp.example>','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','["dkim"]','af8ff26eb8da36f38d0c7c6123939a85e99f25109a453c58df23c782087a40b1');
INSERT INTO message VALUES(12,'2026-11-29T04:58:51.804Z','filter',NULL,NULL,'<m2@x.example>',NULL,NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','written',271,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','9e6839e0d066ec064faa0c30f56721c22d4302f9c1ed70cebe6b3ee1458abbd5','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(13,'2026-11-29T04:58:51.815Z','mbox',1,NULL,'<m2@x.example>','eve@evil.example',NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','written',272,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','9e6839e0d066ec064faa0c30f56721c22d4302f9c1ed70cebe6b3ee1458abbd5','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(14,'2026-11-29T04:58:51.815Z','mbox',1,NULL,NULL,'MAILER-DAEMON',NULL,'authenticated','with','hop 0: by mx.example.org with ESMTPSA',NULL,1,'kept','written',206,'"Jane Doe, CEO" <ceo@corp.example>','"Jane Doe, CEO" <ceo@corp.example>','715d4f0a3a260f7a20790695dda4d50926b919f62d9c4dda0f5e338e72c9fffa','715d4f0a3a260f7a20790695dda4d50926b919f62d9c4dda0f5e338e72c9fffa','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(15,'2026-11-29T04:58:51.826Z','mbox',2,NULL,'<m2@x.example>','eve@evil.example',NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','written',272,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','9e6839e0d066ec064faa0c30f56721c22d4302f9c1ed70cebe6b3ee1458abbd5','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(16,'2026-11-29T04:58:51.826Z','mbox',2,NULL,NULL,'MAILER-DAEMON',NULL,'authenticated','with','hop 0: by mx.example.org with ESMTPSA',NULL,1,'kept','written',NULL,'"Jane Doe, CEO" <ceo@corp.example>','"Jane Doe, CEO" <ceo@corp.example>','715d4f0a3a260f7a20790695dda4d50926b919f62d9c4dda0f5e338e72c9fffa','715d4f0a3a260f7a20790695dda4d50926b919f62d9c4dda0f5e338e72c9fffa','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(17,'2026-11-29T04:58:51.834Z','mbox',3,NULL,'<m2@x.example>','eve@evil.example',NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','dry-run',272,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','9e6839e0d066ec064faa0c30f56721c22d4302f9c1ed70cebe6b3ee1458abbd5','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(18,'2026-11-29T04:58:51.834Z','mbox',3,NULL,NULL,'MAILER-DAEMON',NULL,'authenticated','with','hop 0: by mx.example.org with ESMTPSA',NULL,1,'kept','dry-run',206,'"Jane Doe, CEO" <ceo@corp.example>','"Jane Doe, CEO" <ceo@corp.example>','715d4f0a3a260f7a20790695dda4d50926b919f62d9c4dda0f5e338e72c9fffa','715d4f0a3a260f7a20790695dda4d50926b919f62d9c4dda0f5e338e72c9fffa','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(19,'2026-11-29T04:58:51.850Z','mbox',4,NULL,NULL,NULL,NULL,'authenticated','with','hop 0: by mx.example.org with ESMTPSA',NULL,1,'kept','written',205,'"Jane Doe, CEO" <ceo@corp.example>','"Jane Doe, CEO" <ceo@corp.example>','715d4f0a3a260f7a20790695dda4d50926b919f62d9c4dda0f5e338e72c9fffa','715d4f0a3a260f7a20790695dda4d50926b919f62d9c4dda0f5e338e72c9fffa','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(20,'2026-11-29T04:58:51.851Z','mbox',4,NULL,'<m2@x.example>',NULL,NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','written',271,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','9e6839e0d066ec064faa0c30f56721c22d4302f9c1ed70cebe6b3ee1458abbd5','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(21,'2026-11-29T04:58:52.651Z','mbox',5,NULL,'<m2@x.example>','eve@evil.example',NULL,'anonymous','no-login','hop 0: by mx.example.org with ESMTP, no login',NULL,1,'stripped','written',272,'"Jane Doe, CEO" <ceo@corp.example>','ceo@corp.example','a3b1441cd37b2add3498ade58c258ac0eb6590855075e5b2227c18d3c9325503','9e6839e0d066ec064faa0c30f56721c22d4302f9c1ed70cebe6b3ee1458abbd5','["dkim"]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
INSERT INTO message VALUES(22,'2026-11-29T04:58:52.651Z','mbox',5,NULL,NULL,'MAILER-DAEMON',NULL,'authenticated','with','hop 0: by mx.example.org with ESMTPSA',NULL,1,'kept','written',206,'"Jane Doe, CEO" <ceo@corp.example>','"Jane Doe, CEO" <ceo@corp.example>','715d4f0a3a260f7a20790695dda4d50926b919f62d9c4dda0f5e338e72c9fffa','715d4f0a3a260f7a20790695dda4d50926b919f62d9c4dda0f5e338e72c9fffa','[]','46372f35c4b1c8143dbc99cec5fd26e93ac61d2507a069c0fe102e087541991a');
CREATE TABLE recipient (
	message INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
	address TEXT NOT NULL,
	PRIMARY KEY (message, address)
) STRICT, WITHOUT ROWID;
INSERT INTO recipient VALUES(2,'"b c"@y.example');
INSERT INTO recipient VALUES(2,'a@y.example');
INSERT INTO recipient VALUES(2,'jörg@y.example');
INSERT INTO recipient VALUES(3,'d@y.example');
INSERT INTO recipient VALUES(4,'a@y.example');
INSERT INTO recipient VALUES(5,'a@y.example');
INSERT INTO recipient VALUES(6,'a@y.example');
INSERT INTO recipient VALUES(7,'a@y.example');
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
INSERT INTO edit VALUES(7,5,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(8,6,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(9,9,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(10,10,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(11,12,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(12,13,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(13,15,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(14,17,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(15,20,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
INSERT INTO edit VALUES(16,21,'From',1,'stripped',X'46726f6d3a20224a616e6520446f652c2043454f22203c63656f40636f72702e6578616d706c653e0a',X'46726f6d3a2063656f40636f72702e6578616d706c650a','["Jane Doe, CEO"]','["ceo@corp.example"]');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('message',22);
INSERT INTO sqlite_sequence VALUES('run',5);
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
CREATE VIEW forged_senders AS
SELECT lower(a.value) AS address, count(DISTINCT e.message) AS messages,
       substr(replace(replace(group_concat(DISTINCT replace(substr(n.value, 1, 100), ',', char(31))),
              ',', '; '), char(31), ','), 1, 998) AS display_names,
       min(h.at) AS first_seen, max(h.at) AS last_seen
  FROM edit AS e JOIN history AS h ON h.id = e.message, json_each(e.addresses) AS a
       LEFT JOIN json_each(e.display_names) AS n
 WHERE h.verdict <> 'authenticated' AND h.outcome NOT IN ('deferred', 'failed')
       AND lower(e.field) NOT IN ('to', 'cc')
 GROUP BY 1;
CREATE VIEW daily AS
WITH RECURSIVE days (day) AS (
       SELECT substr(min(at), 1, 10) FROM message
       UNION SELECT (SELECT substr(min(at), 1, 10) FROM message WHERE at > day || 'U') FROM days)
SELECT day, count(*) AS messages,
       sum(verdict = 'authenticated') AS authenticated, sum(verdict = 'anonymous') AS anonymous,
       sum(verdict = 'unknown') AS unknown, sum(action = 'stripped') AS stripped,
       sum(action = 'replaced') AS replaced, sum(action = 'kept') AS kept,
       sum(action = 'refused') AS refused, sum(outcome = 'deferred') AS deferred,
       sum(outcome = 'failed') AS failed, sum(outcome = 'pending') AS pending,
       sum(outcome = 'dry-run') AS dry_run
  FROM days JOIN history ON at >= day AND at < day || 'U'
 GROUP BY day;
CREATE VIEW by_client AS
SELECT client_address, count(*) AS messages, sum(verdict = 'anonymous') AS anonymous,
       sum(verdict = 'authenticated') AS authenticated, sum(action = 'stripped') AS stripped,
       sum(action = 'replaced') AS replaced, max(at) AS last_seen
  FROM message
 WHERE client_address IS NOT NULL
 GROUP BY 1;
COMMIT;
PRAGMA application_id=0x42524652;
PRAGMA user_version=2;
