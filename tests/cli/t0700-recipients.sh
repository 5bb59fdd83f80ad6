# SPDX-License-Identifier: GPL-3.0-or-later
# With recipients: what sendmail gets and when, and what the row and the single line of output say.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 61

# A stand-in for sendmail: stores its arguments, its input, its environment, and the row as it finds it,
# then does what the file sendmail.does says.
cat >sendmail <<'END'
#!/bin/sh
cd "${0%/*}" || exit 70
for argument; do printf '<%s>' "$argument"; done >arguments
sqlite3 -readonly r.db 'SELECT outcome FROM message ORDER BY id DESC LIMIT 1' >row 2>&1
cat >input
echo "${MAIL_CONFIG-none}" >environment
cut -d ' ' -f 1,5 /proc/$$/stat >group
. ./sendmail.does
END
chmod +x sendmail && : >sendmail.does

deliver() { # deliver FACT... -f SENDER -- RECIPIENT... <INPUT
	rm -f arguments input row environment group
	run filter -o database=r.db -o "sendmail=$tmp/sendmail" -o deadline=200 "$@"
}
last() { sql r.db "SELECT $1 FROM message ORDER BY id DESC LIMIT 1"; }
deferral() { # deferral NAME OUTCOME: exit, first line, row
	is "$1: 75" "$status" 75
	ok "$1: said in one line" first_says '^4\.[0-9]+\.[0-9]+ barefrom: .' err
	is "$1: its row" "$(last outcome)" "$2"
}

deliver --queue-id=4XYZ --sasl-username= -f s@x.example -- a@y.example b@y.example <forged.eml
is 'a forged message is sent' "$status" 0
same 'bare' input bare.eml
is 'to all recipients' "$(cat arguments)" '<-G><-i><-f><s@x.example><--><a@y.example><b@y.example>'
is 'its row is there before sendmail' "$(cat row)" pending
is 'and says sent behind it' "$(last 'envelope_from, queue_id, outcome, size')" \
	"s@x.example|4XYZ|sent|$(wc -c <forged.eml)"
is 'with the recipients' "$(sql r.db 'SELECT group_concat(address) FROM recipient')" 'a@y.example,b@y.example'
is 'one line for the mail log' "$(cat out)" 'stripped, everyone, anonymous (sasl-fact), audit id 1'
ok 'of at most 90 bytes' test "$(wc -c <out)" -le 90
ok 'and nothing else' is_empty err
is 'sendmail leads a process group' "$(cut -d ' ' -f 1 group)" "$(cut -d ' ' -f 2 group)"
is 'without MAIL_CONFIG' "$(cat environment)" none

hop ESMTPSA 4ABC | cat - forged.eml >login.eml
MAIL_CONFIG=/etc/postfix deliver -o trusted-by=mx.example.org -f s@x.example -- a@y.example <login.eml
is 'under MAIL_CONFIG' "$status" 0
is 'which is passed on' "$(cat environment)" /etc/postfix
same 'a message of somebody who logged in stays' input login.eml
is 'and that is said' "$(cat out)" 'kept, everyone, authenticated (with), audit id 2'

# Envelopes.
for sender in '' '<>'; do
	deliver -f "$sender" -- a@y.example <forged.eml
	is "the null sender '$sender'" "$(cat arguments)" '<-G><-i><-f><><--><a@y.example>'
	is "and its row" "$(last 'envelope_from, outcome')" '|sent'
done
deliver -f '"s t"@x.example' -- -v@y.example '"a b"@y.example' 'jörg@y.example' '-t' <forged.eml
is 'odd addresses come through' "$(cat arguments)" \
	'<-G><-i><-f><"s t"@x.example><--><-v@y.example><"a b"@y.example><jörg@y.example><-t>'
deliver -f -oQ@x.example -- a@y.example <forged.eml
is 'a sender with a hyphen' "$(cat arguments)" '<-G><-i><-f><-oQ@x.example><--><a@y.example>'
deliver -f s@x.example a@y.example a@y.example <forged.eml
is 'a recipient twice' "$(sql r.db 'SELECT count(*) FROM recipient WHERE message = (SELECT max(id) FROM message)')" 1
deliver -f s@x.example -- $(seq -f 'user%.0f@y.example' 1 3000) <forged.eml
is 'three thousand recipients' \
	"$(sql r.db 'SELECT count(*) FROM recipient WHERE message = (SELECT max(id) FROM message)')" 3000

# Bodies.
{ cat forged.eml; head -c 3000000 /dev/zero | tr '\0' 'x'; printf '\r\n.\r\n\0\377'; } >large.eml
{ cat bare.eml; tail -c +"$(($(wc -c <forged.eml) + 1))" large.eml; } >large.want
mkdir temporary
TMPDIR=$tmp/temporary deliver -f s@x.example -- a@y.example <large.eml
same 'a large message' input large.want
is 'leaves nothing behind' "$(ls -A temporary)" ''
TMPDIR=$tmp/missing deliver -f s@x.example -- a@y.example <large.eml
is 'without a temporary folder it is deferred' "$status" 75
ok 'and no path is told' not says missing err
ok 'not sent' not test -e input
{ head -c -5 forged.eml; yes 'X-Long: a field' | head -n 100000; } >head.eml
rm -f input
TMPDIR=$tmp/missing deliver -f s@x.example -- a@y.example <head.eml
is 'nor is a large head kept in memory' "$status" 75
TMPDIR=$tmp/temporary deliver -f s@x.example -- a@y.example <head.eml
is 'but in the temporary folder' "$status|$(wc -l <input)" "0|$(wc -l <head.eml)"

# Dry run.
deliver --dry-run -f s@x.example -- a@y.example <forged.eml
same 'a dry run sends the message as it came' input forged.eml
is 'its row stays a dry run' "$(cat row; last 'action, outcome')" 'dry-run
stripped|dry-run'
is 'and says so' "$(cat out)" "stripped (dry run), everyone, unknown (no-trace), audit id $(last id)"

# What cannot be done is deferred.
printf 'From: A\r\r <a@x.example>\n\n' >ambiguous.eml
deliver -f s@x.example -- a@y.example <ambiguous.eml
deferral 'a refused message' deferred
ok 'is not sent' not test -e input
deliver --size=900 -f s@x.example -- a@y.example <forged.eml
deferral 'a message that was cut' deferred
ok 'is not sent either' not test -e input
# It is when less than three quarters arrive, of which Postfix counts more for each line.
counted=$(($(wc -c <forged.eml) + 3 * $(wc -l <forged.eml)))
deliver --size=$((4 * counted / 3)) -f s@x.example -- a@y.example <forged.eml
is 'three quarters of --size' "$status" 0
deliver --size=$((4 * counted / 3 + 1)) -f s@x.example -- a@y.example <forged.eml
is 'one octet less' "$status" 75
echo 'exit 64' >sendmail.does
deliver -f s@x.example -- a@y.example <forged.eml
deferral 'sendmail that fails' deferred
echo 'kill -9 $$' >sendmail.does
deliver -f s@x.example -- a@y.example <forged.eml
deferral 'sendmail that dies' pending
# A signal while sendmail runs does not end the filter before it knows: the message would be sent twice.
for signal in TERM INT HUP; do
	echo "kill -$signal \$PPID; sleep 0.1" >sendmail.does
	deliver -f s@x.example -- a@y.example <forged.eml
	is "SIG$signal while sendmail takes the message" "$status|$(last outcome)|$(grep -c 'audit id' out)" '0|sent|1'
done
echo 'kill -TERM $PPID; sleep 0.1; exit 75' >sendmail.does
deliver -f s@x.example -- a@y.example <forged.eml
deferral 'SIGTERM while sendmail fails' deferred

# Its row cannot be settled either: the status comes first all the same.
echo 'rm r.db; exit 75' >sendmail.does
deliver -f s@x.example -- a@y.example <forged.eml
is 'an audit that is gone when sendmail fails' "$status|$(wc -l <err)" '75|2'
ok 'the first line is the status' first_says '^4\.3\.0 barefrom: sendmail failed with status 75$' err
ok 'the warning comes after it' eval "sed 1d err | grep -q '^barefrom: warning: the outcome of row [0-9]* could not be recorded: .' && not says '$tmp' err"
rm -f r.db-*
echo 'rm r.db' >sendmail.does
deliver -f s@x.example -- a@y.example <forged.eml
is 'sendmail that succeeds is a success with the same warning' "$status|$(grep -c 'audit id 1$' out)|$(grep -c 'row 1 could not' err)" '0|1|1'
rm -f r.db-*
: >sendmail.does
is 'an empty message' "$(deliver -f s@x.example -- a@y.example </dev/null; echo "$status")" 75
deliver -- a@y.example <forged.eml
is 'no sender' "$status" 75
