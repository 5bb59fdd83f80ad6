# SPDX-License-Identifier: GPL-3.0-or-later
# What goes wrong in the filter leaves the mail in Postfix's queue, and once it is set right, a flush
# delivers it, once. tests/faults has more of the faults, with a stand-in for Postfix.
. "${SRCDIR:?}/tests/postfix/lib.sh"
plan 222

snippet port-25.sh "$port"
bed_start
cp barefrom.conf good.conf
python3 -c 'for i in range(60000): print("%060d" % i)' >body
cat forged.eml body >large-forged.eml
cat bare.eml body >large-bare.eml
large= # or "large-": which of the two messages is sent

# queued_with REGEX: our message is in the deferred queue, and says why; "": it need not.
queued_with() {
	bed postqueue -j >queue
	grep "\"queue_id\": \"$queued\"" queue | grep '"queue_name": "deferred"' |
		grep -Eq -e "${1:+\"delay_reason\": \".*$1}"
}
# survives NAME REASON BREAK REPAIR [OUTCOME...]: BREAK and REPAIR are lines of sh; OUTCOME is that
# of each row before the last one.
survives() {
	what=$1 reason=$2 recipient=$(echo "$1" | tr ' ' -)@corp.example repair=$4
	eval "$3"
	shift 4
	send "$port" '<a@out.example>' "$recipient" "${large}forged.eml"
	ok "$what: the mail is deferred" await queued_with "$reason"
	ok "$what: and nobody has got it" not has_arrived "$recipient"
	ok "$what: the queue tells no path and no name" not grep -q -e "$tmp/[^b]" -e Jane queue
	eval "$repair"
	bed postqueue -f
	delivered "$what: set right and flushed, it arrives" "$recipient" a@out.example ESMTP \
		"${large}bare.eml"
	is "$what: once" "$(ls "mail/$recipient".* | wc -l)" 1
	audited "$what: its rows" "$queued" "$(printf 'anonymous|sasl-fact|stripped|%s\n' "$@" sent)"
}
# hinder LINE: it comes before the filter, in its process.
hinder() {
	cp bin/barefrom unhindered
	sed -i "2i $1" bin/barefrom
}
free() { mv unhindered bin/barefrom; }
set_to() { # set_to KEY=VALUE, of the section that is last
	grep -v "^${1%%=*}=" barefrom.conf >new.conf
	echo "$1" >>new.conf
	mv new.conf barefrom.conf
}
set_back() { cp good.conf barefrom.conf; }
# stand_in SCRIPT: as sendmail.
stand_in() {
	{ printf '#!/bin/sh\n'; cat; } >bin/stand-in
	chmod 755 bin/stand-in
	set_to "sendmail=$tmp/bin/stand-in"
}
lock() {
	python3 -c 'import sqlite3, sys, time
sqlite3.connect(sys.argv[1], isolation_level=None).execute("BEGIN IMMEDIATE")
print(flush=True)
time.sleep(1000)' "$database" >locked &
	locker=$!
	await test -s locked
}
unlock() { kill $locker; wait $locker 2>/dev/null; }

# The database.
survives 'first use without a folder' 'barefrom: audit database directory does not exist' \
	'mv audit away' 'mv away audit'
survives 'database locked' 'barefrom: audit database is locked' 'lock; set_to deadline=10' 'unlock; set_back'
ok 'the mail log and the page say how' eval "grep -q 'dsn=4\.3\.0, status=deferred (barefrom: audit database is locked ' mail.log &&
	tr '\n' ' ' <'$SRCDIR/data/postfix/README.md' | grep -qF '(barefrom: audit database is locked)\`; the mail log has it after \`dsn=4.3.0, status=deferred\`'"
survives 'database read-only' 'barefrom: audit database is not writable' \
	'chmod 444 audit/*' 'chmod 640 audit/*'
survives 'database corrupt' 'barefrom: the audit and its -wal do not belong together: run barefrom audit restore' \
	'mv audit away; install -d -o $user audit; yes | head -c 50000 >audit/audit.db; chown $user audit/audit.db' \
	'rm -r audit; mv away audit'
survives 'database of a newer version' 'barefrom: audit database was made by a newer version' \
	'schema=$(sqlite3 $database "PRAGMA user_version"); sqlite3 $database "PRAGMA user_version = 999"' \
	'sqlite3 $database "PRAGMA user_version = $schema"'
survives 'disk full' 'barefrom: audit database is full' 'hinder "ulimit -f 8"' free

# The program and its settings.
survives 'program missing' '' 'mv bin/barefrom away' 'mv away bin/barefrom'
survives 'a typo in the settings' 'barefrom: .*run barefrom config' 'set_to deadlin=5' set_back
survives 'no file descriptors' 'barefrom: ' 'hinder "ulimit -n 4"' free

# sendmail. What one that was killed has done is not known: that row stays "pending".
survives 'sendmail missing' 'barefrom: sendmail cannot be started' \
	'set_to sendmail=/nowhere/sendmail' set_back deferred
for code in 1 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 127; do
	survives "sendmail exits with $code" "barefrom: sendmail failed with status $code" \
		"echo 'cat >/dev/null; exit $code' | stand_in" set_back deferred
done
survives 'sendmail closes its input' 'barefrom: sendmail failed with status 75' \
	'echo "exec <&-; exit 75" | stand_in' set_back deferred
survives 'sendmail leaves an orphan that writes' 'barefrom: sendmail failed with status 75' \
	'echo "yes & exit 75" | stand_in' set_back deferred
survives 'sendmail hangs' 'barefrom: sendmail did not finish' \
	'echo "cat >/dev/null; sleep 1000" | stand_in; set_to deadline=10' set_back pending
# The real one waits for ever for a folder that it cannot write.
survives 'the queue not writable' 'barefrom: sendmail did not finish' \
	'set_to deadline=10; chmod 755 spool/maildrop' 'set_back; chmod 1733 spool/maildrop' pending

# Killed, the filter has said nothing: Postfix keeps the mail.
survives 'filter killed before sendmail sends' 'Command died with signal 9' \
	"echo 'kill -9 \$PPID; exit 75' | stand_in" set_back pending

# A large message goes through a temporary file.
large=large-
survives 'temporary folder missing' 'barefrom: cannot create a temporary file' \
	'hinder "export TMPDIR=/nowhere"' free
survives 'temporary folder full' 'barefrom: no space for the message' 'hinder "ulimit -f 2048"' free
# What stops before main, for want of memory for its libraries, is out of our hands.
least=4000
until (ulimit -v $least && bin/program --version) >/dev/null 2>&1; do least=$((least + 100)); done
survives 'no memory' '' 'hinder "ulimit -v $((least + 300))"' free
# pipe(8) dies while it writes: the filter gets an end that is none, and nobody hears what it says.
kill_pipe() {
	hinder "echo \$PPID >$mail/.writer; until [ -e $tmp/go ]; do sleep 0.01; done"
	{
		await test -s "$mail/.writer"
		kill -9 "$(cat "$mail/.writer")"
		touch go
	} &
}
survives 'pipe killed while it writes' '' kill_pipe free deferred
large=

# The one case of two deliveries: sendmail had the message before the filter died.
stand_in <<END
$sbin/sendmail "\$@"
kill -9 \$PPID
END
send "$port" '<a@out.example>' twice@corp.example forged.eml
ok 'filter killed after sendmail: the mail is deferred' await queued_with 'died with signal 9'
delivered 'filter killed after sendmail: and has arrived' twice@corp.example a@out.example ESMTP bare.eml
set_back
bed postqueue -f
audited 'filter killed after sendmail: the rows tell that it comes twice' "$queued" 'anonymous|sasl-fact|stripped|pending
anonymous|sasl-fact|stripped|sent'

ok 'nothing is left in the queue' await queue_is_empty
is 'as many arrived as were sent, and one twice' "$(find mail -name '*@*' | wc -l)" \
	"$(sql "$database" "SELECT count(*) + 1 FROM message WHERE outcome = 'sent'")"
