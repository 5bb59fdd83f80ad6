# SPDX-License-Identifier: GPL-3.0-or-later
# The directory of people: which of its two files is used, what may be wrong with them, whose name may
# stand where, and what audit, explain and the mail log say about it.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 311

cat >people <<'END'
# the board
Jane Doe; jane.doe@corp.example; jane@corp.example; keep:jane@isp.example
Berg, Maria; Maria Berg; maria.berg@corp.example
END
cat >others <<'END'
John Smith; john@corp.example
END
cat >sendmail <<'END'
#!/bin/sh
cat >"${0%/*}/sent"
END
chmod +x sendmail

mail() { printf 'From: %s\nSubject: x\n\nhi\n' "$1"; } # mail VALUE
jane() { mail "\"Jane Doe, CEO\" <${1-x@y.example}>"; }   # jane [ADDRESS]
jane >jane.eml
mail 'x@y.example' >jane-bare.eml
{ echo 'From s@x.example Tue Nov 24 10:00:00 2026'; cat jane.eml; } >jane.mbox
mail 'Joe <x@y.example>' >joe.eml
directory() { run directory "$@"; }
match() { run directory match -o directory=people "$@"; }
build() { run directory build -o directory=people; }
explain() { run explain --json -o scope=directory -o directory=people "$@"; }
member() { json out "d['$1']"; } # member NAME
scope() { json out "d['scope'], d['in_scope'], [p['name'] for p in d['persons']]"; }
to_stdout() { run filter -o scope=directory -o directory=people -o database=d.db; }
deliver() { # deliver OPTION... -f SENDER -- RECIPIENT... <INPUT
	rm -f sent
	run filter -o database=d.db -o "sendmail=$tmp/sendmail" -o directory=people "$@"
}
last() { sql d.db "SELECT $1 FROM message ORDER BY id DESC LIMIT 1"; }

# The command line.
directory
ok 'directory needs a verb' usage 'build, match'
directory burn -o directory=people
ok 'one of these' usage 'build, match'
directory build x -o directory=people
ok 'build takes no argument' usage 'no argument'
match
ok 'match needs a value' usage 'VALUE'
directory build
ok 'no directory is a setting that is missing' fails 78 '^barefrom: directory: empty'

# match.
match '"Jane Doe, CEO" <x@y.example>'
is 'match finds a name' "$status $(cat out)" '0 Jane Doe	line 2	plain: jane doe	Jane Doe, CEO'
match 'maria.berg@corp.example'
is 'and an address' "$status $(cat out)" '0 Berg, Maria	line 3	address	maria.berg@corp.example'
match 'Joe <x@y.example>'
is 'or nobody' "$status $(cat out)" '1 nobody'
match 'Joe <x@y.example>' 'Jane Doe <x@y.example>'
is 'two values' "$status $(wc -l <out)" '0 2'
match 'Joe <'
is 'a value that is not understood' "$status" 1
ok 'counts, and that is said' says 'not understood' out
match "$(printf '"\033]Jane\tDoe\007" <x@y.example>')"
is 'no control reaches the terminal' "$(tr -d '\n\t -~\357\277\275' <out | wc -c)" 0
is 'nor another column' "$(tr -cd '\t' <out | wc -c)" 3

# Which of the two files is used.
explain jane.eml
is 'without a compiled file the text is read' "$(scope)" "('directory', True, ['Jane Doe'])"
build
is 'build says what it has' "$status $(cat out)" '0 people.db: 2 people, 3 names'
ok 'and no more' is_empty err
find . -name "*.barefrom-*" >left
ok 'it leaves nothing beside' is_empty left
explain jane.eml
is 'with one the same' "$(scope)" "('directory', True, ['Jane Doe'])"
sum=$(sha256sum <people | cut -d ' ' -f 1)
to_stdout <jane.eml
ok 'the message comes out bare' done_well jane-bare.eml
is 'the audit knows the digest of the text' "$(sql d.db "SELECT count(*) FROM policy, message
	WHERE digest = policy AND settings LIKE '%directory-sha256=$sum%'")" 1
mv people kept-people && cp others people
explain jane.eml
is 'a compiled file that is older is used' "$(scope)" "('directory', True, ['Jane Doe'])"
advised() { # advised NAME REGEX: by config and by audit check
	run config -o scope=directory -o directory=people
	is "$1: config goes on" "$status" 0
	ok "$1: config says so" says "warning: directory: .*$2" err
	run audit check -o database=d.db -o scope=directory -o directory=people
	is "$1: audit check wants attention" "$status" 1
	ok "$1: and says so" says "^attention: directory: .*$2" out
}
cp /dev/null people
advised 'a text that is empty now' 'people names nobody, but people.db was compiled from another list'
build
is 'build is told so' "$status $(cat out)" '0 people.db: 0 people, 0 names'
advised 'a list of nobody' 'people names nobody, .*export the list again, then run barefrom directory build'
rm people.db
advised 'and not compiled' 'people names nobody, .*export the list again$'
cp kept-people people
build
cp others people
advised 'another text' 'not compiled from people .*run barefrom directory build'
rm people
explain jane.eml
is 'or whose text is gone' "$(scope)" "('directory', True, ['Jane Doe'])"
cp kept-people people
run config -o scope=directory -o directory=people -o authserv-id=mx.example.org -o ar-stripped=true
ok 'nothing is said where all is well' clean
run audit check -o database=d.db -o scope=directory -o directory=people
is 'nor by audit check' "$status" 0

# A compiled file that cannot be used. damage NAME COMMAND...: makes it from a good one; the text
# differs, which shows the file that is read.
damage() {
	name=$1
	shift
	cp kept-people people && bf directory build -o directory=people >made 2>&1 || echo "# no build"
	"$@" >made 2>&1
	cp others people
	mail 'John Smith <x@y.example>' >john.eml
	explain john.eml
	is "$name: the text is read" "$(scope)" "('directory', True, ['John Smith'])"
	to_stdout <john.eml
	ok "$name: the filter goes on" test "$status" -eq 0
	run config -o scope=directory -o directory=people
	ok "$name: config says so" says 'warning: directory: .*people\.db.*run barefrom directory build' err
	rm people
	deliver -o scope=directory -f s@x.example -- a@y.example <john.eml
	is "$name: without the text either: deferred" "$status" 75
	is "$name: in public words" "$(cat err)" \
		'4.3.5 barefrom: bad setting directory: run barefrom config'
	ok "$name: nothing is sent" not test -e sent
	run config -o scope=directory -o directory=people
	ok "$name: config names both files" fails 78 'people\.db.*people'
}
damage 'other folding' sqlite3 people.db "UPDATE facts SET folding = '0'"
damage 'newer format' sqlite3 people.db 'PRAGMA user_version=99'
damage "another program's file" sqlite3 people.db 'PRAGMA application_id=7'
damage 'no database' cp others people.db
damage 'empty' cp /dev/null people.db
damage 'truncated' truncate -s -1 people.db
damage 'a page short' truncate -s -4096 people.db
damage 'facts that say nothing' sqlite3 people.db '.dbconfig defensive off' "PRAGMA writable_schema=1;
	UPDATE sqlite_schema SET sql = 'CREATE TABLE facts(digest TEXT, folding TEXT, lines INTEGER, people INTEGER)'
	WHERE name = 'facts'; PRAGMA writable_schema=RESET; UPDATE facts SET folding = NULL"
damage 'no facts' sqlite3 people.db 'DELETE FROM facts'
damage 'a folder' sh -c 'rm people.db && mkdir people.db'
rm -r people.db
deliver -o scope=directory -f s@x.example -- a@y.example <jane.eml
is 'neither file: deferred' "$status $(cat err)" \
	'75 4.3.5 barefrom: bad setting directory: run barefrom config'
ok 'nothing is sent' not test -e sent
to_stdout <jane.eml
ok 'to stdout as well' deferred
explain jane.eml
ok 'explain names the file' fails 78 'people'
match x
ok 'so does match' fails 78 'people'
build
ok 'and build' fails 66 '^barefrom: people: No such file'

# Damage that only a look-up finds.
cp kept-people people
build
python3 -c "b = bytearray(open('people.db', 'rb').read())
b[4096:4196] = b'\xff' * 100
open('people.db', 'wb').write(b)"
deliver -o scope=directory -f s@x.example -- a@y.example <jane.eml
is 'a failed look-up: deferred' "$status" 75
is 'in public words' "$(cat err)" \
	'4.3.0 barefrom: the directory of people is damaged: run barefrom directory build'
ok 'nothing is sent' not test -e sent
to_stdout <joe.eml
ok 'nor is a message passed that shows nobody' deferred
run mbox -o scope=directory -o directory=people -o database=d.db -o trusted-by=mx.example.org jane.mbox
ok 'nor in a mailbox' test "$status" -eq 74
is 'of which nothing comes out' "$(grep -c Jane out)" 0
advised 'a failed look-up' 'people\.db.*damaged|malformed.*run barefrom directory build'
# Flipped bits: a result or an error, never a crash.
build
cp people.db good.db
python3 - "$BAREFROM" >flips 2>&1 <<'END'
import random, subprocess, sys
good = open('good.db', 'rb').read()
random.seed(1)
for n in range(60):
    b = bytearray(good)
    for _ in range(8):
        b[random.randrange(100 if n % 4 else 0, len(b))] ^= 1 << random.randrange(8)
    open('people.db', 'wb').write(b)
    run = subprocess.run([sys.argv[1], '-c', 'empty.conf', 'directory', 'match', '-o',
                          'directory=people', '"Jane Doe, CEO" <x@y.example>', 'jane@corp.example',
                          '"Maria Berg" <x@y.example>'], capture_output=True)
    if run.returncode not in (0, 1, 74) or b'Sanitizer' in run.stderr:
        print(n, run.returncode, run.stderr)
END
is 'no turned bits crash it' "$(cat flips)" ''
# A person whose line is missing is not hidden.
cp good.db people.db
sqlite3 people.db "DELETE FROM row WHERE substr(key, 1, 1) = x'23'"
explain jane.eml
is 'who cannot be named counts' "$(member scope)" directory
rm people.db

# Lines that are wrong: the error names file and line, and nothing is replaced.
build
cp people.db good.db
wrong() { # wrong NAME REGEX: of the text in people
	build
	ok "$1: named" fails 65 "^barefrom: directory: people:$2"
	ok "$1: the old file stays" cmp -s people.db good.db
	explain jane.eml
	is "$1: and is used" "$(scope)" "('directory', True, ['Jane Doe'])"
}
printf 'Jane Doe\n\nJ\344ne Doe; j@corp.example\n' >people
wrong 'not UTF-8' '3: .*UTF-8'
printf '\n;;\n' >people
wrong 'neither name nor address' '2: .*neither'
printf 'Jane Doe; keep:\n' >people
wrong 'keep: alone' '1: keep:'
printf 'Jane Doe\nJohn Smith <j@corp.example>\n' >people
wrong 'a name with an address' '2: .*not a single address'
{ echo 'Jane Doe'; head -c 1048576 /dev/zero | tr '\0' x; echo; } >people
wrong 'a line of 1 MiB' '2: the line'
rm people.db
printf 'Jane Doe\nkeep:\n' >people
deliver -o scope=directory -f s@x.example -- a@y.example <jane.eml
is 'such a text alone: deferred' "$status $(cat err)" \
	'75 4.3.5 barefrom: bad setting directory: run barefrom config'
explain jane.eml
ok 'explain names the line' fails 78 'directory: people:2: keep:'
run config -o scope=directory -o directory=people
ok 'so does config' fails 78 'directory: people:2: keep:'
match x
ok 'and match' fails 78 'directory: people:2: keep:'
for command in mbox 'compare -o domains=x.example'; do
	run $command -o scope=directory -o directory=people jane.mbox
	ok "and $command" fails 78 'directory: people:2: keep:'
done
to_stdout <jane.eml
is 'and filter, to standard output' "$status $(cat err)" \
	'75 4.3.5 barefrom: directory: people:2: keep: without an address after it'
mkdir folder
run directory build -o directory=folder
ok 'a folder is no input of build' fails 66 'directory: .*folder'

# What may surprise is reported, and built all the same.
printf 'Jane Doe; a@corp.example; a@corp.example\nDoe, Jane; A@Corp.Example\nX; x@corp.example\nAl Wu\n(all)\nR & D\n' >people
build
is 'surprises are no errors' "$status" 0
ok 'a name of one letter' says '^people:3: X: too short' out
ok 'a short name' says '^people:4: Al Wu: too short' out
ok 'a name without words' says '^people:5: \(all\): .*nothing' out
ok 'a name that & parts' says '^people:6: R & D: found only where it is written without &' out
ok 'a shared name' says '^people:1 and 2: .*share a name' out
ok 'a shared address' says '^people:1 and 2: .*share an address' out
ok 'and then the count' says '^people\.db: 6 people, 6 names' out
i=0 && while [ $i -lt 30 ]; do i=$((i + 1)); echo "Al B$i"; done >people
build
is 'but not without end' "$(grep -c 'too short' out)" 20
ok 'the rest is counted' says '^and 10 more' out

# Mode and group.
cp kept-people people
for mode in 600 640 604 644; do
	chmod $mode people
	build
	is "mode $mode" "$(stat -c %a people.db)" $mode
done
if [ "$(id -u)" = 0 ]; then
	chown 0:12 people && chmod 640 people
	build
	is 'as root: owner and group of the text' "$(stat -c %u:%g:%a people.db)" 0:12:640
	let_nobody_in
	mkdir -p theirs && cp people theirs/people
	chown nobody theirs theirs/people && chgrp "$(id -gn nobody)" theirs theirs/people
	chmod 640 theirs/people
	as_nobody "$BAREFROM" -c empty.conf directory build -o directory=theirs/people >out 2>err
	is 'not as root' "$? $(stat -c %U:%a theirs/people.db)" '0 nobody:640'
	chgrp 12 theirs/people
	as_nobody "$BAREFROM" -c empty.conf directory build -o directory=theirs/people >out 2>err
	is 'a group that cannot be kept is not widened' "$? $(stat -c %a theirs/people.db)" '0 600'
	ok 'and that is said' says 'warning: .*group' err
	chmod 600 people.db
	chmod 644 people
	as_nobody "$BAREFROM" -c empty.conf explain --json -o scope=directory -o directory=people jane.eml >out 2>err
	is 'who may not read the compiled file reads the text' "$(scope)" "('directory', True, ['Jane Doe'])"
	rm -f people.db
else
	for name in 'as root: owner and group of the text' 'not as root' \
		'a group that cannot be kept is not widened' 'and that is said' \
		'who may not read the compiled file reads the text'; do
		ok "$name # SKIP not root" true
	done
fi

# Replaced and built while filters run: the one text or the other, never nobody.
rm -f people.db loop.db && cp kept-people people
build
{
	n=0
	while [ $n -lt 15 ] && [ ! -e stop ]; do
		n=$((n + 1))
		if [ $((n % 2)) = 0 ]; then cat kept-people; else echo 'Jane Doe'; fi >new
		mv new people
		bf directory build -o directory=people >>built 2>&1 || echo "build: $?" >>failures
	done
	: >done-building
} &
builder=$!
: >failures
n=0
while [ ! -e done-building ] && [ $n -lt 400 ]; do
	n=$((n + 1))
	bf filter -o scope=directory -o directory=people -o database=loop.db <jane.eml >passed 2>>failures ||
		echo "filter: $?" >>failures
	cmp -s passed jane-bare.eml || echo "filter $n let a name through" >>failures
done
: >stop
wait $builder
is 'replaced under filters: no failure' "$(cat failures)" ''
is 'and each row is right' \
	"$(sql loop.db "SELECT count(*) = $n, count(DISTINCT policy) <= 2 FROM message
	WHERE scope = 'directory' AND person = 'Jane Doe' AND action = 'stripped' AND outcome = 'written'")" '1|1'

# Scope is a list; the first reason that holds is the word.
cp kept-people people
build
both='-o domains=ours.example -o directory=people'
word() { # word NAME SCOPE MESSAGE WORD: in explain
	# shellcheck disable=SC2086
	run explain --json -o "scope=$2" $both "$3"
	is "$1" "$(member scope) $(member in_scope)" "$4"
}
mail 'A <a@ours.example>' >ours.eml
mail '"Jane Doe, CEO a@ours.example" <x@y.example>' >two.eml
mail 'Jane Doe' >text.eml
mail 'Jane Doe <' >torn.eml
jane jane@isp.example >keep.eml
mail 'maria.berg@corp.example' >shown.eml
word 'a text alone' 'directory' text.eml 'unreadable True'
word 'what is not understood' 'everyone domains directory' torn.eml 'unreadable True'
word 'domains before directory' 'directory domains' two.eml 'domains True'
word 'domains that are not listed' 'directory' two.eml 'directory True'
word 'directory before everyone' 'everyone directory' jane.eml 'directory True'
word 'directory, not listed' 'domains' jane.eml 'None False'
word 'directory, not listed, everyone' 'everyone' jane.eml 'everyone True'
is 'then nobody is looked for' "$(member persons)" '[]'
word 'nothing that matches' 'domains,directory' joe.eml 'None False'
word 'an own address' 'directory' shown.eml 'directory True'
word 'keep' 'directory' keep.eml 'keep False'
word 'everyone all the same' 'everyone;directory' keep.eml 'everyone True'
is 'with the person' "$(json out "[p['name'] for p in d['persons']]")" "['Jane Doe']"
printf 'To: Jane Doe <x@y.example>\nCc: Jane Doe <x@y.example>\n' | cat - joe.eml >to.eml
word 'To and Cc do not count' 'directory' to.eml 'None False'
run explain --json -o scope=directory -o directory=people -o 'fields=From;To;Cc' to.eml
is 'not even where they are made bare' "$(member scope)" None
explain two.eml
is 'what is shown of a person' "$(json out "d['persons']")" \
	"[{'name': 'Jane Doe', 'element': 'Jane Doe, CEO a@ours.example', 'words': ['jane', 'doe'], 'folding': 'plain', 'line': 2}]"
explain shown.eml
is 'and of an address' "$(json out "d['persons']")" \
	"[{'name': 'Berg, Maria', 'element': 'maria.berg@corp.example', 'words': [], 'folding': 'address', 'line': 3}]"
run explain -o scope=directory -o directory=people jane.eml
ok 'for people as well' says 'Jane Doe \(line 2, plain\)' out
run explain -o scope=directory -o directory=people keep.eml
ok 'with the exception' says 'out of scope \(keep' out

# The same in the audit and in the mail log.
delivered() { # delivered NAME SCOPE MESSAGE OPTION... -- RECIPIENT...
	name=$1 list=$2 message=$3
	shift 3
	# shellcheck disable=SC2086
	deliver -o "scope=$list" -o domains=ours.example --sasl-username= -f s@x.example "$@" <"$message"
}
says_all() { # says_all NAME ROW LINE
	is "$1: the row" "$(last 'scope, in_scope, person, action, outcome')" "$2"
	is "$1: the log line" "$(sed 's/ id [0-9]*$//' out)" "$3, anonymous (sasl-fact), audit"
}
delivered unreadable directory text.eml -- a@y.example
says_all unreadable 'unreadable|1|Jane Doe|replaced|sent' 'replaced, unreadable'
delivered domains 'domains directory' two.eml -- a@y.example
says_all domains 'domains|1|Jane Doe|stripped|sent' 'stripped, domains'
delivered directory 'domains directory' jane.eml -- a@y.example
says_all directory 'directory|1|Jane Doe|stripped|sent' 'stripped, directory'
same 'what is sent' sent jane-bare.eml
delivered everyone 'everyone directory' joe.eml -- a@y.example
says_all everyone 'everyone|1||stripped|sent' 'stripped, everyone'
delivered keep directory keep.eml -- a@y.example
says_all keep 'keep|0|Jane Doe|kept|sent' 'kept, keep'
same 'keep: it is sent as it came' sent keep.eml
delivered nothing directory joe.eml -- a@y.example
says_all nothing '|0||kept|sent' 'kept, out of scope'
mail '"Jane Doe, Maria Berg" <x@y.example>' >both.eml
delivered both directory both.eml -- a@y.example
is 'two persons' "$(last person)" 'Jane Doe; Berg, Maria'
deliver -o scope=directory --sasl-username=joe -f s@x.example -- a@y.example <jane.eml
is 'of somebody who logged in the same is known' "$(last 'scope, in_scope, person, verdict, action')" \
	'directory|1|Jane Doe|authenticated|kept'
is 'and said' "$(sed 's/ id [0-9]*$//' out)" 'kept, directory, authenticated (sasl-fact), audit'
deliver -o scope=directory --dry-run --sasl-username= -f s@x.example -- a@y.example <jane.eml
is 'a dry run' "$(last 'scope, person, action, outcome')" 'directory|Jane Doe|stripped|dry-run'
same 'passes it on' sent jane.eml
is 'and says so' "$(sed 's/ id [0-9]*$//' out)" \
	'stripped (dry run), directory, anonymous (sasl-fact), audit'
is 'the view of incidents has them' "$(sql d.db "SELECT count(*) > 3 FROM incidents WHERE person LIKE 'Jane Doe%' AND scope = 'directory'")" 1

# The longest words, with as many digits as fit, and one more.
{ hop ESMTP 4AB; cat joe.eml; } >long.eml
listener='-o trusted-by=mx.example.org -o submission-by=mx.example.org'
next_id() { sqlite3 d.db "UPDATE sqlite_sequence SET seq = $1 WHERE name = 'message'"; }
next_id 99999999999998
# shellcheck disable=SC2086
deliver -o scope=directory $listener --dry-run -f s@x.example -- a@y.example <long.eml
is 'a line of 90 bytes' "$(cat out)" \
	'kept (dry run), out of scope, authenticated (submission-listener), audit id 99999999999999'
is 'counted' "$(tr -d '\n' <out | wc -c)" 90
# shellcheck disable=SC2086
deliver -o scope=directory $listener --dry-run -f s@x.example -- a@y.example <long.eml
is 'a longer one goes without the scope' "$(cat out)" \
	'kept (dry run), authenticated (submission-listener), audit id 100000000000000'

# Self: all recipients are that person.
self() { # self NAME WANT RECIPIENT...
	name=$1 want=$2
	shift 2
	deliver -o scope=directory --sasl-username= -f s@x.example -- "$@" <jane.eml
	is "self: $name" "$(last 'scope, in_scope, person')" "$want|Jane Doe"
}
self 'the person' 'self|0' jane.doe@corp.example
is 'self: the log line' "$(sed 's/ id [0-9]*$//' out)" 'kept, self, anonymous (sasl-fact), audit'
same 'self: it is sent as it came' sent jane.eml
self 'twice the person' 'self|0' JANE.DOE@Corp.Example jane@corp.example
self 'somebody else' 'directory|1' maria.berg@corp.example
self 'somebody else, too' 'directory|1' jane.doe@corp.example maria.berg@corp.example
self 'a stranger, too' 'directory|1' x@z.example jane.doe@corp.example
self 'an address of keep:' 'directory|1' jane@isp.example
self 'no address' 'directory|1' jane
deliver -o scope=directory --sasl-username= -f s@x.example -- jane.doe@corp.example <both.eml
is 'self: of two persons' "$(last scope)" directory
mail 'jane.doe@corp.example' >own.eml
deliver -o scope=directory --sasl-username= -f s@x.example -- jane.doe@corp.example <own.eml
is 'self: not for an address that is shown' "$(last scope)" directory
printf 'Received: from pc (pc [192.0.2.7]) by mx.example.org with ESMTP id A\n\tfor <jane.doe@corp.example>; Tue, 24 Nov 2026 10:00:00 +0000 (UTC)\n' >hop
printf 'Delivered-To: jane.doe@corp.example\n' | cat - hop jane.eml >stored.eml
explain -o trusted-by=mx.example.org stored.eml
is 'self: not in explain' "$(scope)" "('directory', True, ['Jane Doe'])"
{ echo 'From s@x.example Tue Nov 24 10:00:00 2026'; cat stored.eml; } >stored.mbox
run mbox -o scope=directory -o directory=people -o database=d.db -o trusted-by=mx.example.org stored.mbox
is 'self: not in mbox' "$(last 'source, scope, action')" 'mbox|directory|stripped'

# except.
except() { # except NAME ITEM WANT [MESSAGE [OPTION...]]
	name=$1 item=$2 want=$3 message=${4-jane.eml}
	shift $(($# < 4 ? $# : 4))
	explain -o "except=$item" "$@" "$message"
	is "except: $name" "$(member scope)" "$want"
}
cat hop jane.eml >traced.eml
except 'the address' x@y.example except
except 'without case' X@Y.Example except
except 'another address' z@y.example directory
except 'the domain' y.example except
except 'a domain above' example directory
except 'domains below' '*.example' except
except 'a domain itself is not below it' '*.y.example' directory
except 'the second of a list' 'a.example, x@y.example' except
except 'the network of the boundary' 192.0.2.0/24 except traced.eml -o trusted-by=mx.example.org
except 'another network' 198.51.100.0/24 directory traced.eml -o trusted-by=mx.example.org
except 'no boundary, no network' 192.0.2.0/24 directory traced.eml -o trusted-by=other.example
except 'the client of the session' 192.0.2.0/24 except jane.eml --client-address=192.0.2.9
except 'beside a trace too' 192.0.2.9 except traced.eml -o trusted-by=mx.example.org --client-address=192.0.2.9
except 'an IPv6 network' '2001:db8::/32' except jane.eml --client-address=IPv6:2001:db8::7
except 'an own address' y.example except both.eml
mail '"maria.berg@corp.example" <x@y.example>' >address-shown.eml
except 'an own address that is shown' y.example except address-shown.eml
mail 'Jane Doe <x@y.example>, Maria Berg <z@w.example>' >apart.eml
except 'not for another element' y.example directory apart.eml
except 'for each element' 'y.example;w.example' except apart.eml
except 'keep comes first' isp.example keep keep.eml
except 'not what is in scope by domains' y.example domains two.eml -o 'scope=domains directory' -o domains=ours.example
except 'nor by everyone' y.example everyone jane.eml -o 'scope=everyone directory'
except 'nor what is unreadable' 192.0.2.9 unreadable text.eml --client-address=192.0.2.9
deliver -o scope=directory -o except=y.example --sasl-username= -f s@x.example -- a@y.example <jane.eml
is 'except: the row' "$(last 'scope, in_scope, person, action')" 'except|0|Jane Doe|kept'
is 'except: the log line' "$(sed 's/ id [0-9]*$//' out)" 'kept, except, anonymous (sasl-fact), audit'
for bad in 'a b@' '@y.example' '192.0.2.1/24' '*' '*.'; do
	explain -o "except=$bad" jane.eml
	ok "except: '$bad' is none" fails 78 'except: bad value'
done

# With authserv-id what the sender claims counts only beside dmarc=pass of ours.
ar() { printf 'Authentication-Results: %s\n' "$1"; }
proved() { # proved NAME WANT [OPTION...]: what is in above, for keep:, and for except by address
	name=$1 want=$2
	shift 2
	for message in keep.eml jane.eml; do
		exception=keep
		[ $message = keep.eml ] || exception=except
		sed "s/x@y\.example/x@isp.example/" $message | cat above - >claim.eml
		explain -o trusted-by=mx.example.org -o authserv-id=mx.example.org -o except=x@isp.example \
			"$@" claim.eml
		[ "$want" = yes ] || exception=directory
		is "proof: $name ($message)" "$(member scope)" $exception
	done
}
pass='mx.example.org; dmarc=pass header.from=isp.example'
cat hop >above
proved 'none' no
{ ar "$pass"; cat hop; } >above
proved 'above the boundary' yes
{ ar 'MX.Example.ORG/1 1; spf=pass smtp.mailfrom=x@isp.example; DMARC=Pass (p=none) header.From=ISP.Example'; cat hop; } >above
proved 'beside others, in any case' yes
{ cat hop; ar "$pass"; } >above
proved 'forged below' no
{ cat hop; ar "$pass"; } >above
proved 'below, where our border deletes such' yes -o ar-stripped=true
{ cat hop; cat hop; ar "$pass"; } >above
proved 'below the next hop' no -o ar-stripped=true
{ ar "$pass"; ar "$pass"; cat hop; } >above
proved 'two fields' no
{ ar "$pass"; cat hop; ar 'mx.example.org; dmarc=fail header.from=isp.example'; } >above
proved 'one below of the other mind' yes
{ ar "$pass"; cat hop; ar "$pass"; } >above
proved 'one above, one below, stripped' no -o ar-stripped=true
{ ar "$pass; dmarc=pass header.from=isp.example"; cat hop; } >above
proved 'two results' no
{ ar 'mx.example.org; dmarc=fail header.from=isp.example'; cat hop; } >above
proved 'fail' no
{ ar 'mx.example.org; dmarc=pass header.from=y.example'; cat hop; } >above
proved 'of another domain' no
{ ar 'mx.example.org; dmarc=pass header.from=mail.isp.example'; cat hop; } >above
proved 'of a domain below' no
{ ar 'mx.example.org; dmarc=pass'; cat hop; } >above
proved 'of no domain' no
{ ar 'other.example; dmarc=pass header.from=isp.example'; cat hop; } >above
proved 'by another host' no
{ ar 'mx.example.org; dkim=pass header.d=isp.example'; cat hop; } >above
proved 'dkim alone' no
{ ar "$pass"; } >above
proved 'without a boundary' no
{ ar "$pass"; cat hop; } >above
printf 'Reply-To: Jane Doe <x@free.example>\n' | cat above - keep.eml >claim.eml
explain -o trusted-by=mx.example.org -o authserv-id=mx.example.org -o 'except=x@free.example' claim.eml
is 'proof: of From says nothing of Reply-To' "$(member scope)" directory
cat hop jane.eml >claim.eml
explain -o trusted-by=mx.example.org -o authserv-id=mx.example.org -o except=192.0.2.7 claim.eml
is 'proof: a network needs none' "$(member scope)" except

# What config says.
run config -o scope=directory -o directory=people
ok 'config warns of claims that can be forged' says 'warning: .*authserv-id.*forged' err
run config -o scope=domains -o domains=x.example -o directory=people -o except=y.example
ok 'and of an exception without effect' says 'warning: except has no effect' err
run config -o scope=directory
ok 'a scope that lacks its file' fails 78 'directory: empty'
run config -o scope=people
ok 'a scope that is none' fails 78 'everyone.domains.directory'
rm -f people.db
i=0 && while [ $i -lt 1001 ]; do i=$((i + 1)); echo "Person$i Name$i"; done >people
run config -o scope=directory -o directory=people
ok 'so many people are to be compiled' says 'warning: directory: the 1001 people .*run barefrom directory build' err
sed -i 1d people
run config -o scope=directory -o directory=people
ok 'not one fewer' not says '1000 people' err

# Many values, of the rule's own test: the same answers from the text and from the compiled file.
python3 - "$SRCDIR/tests/unit/test-names.c" >cases.json 2>err <<'END'
import ast, json, re, sys
source = open(sys.argv[1], encoding='utf-8').read()
text = re.sub(r'/\*.*?\*/', '', source, flags=re.S)
TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\bON\b|\bJANE\b')
def c_string(tokens):
    out = b''
    for t in tokens:
        if t == 'ON':
            t = '" <x@y.example>"'
        elif t == 'JANE':
            t = '"Jane Doe plain"'
        def escape(m):
            e = m.group(1)
            if e[0] == 'x':
                return chr(int(e[1:], 16))
            if e[0] in '01234567':
                return chr(int(e, 8))
            return {'n': '\n', 'r': '\r', 't': '\t'}.get(e, e)
        raw = t[1:-1].encode('utf-8').decode('latin-1')
        out += re.sub(r'\\(x[0-9a-fA-F]+|[0-7]{1,3}|.)', escape, raw, flags=re.S).encode('latin-1')
    return out
people = re.search(r'directory\[\] = \{(.*?)\n\};', text, re.S).group(1)
lines, part = [], []
for t in re.findall(r'"(?:\\.|[^"\\])*"|,', people):
    if t == ',':
        lines.append(c_string(part))
        part = []
    else:
        part.append(t)
open('people', 'wb').write(b'\n'.join(lines) + b'\n')
rows = re.search(r'Row rows\[\] = \{(.*?)\n\};', text, re.S).group(1)
cases = []
for row in re.findall(r'\{ "([^"]+)",\s*TEXT\(((?:"(?:\\.|[^"\\])*"|[^"()])*)\),\s*(.*?) \}', rows, re.S):
    value = c_string(TOKEN.findall(row[1]))
    found = c_string(TOKEN.findall(row[2])).decode('utf-8')
    if not re.search(rb'[\r\n\0]', value):
        cases.append([row[0], value.decode('latin-1'), found])
json.dump(cases, sys.stdout)
END
cat >ask.py <<'END'
import concurrent.futures, json, subprocess, sys
def ask(case):
    name, value, found = case
    message = b'From: ' + value.encode('latin-1') + b'\n\nhi\n'
    run = subprocess.run([sys.argv[1], '-c', 'empty.conf', 'explain', '--json', '-o', 'scope=directory',
                          '-o', 'directory=people'], input=message, capture_output=True)
    d = json.loads(run.stdout) if run.returncode == 0 else {'error': run.stderr.decode('utf-8', 'replace')}
    got = '|'.join('%s %s' % (p['name'], p['folding']) for p in d.get('persons', []))
    in_scope = bool(found) and name != 'kept-is-found' or d.get('scope') == 'unreadable'
    return name, d, got == found and d.get('in_scope') is in_scope
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    answers = list(pool.map(ask, json.load(open('cases.json'))))
json.dump([a[:2] for a in answers], open(sys.argv[2], 'w'))
for name, d, right in answers:
    if not right:
        print(name, d.get('scope'), d.get('persons'), d.get('error'))
END
ok 'the values are read' json cases.json "1 / (len(d) > 250 and sum(bool(c[2]) for c in d) > 100)"
python3 ask.py "$BAREFROM" text.json >wrong-text 2>&1
is 'each value is right by the text' "$(cat wrong-text)" ''
build
ok 'the people are compiled' test "$status" -eq 0
mv people people.gone
python3 ask.py "$BAREFROM" compiled.json >wrong-compiled 2>&1
is 'and by the compiled file' "$(cat wrong-compiled)" ''
same 'with the same answers' compiled.json text.json
printf 'Jane Doe; jane@corp.example\n' >own
"$BAREFROM" -c /dev/null audit init -o database=own.db >/dev/null
cp own.db own.before
"$BAREFROM" -c /dev/null directory build -o "directory=$PWD/own" -o database=own.db >out 2>&1
is 'the audit is not built over' "$?" 73
ok 'and the reason is said' grep -q 'own.db: it is the audit itself' out
same 'and it stays as it was' own.db own.before
# What an older file of that name has left is not played into the compiled one: barefrom reads the file alone.
cp own.db own-list.db-wal && cp own.db own-list.db-journal && cp own own-list
cp own-list.db-wal left
"$BAREFROM" -c /dev/null directory build -o "directory=$PWD/own-list" >out 2>&1
is 'a list is built beside the log of another file' "$?" 0
"$BAREFROM" -c /dev/null config -o scope=directory -o "directory=$PWD/own-list" -o database=own.db >out 2>&1
ok 'and read' not grep 'is read at each start' out
is 'and the log stays' "$(cmp left own-list.db-wal) $(ls own-list*)" \
	" $(printf '%s\n' own-list own-list.db own-list.db-journal own-list.db-wal)"
