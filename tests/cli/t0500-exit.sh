# SPDX-License-Identifier: GPL-3.0-or-later
# Exit status and first words on failure: sysexits for people, 75 for every failure of a filter or under
# Postfix, and no success for incomplete output.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 75

# barefrom [ARGUMENT...]: runs it with default settings and without input; or without any argument.
barefrom() {
	"$BAREFROM" ${1+-c "$tmp/empty.conf"} "$@" >out 2>err </dev/null
	status=$?
}
no_recipients() { deferred && first_says '^4\.3\.5 .*no recipients' err; }
none_written() { # none_written DATABASE: no row says that all went well
	[ ! -e "$1" ] || [ "$(sql "$1" "SELECT count(*) FROM message WHERE outcome IN ('written', 'sent')")" = 0 ]
}
outcome() { sql "$1" 'SELECT outcome FROM history ORDER BY id DESC LIMIT 1'; }
printf '[policy]\nunknown=maybe\n' >bad.conf

# usage NAME ARGUMENT...: ends with 64 and a message on stderr.
usage() {
	name=$1
	shift
	barefrom "$@"
	ok "$name: 64" eval '[ $status -eq 64 ] && is_empty out && [ -s err ]'
}
usage 'no command'
usage 'an unknown command' bogus
usage 'an unknown global option' --bogus filter
usage 'an unknown option of explain' explain --bogus
usage 'an unknown option of config' config --bogus
usage 'an unknown option of audit init' audit init --bogus
usage 'audit without a verb' audit
ok 'which are named' says ' audit needs a verb: init, check, .*report$' err
usage 'an unknown verb of audit' audit bogus
ok 'is named' says ' audit bogus: unknown verb; accepted: init, check, .*report$' err
usage 'a bad word for --submission' explain --submission=perhaps forged.eml
usage '-c without its file' -c

# filter, by hand: every failure is 75.
filter_fails() { # filter_fails NAME ARGUMENT...
	name=$1
	shift
	run filter -o database=f.db "$@" <forged.eml
	ok "filter with $name" deferred
}
filter_fails 'an unknown option' --bogus
filter_fails 'a bad word for --submission' --submission=perhaps
filter_fails 'a bad --size' --size=many
filter_fails 'a negative --size' --size=-1
filter_fails 'recipients but no sendmail' \
	-o sendmail=/nonexistent/sendmail -f a@x.example -- b@x.example
ok 'and nothing says that it went out' none_written f.db
filter_fails 'a null sender the same' -o sendmail=/nonexistent/sendmail -f '' -- b@x.example
run filter -o database=f.db -f a@x.example <forged.eml
ok '-f without recipients' no_recipients
run filter -o database=f.db -f '' <forged.eml
ok '-f without recipients, null sender' no_recipients
run filter -o database=f.db -f a@x.example -- <forged.eml
ok '-f without recipients, behind --' no_recipients
run filter --help -f a@x.example -- b@x.example <forged.eml
ok '--help with recipients' deferred
run filter -o sendmail=/nonexistent/sendmail -o database=f.db -f a@x.example -- b@x.example <empty.conf
ok 'an empty message with recipients' deferred
"$BAREFROM" -c bad.conf filter -f a@x.example -- b@x.example <forged.eml >out 2>err
status=$?
ok 'a bad setting with recipients' deferred
ok 'names the key alone' eval "says unknown err && not says '$tmp|bad\.conf|maybe' err"

# Input that cannot be read, output that cannot be written.
mkdir folder
run filter -o database=dir.db <folder
ok 'a folder as input' deferred
ok 'is not called a success' none_written dir.db
bf filter -o database=in.db <&- >out 2>err
status=$?
ok 'no input at all' eval '[ $status -eq 75 ] && is_empty out'
ok 'neither' none_written in.db
bf filter -o database=full.db <forged.eml >/dev/full 2>err
status=$?
ok 'a full output' eval '[ $status -eq 75 ] && first_says "^4\.[0-9]+\.[0-9]+ ." err'
is 'is a failed row' "$(outcome full.db)" failed
bf filter -o database=full.db --dry-run <forged.eml >/dev/full 2>err
is 'a full output in a dry run' $? 75
bf filter -o database=full.db --sasl-username=jane <forged.eml >/dev/full 2>err
is 'a full output for a kept message' "$? $(outcome full.db)" '75 failed'
run audit init -o database=closed.db
bf filter -o database=closed.db <forged.eml >&- 2>err
is 'a closed output' $? 75
ok 'is no success' none_written closed.db
is 'nor mail in the database' "$(sql closed.db 'PRAGMA integrity_check') $(grep -c 'Subject: x' closed.db)" 'ok 0'
bf filter -o database=quiet.db <forged.eml >out 2>&-
is 'a closed stderr harms nobody' "$? $(cmp out bare.eml) $(sql quiet.db 'PRAGMA integrity_check')" '0  ok'
{ cat forged.eml; head -c 4194304 /dev/zero | tr '\0' '\n'; } >big.eml
{ bf filter -o database=pipe.db <big.eml 2>err; echo $? >left; } | head -c 100 >out
is 'a reader that goes away' "$(cat left)" 75
is 'is a failed row as well' "$(outcome pipe.db)" failed
ok 'and is said' first_says '^4\.[0-9]+\.[0-9]+ .' err
{ printf 'From: '; head -c 100000 /dev/zero | tr '\0' x; cat bare.eml; } >long.eml
for form in '' --json; do
	bf explain $form bare.eml >/dev/full 2>err
	is "explain $form to a full output" "$?" 74
	bf explain $form long.eml >/dev/full 2>err
	is 'the same where one write is larger than all buffers' "$?" 74
done

# GMime is loaded for a message that needs it: where it is missing, what does not need it goes its way,
# and what does ends the filter by a signal, which Postfix defers, before anything is recorded or written.
mkdir broken && : >broken/libgmime-3.0.so.0
without_gmime() { (ulimit -c 0 && LD_LIBRARY_PATH=$tmp/broken && export LD_LIBRARY_PATH &&
	exec "$BAREFROM" -c empty.conf filter -o database=g.db) >out 2>err; }
without_gmime <forged.eml
is 'without GMime, a simple address' "$?" 0
printf 'From: Jane Doe <jane@x.example>, "Joe D." <joe@y.example>\n\nHi\n' >two.eml
without_gmime <two.eml
ok 'two need it: death by a signal' test "$?" -gt 128
ok 'that names what is missing, and no output' eval 'says libgmime-3.0.so.0 err && test ! -s out'
is 'and no row' "$(sql g.db 'SELECT count(*) FROM message')" 1

# Under Postfix a typo in master.cf must not bounce mail: MAIL_CONFIG makes every failure 75.
MAIL_CONFIG=/etc/postfix
export MAIL_CONFIG
tempfail() { # tempfail NAME ARGUMENT...
	name=$1
	shift
	barefrom "$@"
	ok "MAIL_CONFIG, $name" deferred
}
tempfail 'no command'
tempfail 'an unknown command' bogus
tempfail 'an unknown global option' --bogus filter
tempfail '-c without its file' -c
tempfail 'a missing file of settings' -c "$tmp/missing.conf" filter -f a@x.example -- b@x.example
ok 'with no path in the words' not says "$tmp|missing\.conf" err
tempfail 'a bad setting' -c bad.conf filter -f a@x.example -- b@x.example
ok 'its key, and what to run' eval "says unknown err && says 'barefrom config' err"
ok 'no path, no value' not says 'bad\.conf|maybe' err
tempfail 'a bad -o' filter -o "database=" -f a@x.example -- b@x.example
tempfail 'an unknown option of filter' filter --bogus -f a@x.example -- b@x.example
tempfail 'a bad option of explain' explain --bogus
tempfail 'explain of a missing file' explain "$tmp/missing.eml"
tempfail 'config with a bad file' -c bad.conf config
tempfail 'audit init in a missing folder' audit init -o "database=$tmp/missing/a.db"
ok 'with no path either' not says "$tmp" err
for command in --help --version 'explain --help' config 'audit init -o database=x.db'; do
	barefrom $command
	is "MAIL_CONFIG, $command where a filter is due loses no mail" "$status" 75
done
tempfail 'filter --help begins with the status, too' filter --help
ok 'with no path' not says '/' err
barefrom explain <forged.eml
is 'MAIL_CONFIG, so does explain' "$status" 75
barefrom filter -o database=f.db
ok 'no recipients' no_recipients
barefrom filter -o "database=$tmp/missing/a.db" -f a@x.example -- b@x.example
ok 'a missing folder, no path' eval "deferred && not says '$tmp|missing' err"
