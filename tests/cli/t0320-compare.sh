# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom compare: it counts the difference of two dry runs, message by message, and writes nothing
# anywhere; its output and its errors.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 88

mx='trusted-by=mx.example.org'
compare() { run compare "$@"; }
maildir() { mkdir -p "$1/cur" "$1/new" "$1/tmp"; }
totals() { json out "d['messages'], d['newly_changed'], d['newly_left']"; }
table() { json out "[(i['name'], i['newly_changed'], i['newly_left'], i['examples']) for i in d['by_$1']]"; }
no_sanitizer() { ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 "$@"; } # under a tracer

# An archive of real trace fields, of odd heads, and of the samples; and the same as a Maildir.
cat >people <<'EOF'
Jane Doe; jane.doe@corp.example; jane@corp.example; keep:jane@isp.example
Joe Roe; joe.roe@corp.example
The Director; ceo@corp.example
EOF
maildir md
cat >gather.py <<'EOF'
import glob, os, re, sys
names = sorted(glob.glob('data/samples/*.eml', root_dir=sys.argv[1]) +
               glob.glob('tests/data/traces/*.eml', root_dir=sys.argv[1]) +
               glob.glob('tests/golden/*.eml', root_dir=sys.argv[1]))
with open('archive.mbox', 'wb') as box:
    for n, name in enumerate(names):
        with open(os.path.join(sys.argv[1], name), 'rb') as file:
            mail = file.read()
        with open(f'md/cur/{n:04}.{os.path.basename(name)}:2,S', 'wb') as file:
            file.write(mail)
        box.write(b'From x@x.example Tue Nov 24 10:00:00 2026\n')
        box.write(re.sub(rb'^(?=>*From )', b'>', mail, flags=re.M) + b'\n\n')
EOF
python3 gather.py "$SRCDIR" >why 2>&1
ok 'the archive has some hundred messages' eval '[ "$(grep -c "^From x@x" archive.mbox)" -gt 300 ]'

# The same from two audits, in which row N is about message N.
cat >difference.py <<'EOF'
import collections, contextlib, json, sqlite3, sys

def rows(path):
    with contextlib.closing(sqlite3.connect(path)) as audit:
        return audit.execute('SELECT action, from_before, from_address, person FROM message ORDER BY id').fetchall()

def item():
    return {'newly_changed': 0, 'newly_left': 0, 'examples': []}

before, after = rows(sys.argv[1]), rows(sys.argv[2])
assert len(before) == len(after) > 0
all = {'messages': len(before), 'newly_changed': 0, 'newly_left': 0}
persons, domains = collections.defaultdict(item), collections.defaultdict(item)
for was, now in zip(before, after):
    was_changed, is_changed = (row[0] in ('stripped', 'replaced') for row in (was, now))
    if was_changed == is_changed:
        continue
    side = 'newly_changed' if is_changed else 'newly_left'
    _, value, address, person = now if is_changed else was
    all[side] += 1
    counted = [domains[address.rpartition('@')[2] if address else None]]
    counted += [persons[name] for name in (person.split('; ') if person else [])]
    for one in counted:
        one[side] += 1
        if (value or '') not in one['examples'] and len(one['examples']) < 3:
            one['examples'].append(value or '')

def table(items):
    order = sorted(items, key=lambda name: (-items[name]['newly_changed'] - items[name]['newly_left'],
                                            (name or '').encode()))
    return [{'name': name, **items[name]} for name in order]

print(json.dumps({**all, 'by_person': table(persons), 'by_domain': table(domains)}, sort_keys=True))
EOF
sorted() { python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin), sort_keys=True))' 2>&1; }
# dry NAME INPUT: does a dry run with the settings in NAME.conf.
dry() {
	rm -f "$1.db"*
	"$BAREFROM" -c "$1.conf" mbox --dry-run -o "database=$1.db" "$2" >out 2>err
	[ $? -le 1 ] || echo "# the dry run of $1 failed"
}
# difference NAME INPUT SETTING...: file.conf against file.conf with these: the difference of two dry runs.
difference() {
	name=$1 input=$2
	shift 2
	{ cat file.conf; printf '%s\n' "$@"; } | python3 -c '
import sys
sections = {"trusted-by": "trust", "user-uids": "trust"}
kept = {}
for line in sys.stdin:
    if "=" in line:
        kept[line.partition("=")[0]] = line
for key, line in kept.items():
    print("[%s]\n%s" % (sections.get(key, "policy"), line), end="")' >after.conf
	dry file "$input"
	dry after "$input"
	options=
	for setting; do options="$options -o '$setting'"; done
	eval '"$BAREFROM" -c file.conf compare --json' "$options" '"$input"' >out 2>err
	status=$?
	python3 difference.py file.db after.db >want 2>&1
	sorted <out >got
	is "$name: exit" "$status" 0
	same "$name: the difference of two dry runs" got want
	[ "$(totals)" = "($(sql file.db 'SELECT count(*) FROM message'), 0, 0)" ] && echo "# $name: nothing differs"
}
settings() { printf '[trust]\n%s\n[policy]\n' "$mx"; printf '%s\n' "$@"; }
settings scope=everyone >file.conf
for input in archive.mbox md; do
	difference "$input, everyone to domains" $input scope=domains domains=corp.example
	difference "$input, everyone to both" $input 'scope=domains directory' domains=corp.example directory=people
done
settings scope=domains domains=corp.example directory=people >file.conf
for input in archive.mbox md; do
	difference "$input, domains to directory as well" $input 'scope=domains directory'
done
is 'of which there are people' "$(json out "len(d['by_person']) > 2")" True
difference 'domains to directory alone' archive.mbox scope=directory
difference 'domains to everyone' archive.mbox scope=everyone
settings scope=everyone >file.conf
difference 'other hosts' archive.mbox 'trusted-by=mx.example.org mail.example.org'
difference 'unknown mail' archive.mbox unknown=authenticated
difference 'other fields' archive.mbox fields=Reply-To
difference 'nothing is taken off' archive.mbox resolve-anonymous=true
settings 'scope=directory' directory=people >file.conf
difference 'people who may' archive.mbox except=example.org
bf directory build -o directory=people >made 2>&1
difference 'of a compiled list' archive.mbox scope=everyone
ok 'of which there is one' test -s people.db
rm people.db

# Nothing is written except to standard output and standard error.
cat >writes.py <<'EOF'
"""The calls of strace's output that write, or open for writing, or lock so; but for output and error."""
import re
changes = ('creat link linkat symlink symlinkat rename renameat renameat2 unlink unlinkat mkdir mkdirat '
           'rmdir mknod mknodat chmod fchmod fchmodat chown fchown lchown fchownat truncate ftruncate '
           'fallocate utime utimes utimensat futimesat setxattr fsetxattr lsetxattr removexattr '
           'memfd_create socket connect bind flock fsync fdatasync copy_file_range sendfile splice '
           'clone clone3 fork vfork').split()
calls = 0
for line in open('calls', encoding='utf-8', errors='replace'):
    found = re.match(r'(?:\d+ +)?([a-z0-9_]+)\((.*)', line)
    if not found:
        continue
    calls += 1
    call, rest = found.groups()
    opens = call in ('open', 'openat', 'openat2') and re.search(r'O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)', rest)
    writes = call in ('write', 'writev', 'pwrite64', 'pwritev', 'pwritev2', 'sendto', 'sendmsg') and not re.match('[12],', rest)
    locks = call == 'fcntl' and 'F_WRLCK' in rest
    if opens or writes or locks or call in changes:
        print(line, end='')
    if 'audit.db' in line and call != 'execve':
        print('the audit:', line, end='')
print('calls' if calls > 100 else f'only {calls} calls')
EOF
# traced NAME ARGUMENT...: runs it under strace, with our standard input.
traced() {
	name=$1
	shift
	no_sanitizer strace -f -qq -o calls "$BAREFROM" -c file.conf compare "$@" >out 2>err
	is "$name: it works" $? 0
	is "$name: nothing is written" "$(python3 writes.py 2>&1)" calls
}
mkdir audits && echo 'no database' >audits/audit.db
maildir tree/md/.Sub
maildir tree/md
cp md/cur/00[0-4]* tree/md/cur && cp md/cur/005* tree/md/.Sub/new
cp archive.mbox tree/old.mbox
bf directory build -o directory=people >made 2>&1
ls -lAR --time-style=full-iso . >before
for form in --json ''; do
	# shellcheck disable=SC2086
	traced "a mailbox, a tree and standard input $form" $form -o scope=everyone -o "database=$tmp/audits/audit.db" \
		--recursive archive.mbox tree - <archive.mbox
	# shellcheck disable=SC2086
	traced "without an audit $form" $form -o scope=everyone -o "database=$tmp/none/audit.db" md
done
rm -f people.db # the text is read
traced 'with the text of the people' -o scope=everyone archive.mbox
bf directory build -o directory=people >made 2>&1
ls -lAR --time-style=full-iso . >after
grep -v -e 'people' -e ' \(before\|after\|calls\|out\|err\|why\|made\)$' -e ' \.$' -e '^total' before >before.list
grep -v -e 'people' -e ' \(before\|after\|calls\|out\|err\|why\|made\)$' -e ' \.$' -e '^total' after >after.list
same 'each file is as it was' after.list before.list
rm people.db

# What people read.
d='From x@x.example Tue Nov 24 10:00:00 2026'
mail() { # mail WORD VALUE
	echo "$d"
	hop "$1" 4Fa1
	printf 'From: %s\nSubject: x\n\nhi\n\n' "$2"
}
{
	mail ESMTP '"Jane Doe, CEO" <x@y.example>'
	mail ESMTP 'Jane Doe <other@z.example>'
	mail ESMTP 'Jane Doe <other@z.example>'
	mail ESMTPSA 'Jane Doe <jane.doe@corp.example>'
	mail ESMTP 'Joe <joe@corp.example>'
	mail ESMTP '"Jane Doe" <jane@isp.example>'
} >small.mbox
settings scope=domains domains=corp.example directory=people >file.conf
"$BAREFROM" -c file.conf compare -o scope=directory small.mbox >out 2>err
is 'exit' $? 0
cat >want <<'EOF'
6 messages: 3 newly made bare, 1 newly left

newly bare  newly left  person of the directory
         3           0  Jane Doe
                        stripped, directory, anonymous (no-login)
                          "Jane Doe, CEO" <x@y.example>
                          Jane Doe <other@z.example>

newly bare  newly left  domain of the sender
         2           0  z.example
                        stripped, directory, anonymous (no-login)
                          Jane Doe <other@z.example>
         0           1  corp.example
                        kept, out of scope, anonymous (no-login)
                          Joe <joe@corp.example>
         1           0  y.example
                        stripped, directory, anonymous (no-login)
                          "Jane Doe, CEO" <x@y.example>
EOF
same 'the text' out want
is 'one line tells of the pass' "$(sed 's/[0-9.]* s (/N s (/' err)" \
	'barefrom: small.mbox: 6 messages: 3 stripped, 0 replaced, 3 kept, 0 refused; 1 authenticated (with 1), 5 anonymous (no-login 5); N s (settings with -o)'
"$BAREFROM" compare --json -o scope=directory -c file.conf small.mbox >out 2>err
is 'the object' "$(cat out)" '{"messages":6,"newly_changed":3,"newly_left":1,"by_person":[{"name":"Jane Doe","newly_changed":3,"newly_left":0,"examples":["\"Jane Doe, CEO\" <x@y.example>","Jane Doe <other@z.example>"]}],"by_domain":[{"name":"z.example","newly_changed":2,"newly_left":0,"examples":["Jane Doe <other@z.example>"]},{"name":"corp.example","newly_changed":0,"newly_left":1,"examples":["Joe <joe@corp.example>"]},{"name":"y.example","newly_changed":1,"newly_left":0,"examples":["\"Jane Doe, CEO\" <x@y.example>"]}]}'
"$BAREFROM" -c file.conf compare -o unknown=authenticated small.mbox >out 2>err
is 'where nothing differs' "$(cat out)" '6 messages: 0 newly made bare, 0 newly left'
"$BAREFROM" -c file.conf compare -o scope=directory small.mbox - small.mbox <small.mbox >out 2>err
is 'several mailboxes are one comparison' "$?|$(head -n 1 out)|$(grep -c 'settings with -o' err)" \
	'0|18 messages: 9 newly made bare, 3 newly left|3'
ok 'standard input is called so' says '^barefrom: standard input: 6 messages' err
: >empty.mbox
compare -o scope=directory -o directory=people empty.mbox
is 'an empty mailbox' "$status|$(cat out)" '0|0 messages: 0 newly made bare, 0 newly left'

# Senders without an address, or without a From; control characters reach no terminal.
{
	mail ESMTP 'CEO'
	echo "$d"
	hop ESMTP 4Fa2
	printf 'Sender: CEO\n\nhi\n\n'
	mail ESMTP "$(printf '"\033]0;Jane\007\302\233 Doe" <x@y.example>')"
} >odd.mbox
compare -o "$mx" -o fields= odd.mbox
is 'no address has a name of its own' "$(grep -c '^ *0  *2  (no address)$' out)|$(grep -c '^ *(no From)$' out)" '1|1'
is 'no control reaches the terminal' "$(LC_ALL=C tr -d '\n -~\357\277\275' <out | wc -c)" 0
compare --json -o "$mx" -o fields= odd.mbox
is 'which is null in JSON' "$(json out "[i['newly_left'] for i in d['by_domain'] if i['name'] is None]")" '[2]'
is 'nor by JSON' "$(LC_ALL=C tr -d '\n -~\357\277\275' <out | wc -c)" 0

# Many domains: people see the first ones, JSON has all.
i=0
while [ $i -lt 30 ]; do
	i=$((i + 1))
	mail ESMTP "A <a@d$i.example>"
done >many.mbox
compare -o "$mx" -o fields= many.mbox
is 'twenty domains are shown' "$(grep -c '\.example$' out)|$(tail -n 1 out)" \
	'20|                        and 10 more; --json shows all'
compare --json -o "$mx" -o fields= many.mbox
is 'and all by JSON' "$(json out "len(d['by_domain'])")" 30

# What is left is reported, but is no failure.
maildir left/.Sub
maildir left
cp forged.eml left/cur/1.a
cp forged.eml left/.Sub/cur/1.a
gzip -nc forged.eml >left/cur/2.gz
printf 'From: A\r\r\n (b) <a@b.example>\n\nx\n' >left/cur/3.refused
compare -o fields= left
is 'what was left: exit 0' "$status|$(head -n 1 out)" '0|2 messages: 0 newly made bare, 1 newly left'
ok 'files that are no messages' says 'warning: left: files that are no messages, left: 1 \(1 gzip\): cur/2\.gz$' err
ok 'subfolders' says '1 subfolder left out without --recursive' err
compare --recursive -o fields= left
is 'with --recursive they are read' "$status|$(cat err | grep -c 'settings with -o')|$(grep -c 'for --recursive' err)" '0|2|0'
mkdir -p other/mh && cp forged.eml other/mh/1 && cp small.mbox other/a.mbox
compare --recursive -o fields= other
is 'a folder that is not read is no failure' "$status|$(grep -c 'directories whose mail is not read: 1 (1 MH)' err)" '0|1'
compare -o scope=domains -o domains=corp.example small.mbox
ok 'hosts that neither settings trust' says 'hint: small\.mbox: most messages were received by hosts .*on top: mx\.example\.org \(6\)$' err
is 'are told of once' "$(grep -c hint: err)" 1
compare -o "$mx" small.mbox
ok 'and those that the file does not' says 'hint: small\.mbox: with the settings without -o, .*on top: mx\.example\.org \(6\)$' err

# The README shows the real output.
sed -n '/^    \$ build\/barefrom compare/,/^[^ ]/{/^$/p;s/^    //p}' "$SRCDIR/README.md" | sed '$d' >want
command=$(sed -n 's/^\$ build\/barefrom //p' want | sed "s|data/samples|$SRCDIR/data/samples|")
{ head -n 1 want; eval '"$BAREFROM"' "$command"; } >out
same 'what the README shows' out want

# Wrong use.
compare small.mbox
ok 'no -o' usage '^barefrom: nothing to compare: .*-o KEY=VALUE'
compare -o "$mx"
ok 'no mailbox' usage '^barefrom: no mailbox given: '
compare -o "$mx" --in-place small.mbox
ok 'an option that it has not' usage 'in-place'
compare -o nonsense small.mbox
ok 'no setting' usage 'KEY=VALUE'
compare -o scope=nobody small.mbox
ok 'a bad value' fails 78 '^barefrom: -o scope: '
compare -o scope=directory -o directory=missing small.mbox
ok 'a list that is not there' fails 78 'missing'
compare -c missing.conf -o "$mx" small.mbox
ok 'a file that is not there' fails 78 'missing\.conf'
printf '[policy]\nscope=domains\n' >bad.conf
compare -c bad.conf -o domains=corp.example small.mbox
ok 'the file is wrong by itself' fails 78 'bad\.conf:2: domains: empty'

# No mailboxes.
# none STATUS REGEX: nothing is shown.
none() { [ "$status" -eq "$1" ] && is_empty out && says "$2" err; }
compare -o "$mx" missing.mbox
ok 'a missing one' none 66 '^barefrom: missing\.mbox: No such file'
compare -o "$mx" forged.eml
ok 'a message' none 65 '^barefrom: forged\.eml: this is no mailbox'
gzip -nc small.mbox >small.mbox.gz
compare -o "$mx" small.mbox.gz
ok 'a compressed one' none 65 'this is no mailbox: it looks like gzip'
mkdir folder
compare -o "$mx" folder
ok 'a folder' none 66 '^barefrom: folder: a directory'
compare -o "$mx" missing.mbox small.mbox forged.eml
is 'others are compared all the same' "$status|$(head -n 1 out)" '66|6 messages: 0 newly made bare, 1 newly left'
ok 'and both errors told' eval 'says "^barefrom: missing" err && says "^barefrom: forged" err'
compare -o "$mx" - </
ok 'a folder on standard input' none 66 'standard input: Is a directory'

# Failures on the way.
for form in '' --json; do
	# shellcheck disable=SC2086
	bf compare $form -o "$mx" many.mbox >/dev/full 2>err
	is "a full output $form" $? 74
done
MAIL_CONFIG=/etc/postfix bf compare -o "$mx" small.mbox >out 2>err
is 'under MAIL_CONFIG' "$?|$(cat err)" '75|4.3.5 barefrom: no message was passed on: with MAIL_CONFIG set, only filter works'
bf directory build -o directory=people >made 2>&1
python3 -c "b = bytearray(open('people.db', 'rb').read())
b[4096:4196] = b'\xff' * 100
open('people.db', 'wb').write(b)"
for scope in directory everyone; do
	settings scope=$scope directory=people >damaged.conf
	"$BAREFROM" -c damaged.conf compare -o "scope=directory everyone" -o unknown=authenticated small.mbox >out 2>err
	status=$?
	ok "a list that cannot be asked, from $scope" none 74 'run barefrom directory build'
done
settings scope=directory directory=people >damaged.conf
"$BAREFROM" -c damaged.conf compare -o scope=everyone small.mbox >out 2>err
status=$?
ok 'nor before' none 74 'run barefrom directory build'
rm people.db
mkfifo never
"$BAREFROM" -c empty.conf compare -o "$mx" missing.mbox small.mbox never >out 2>err &
exec 3>never
while ! says 'settings with -o' err; do :; done
kill -TERM $!
wait $!
is 'a signal ends it without a word on standard output' "$?|$(cat out)" '143|'
exec 3>&-
ok 'and what failed before it is told' says '^barefrom: missing\.mbox: No such file' err
