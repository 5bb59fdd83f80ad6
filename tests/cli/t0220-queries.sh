# SPDX-License-Identifier: GPL-3.0-or-later
# The queries that come with barefrom: their results on rows that the program has written are those in
# the man page.
. "${SRCDIR:?}/tests/cli/lib.sh"
queries="$SRCDIR/data/queries"
set -- "$queries"/*.sql
plan $((4 * $# + 10))

# A stand-in for sendmail, which does what the file sendmail.does says.
cat >sendmail <<'END'
#!/bin/sh
cat >/dev/null
. "${0%/*}/sendmail.does"
END
chmod +x sendmail

# message NAME ADDRESS [FIELD]...: prints it as Postfix would hand it over.
message() {
	printf 'From: "%s" <%s>\n' "$1" "$2"
	shift 2
	[ $# -eq 0 ] || printf '%s\n' "$@"
	printf 'Subject: x\n\nhi\n'
}
filter() { run filter -o database=q.db -o trusted-by=mx.example.org -o "sendmail=$tmp/sendmail" "$@"; }
# postfix QUEUE-ID CLIENT LOGIN RECIPIENT... <MESSAGE
postfix() {
	queue_id=$1 client=$2 login=$3
	shift 3
	filter --queue-id="$queue_id" --client-address="$client" --sasl-username="$login" \
		-f bounce@mail.example.net -- "$@"
}

# Two days of mail.
signature='DKIM-Signature: v=1; d=corp.example; b=x'
message 'Jane Doe, CEO' ceo@corp.example >ceo.eml
message 'Jane Doe, CEO' ceo@corp.example "$signature" >signed.eml
message 'Jane Doe, Board' CEO@corp.example >board.eml
message 'Payroll' pay@corp.example >pay.eml
message 'Fax' fax@example.org >fax.eml
message 'Jane Doe' jane.doe@example.org >jane.eml
message 'Jane Doe' jane.doe@freemail.example >posing.eml
printf 'From: "Ja\r\rne" <ceo@corp.example>\n\nhi\n' >refused.eml
: >sendmail.does
postfix 4dFgZs1c8Hz7xQ1 203.0.113.44 '' anna@example.org ben@example.org <signed.eml
postfix 4dFgaK0b5Tz7xQ2 192.0.2.15 jane.doe anna@example.org <jane.eml
postfix 4dFgbM2d9Rz7xQ3 203.0.113.80 '' carl@example.org <pay.eml
echo 'exit 75' >sendmail.does
postfix 4dFhX21c8Hz7xQ4 203.0.113.44 '' carl@example.org <board.eml
: >sendmail.does
postfix 4dFhX21c8Hz7xQ4 203.0.113.44 '' carl@example.org <board.eml
# shellcheck disable=SC2016
echo 'kill -KILL $PPID' >sendmail.does
postfix 4dFhZk3f2Sz7xQ5 203.0.113.44 '' dora@example.org <ceo.eml 2>ignored
: >sendmail.does
postfix 4dFhb40g7Vz7xQ6 203.0.113.81 '' anna@example.org <refused.eml
filter --dry-run <ceo.eml
filter -o relay-accounts=gateway --sasl-username=gateway <fax.eml

# And three mailboxes: one done, one that broke off, one in a dry run.
{
	for word in ESMTP ESMTPSA; do
		echo 'From eve@mail.example.net Mon Jan  1 10:00:00 2024'
		hop "$word" 1
		message 'The Boss' ceo@corp.example "$signature"
		echo
	done
} >old.mbox
mbox() { bf mbox -o database=q.db -o trusted-by=mx.example.org "$@" 2>err; }
mbox old.mbox >out
mbox old.mbox >/dev/full
mbox --dry-run old.mbox
postfix 4dFj0B5k1Wz7xQ8 203.0.113.44 '' anna@example.org ben@example.org <posing.eml
is 'every outcome is there' "$(sql q.db "SELECT group_concat(outcome, ' ') FROM (SELECT DISTINCT outcome FROM history ORDER BY 1)")" \
	'deferred dry-run failed pending sent written'

# Moves all of it to three and two days ago, at the same minute; the second is the id of the row.
sqlite3 q.db "UPDATE message SET at = strftime('%Y-%m-%dT%H:%M:', 'now', iif(id < 6, '-3 days', '-2 days')) || printf('%02d.000Z', id)" \
	'UPDATE message SET received_at = at WHERE received_at IS NOT NULL'
sqlite3 q.db 'UPDATE run SET started_at = (SELECT min(at) FROM message WHERE run = run.id),
	finished_at = (SELECT max(at) FROM message WHERE run = run.id)'
sqlite3 q.db 'UPDATE policy SET first_seen = (SELECT min(at) FROM message WHERE policy = digest)'
first=$(sql q.db 'SELECT substr(min(at), 1, 10) FROM message')
second=$(sql q.db 'SELECT substr(max(at), 1, 10) FROM message')
minute=$(sql q.db 'SELECT substr(min(at), 11, 7) FROM message')
masked() { sed -e "s/$first/DAY/g" -e "s/$second/2026-11-25/g" -e 's/DAY/2026-11-24/g' -e "s/$minute/T09:15:/g"; }

# shown NAME: prints its part of the man page, as mandoc(1) would show it.
shown() {
	awk -v name=".Ss $1" '$0 == name { on = 1; next } /^\.S[hs] / { on = 0 } on' \
		"$SRCDIR/data/barefrom.1" | sed -e 's/\\e/\\/g'
}
ask() { sqlite3 -readonly -header "$1" <"$2" 2>&1; } # ask DATABASE FILE
run audit init -o database=none.db
printf 'From: =?utf-8?q?a=1B[2J=00=0Ab=C2=9B?= <=1B@x.example>, "\033c" <ceo@corp.example>\n\n' >hostile.eml
for i in 1 2; do run filter -o database=hostile.db --queue-id=4dFhX21c8Hz7xQ4 -o "trusted-by=mx$i" <hostile.eml; done
: >all
for file; do
	query=$(basename "$file" .sql)
	ask q.db "$file" | masked >got
	shown "$query" | sed -n '/^\.Bd -literal/,/^\.Ed/p' | sed '/^\./d' >want
	same "$query: its answer, as the man page shows it" got want
	is "$query: its question as well" "$(sed -n -e 1d -e 's/^-- //p' "$file")" "$(shown "$query" | sed '/^\.Bd/,$d')"
	is "$query: it is one statement" "$(grep -c ';$' "$file") $(tail -c 2 "$file")" '1 ;'
	is "$query: no row, no answer" "$(ask none.db "$file")" ''
	ask hostile.db "$file" >>all
done
for days in 04-reasons:7 05-refused:30 07-signatures:7; do
	sqlite3 q.db "UPDATE message SET at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-${days#*:} days')"
	is "${days%:*}: of ${days#*:} days, today is one" "$(ask q.db "$queries/${days%:*}.sql")" ''
done
ok 'hostile names are shown' grep -q '\[2J' all
is 'but nothing that harms a terminal' "$(python3 -c 'import sys, unicodedata
print([c for c in open(sys.argv[1], encoding="utf-8").read() if c != "\n" and unicodedata.category(c) == "Cc"])' all)" '[]'
is 'there are twelve of them, and no others in the man page' "$(sed -n 's/^\.Ss \([0-9]\)/\1/p' "$SRCDIR/data/barefrom.1" | tr '\n' ' ')" \
	"$(for file; do basename "$file" .sql; done | tr '\n' ' ')"

# The questions of a roll-out, as its page has them.
sed -n '/^4\. \*\*Watch/,/^5\. /s/^       //p' "$SRCDIR/data/postfix/README.md" | sed 's|/var/lib/barefrom/audit.db|q.db|' >watch
sh -e watch >got 2>&1
is 'what the page on Postfix asks is answered' $? 0
is 'each question' "$(grep -c '┌' got)" "$(grep -c '^sqlite3 ' watch)"
ok 'also which client shows which address' grep -Eq '203\.0\.113\.44 +│ ceo@corp\.example +│ 2 ' got
