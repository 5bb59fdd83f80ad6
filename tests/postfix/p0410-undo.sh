# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom audit undo on what a real Postfix delivers behind the filter: with the Return-Path that
# the filter was given and Postfix drops, the trace of the re-injection, a Message-ID that was missing.
. "${SRCDIR:?}/tests/postfix/lib.sh"
plan 8

ok 'the snippet runs as shipped' snippet port-25.sh "$port"
bed_start
printf 'From: =?UTF-8?Q?Jane_D=C3=B6e?=\n =?UTF-8?Q?_CEO?= <ceo@corp.example>\nReply-To: "A" <a@x.example>,\n\tB <b@x.example>\nMessage-ID: <1@x.example>\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nSubject: x\n\nhi\n.\nFrom here\n' >sent
send "$port" '<jane@out.example>' one@corp.example sent
ok 'a message arrives' arrived one@corp.example
ok 'without a name' not says 'J.*e CEO' got
run audit undo -o "database=$database" got
ok 'it comes back' clean
untrace out jane@out.example ESMTP >rest
same 'as it was sent' rest sent
sed 's/$/\r/' got >fetched
run audit undo -o "database=$database" fetched
untrace out jane@out.example ESMTP >rest
same 'also as IMAP gives it' rest sent
sed -i '/^Message-ID/d; /^Date/d' sent
send "$port" '<>' two@corp.example sent
arrived two@corp.example
run audit undo -o "database=$database" got
ok 'one from nobody, without Message-ID and Date, comes back' clean
untrace out '' ESMTP >rest
ok 'as it was sent' cmp rest sent
