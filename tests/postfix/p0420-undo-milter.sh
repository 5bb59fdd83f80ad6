# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom audit undo on what a real Postfix delivers with the milter, whose audit has the head without
# the trace field of that Postfix, and with an empty line though there may be none.
. "${SRCDIR:?}/tests/postfix/with-milter.sh"
plan 11

milter_start
bed_start
# comes_back NAME SENDER: the message sent last to N@corp.example comes back.
n=0
comes_back() {
	n=$((n + 1))
	send "$port" "$1" $n@corp.example sent
	ok "$2 arrives" arrived $n@corp.example
	ok 'without a name' not says 'Jane|CEO' got
	run audit undo -o "database=$database" got
	# Return-Path and Received on top are Postfix's.
	tail -n +5 out >rest
	ok 'and comes back as it was sent' cmp rest sent
}
printf 'From: =?UTF-8?Q?Jane_D=C3=B6e?=\n =?UTF-8?Q?_CEO?= <ceo@corp.example>\nReply-To:"A" <a@x.example>,\n\tB Jane <b@x.example>\nMessage-ID: <1@x.example>\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nSubject:  x \nFrom: ceo@corp.example\n\nhi\n.\nFrom here\n' >sent
comes_back '<jane@out.example>' 'one with several fields'
printf 'Message-ID: <2@x.example>\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nFrom: "Jane" <ceo@corp.example>\n\n' >sent
comes_back '<>' 'one without a body'
printf 'From: Jane\n \t<ceo@corp.example>\nSubject: x\n\nhi\n' >sent
send "$port" '<a@out.example>' late@corp.example sent
ok 'one without Message-ID and Date arrives' arrived late@corp.example
sed 's/$/\r/' got >fetched
run audit undo -o "database=$database" fetched
ok 'with CRLF it comes back' clean
sed '1,4d; /^Message-I[dD]: <.*corp\.example>$/d; /^Date: .*(UTC)$/d' out >rest
ok 'as it was sent' cmp rest sent
ok 'each is of the milter' test "$(sql "$database" "SELECT group_concat(DISTINCT source) FROM message")" = milter
ok 'and of its own queue id' test "$(sql "$database" 'SELECT count(DISTINCT queue_id) FROM message')" = 3
