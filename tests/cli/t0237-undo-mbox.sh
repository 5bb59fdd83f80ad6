# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom mbox --undo: restores archives byte for byte; messages without a row stay and are reported.
. "${SRCDIR:?}/tests/cli/lib.sh"
. "$SRCDIR/tests/cli/old-versions.sh"
plan 63

mbox() { run mbox -o database=a.db -o trusted-by=mx.example.org "$@"; }
undo() { run mbox --undo -o database=a.db "$@"; }
# told WORDS: the summary of the last run says this.
told() { says "^barefrom: .*: $1; [0-9.]* s\$" err; }
well() { [ "$status" -eq 0 ] && [ "$(wc -l <err)" = 1 ] && told "$1"; }

# archive N [crlf]: prints a mailbox with >From lines, folds, several fields, Content-Length, Status.
archive() {
	python3 - "$@" <<'END'
import random, sys
rnd = random.Random(7)
out = []
for i in range(int(sys.argv[1])):
    word = b'ESMTPSA' if i % 10 == 9 else b'ESMTP'
    body = b''.join(b'line %d %s\n' % (k, b'x' * rnd.randrange(60)) for k in range(rnd.randrange(40)))
    body += b'>From here on\n' * (i % 3)
    head = b'Received: from pc (pc.example.net [192.0.2.7])\n\tby mx.example.org with %s id 4%06X;\n\tnow\n' % (word, i)
    head += b'From: "Name %d" <u%d@corp.example>\nSubject: s%d\n' % (i % 50, i % 7, i)
    if i % 5 == 0:
        head += b'Reply-To: "R\n  eply" <r@x.example>\nSender: S (x) <s@x.example>\n'
    if i % 7 == 0:
        head += b'Content-Length: %d\nStatus: RO\nX-UID: %d\n' % (len(body), i)
    out.append(b'From u@corp.example Tue Nov 24 10:00:00 2026\n' + head + b'\n' + body + b'\n')
crlf = len(sys.argv) > 2
sys.stdout.buffer.write(b''.join(out).replace(b'\n', b'\r\n' if crlf else b'\n'))
END
}
archive 2200 >plain.old
archive 2200 crlf >crlf.old
for this in plain crlf; do
	cp $this.old $this
	mbox --in-place $this
	ok "$this: 1980 messages of 2200 are made bare" not cmp -s $this $this.old
	undo $this
	same "$this: to standard output it comes back" out $this.old
	ok "$this: it is told how many" well '2200 messages: 1980 put back, 220 never changed or back already, 0 left'
	undo --output=$this.new $this
	same "$this: into a file" $this.new $this.old
	undo - <$this
	same "$this: from standard input" out $this.old
	chmod 640 $this
	undo --in-place $this
	same "$this: in its place" $this $this.old
	is "$this: which keeps its mode" "$status|$(stat -c %a $this)" '0|640'
	inode=$(stat -c %i $this)
	undo --in-place $this
	ok "$this: once more, nothing is to be done" well '2200 messages: 0 put back, 2200 never changed or back already, 0 left'
	is "$this: so the file stays" "$(stat -c %i $this)" "$inode"
done
is 'a run has its row' "$(sql a.db "SELECT DISTINCT command, input, messages, stripped, status FROM run WHERE command <> 'mbox' ORDER BY 2")" 'mbox --undo|-|2200|0|done
mbox --undo|crlf|2200|0|done
mbox --undo|plain|2200|0|done'
is 'and no rows of messages' "$(sql a.db "SELECT count(*) FROM message WHERE run IN (SELECT id FROM run WHERE command <> 'mbox')")" 0

# By Content-Length, since bodies hold From lines that were not quoted.
python3 - <<'END'
body = b'\nFrom x@y Tue Nov 24 10:00:00 2026\nFrom: "Not" <a@header.example>\n'
head = b'From: "Jane" <j%d@corp.example>\nContent-Length: %d\n\n'
open('length.old', 'wb').write(b''.join(
    b'From u@x Tue Nov 24 10:00:00 2026\n' + head % (i, len(body)) + body + b'\n' for i in range(50)))
END
cp length.old length
mbox --format=mboxcl --in-place length
undo --format=mboxcl --in-place length
ok 'by Content-Length' well '50 messages: 50 put back, 0 never changed or back already, 0 left'
same 'the archive comes back' length length.old

# Delivered mail: recorded by the filter with LF, stored with CRLF and fields on top.
for n in 1 2 3; do
	sed "s/Subject: x/Subject: mail $n/" forged.eml >mail.$n
	bf filter -o database=a.db <mail.$n >mail.$n.out
done
from='From ceo@corp.example Tue Nov 24 10:00:00 2026'
printf 'a\rb\r\n\r\rlast\r' >>mail.2
printf 'a\rb\r\n\r\rlast\r' >>mail.2.out
for n in 1 2 3; do { echo "$from"; echo 'Received: on top'; cat mail.$n.out; echo; }; done | sed 's/\r$//; s/$/\r/' | sed 's/^\(From .*\)\r$/\1/' >fetched
for n in 1 2 3; do { echo "$from"; echo 'Received: on top'; cat mail.$n; echo; }; done | sed 's/\r$//' >want
undo fetched
same 'with CRLF it comes out as it was recorded' out want
ok 'and is counted' told '3 messages: 3 put back, 0 never changed or back already, 0 left'

# A Maildir: names, flags, sizes, times.
mkdir -p md/cur md/new md/tmp md/.Sent/cur md/.Sent/new md/.Sent/tmp
{ hop ESMTP 4A; cat forged.eml; } >one
lines=$(wc -l <one) size=$(wc -c <one)
cp one "md/cur/1.a,S=$size,W=$((size + lines)):2,S"
cp one md/new/2.b
{ hop ESMTPSA 4B; cat forged.eml; } >md/new/3.c
cp one md/.Sent/cur/4.d:2,
cp one md/.Sent/cur/5.wrong,S=3,W=000$((size + lines)):2,
touch -d '2020-02-02 02:02:02' md/*/* md/.Sent/cur/*
cp -a md md.old
mbox --in-place --recursive md
ok 'a Maildir was changed' not diff -r md md.old
undo --in-place md
ok 'subfolders stay without --recursive' told '3 messages: 2 put back, 1 never changed or back already, 0 left; 1 subfolder left out without --recursive'
is 'which is told by the exit status' "$status" 1
undo --in-place --recursive md
is 'with it' "$status|$(grep -c 'put back' err)" '0|2'
ok 'the Maildir comes back, with its names' diff -r md md.old
is 'and its times' "$(stat -c '%y %a' md/new/2.b)" "$(stat -c '%y %a' md.old/new/2.b)"
ok 'nothing is left in tmp' rmdir md/tmp
mkdir md/tmp
bf filter -o database=a.db <mail.1 >bare.1
sed 's/$/\r/' bare.1 >lf.crlf
rm md/cur/* md/new/* && rm -r md/.Sent
lines=$(wc -l <bare.1) size=$(wc -c <bare.1)
cp lf.crlf "md/cur/5.e,S=$((size + lines)),W=$((size + lines)):2,FS"
undo --in-place md
lines=$(wc -l <mail.1) size=$(wc -c <mail.1)
same 'one fetched with CRLF comes back with LF, and its sizes' "md/cur/5.e,S=$size,W=$((size + lines)):2,FS" mail.1

# What is left.
{ echo "$from"; cat mail.1.out; echo; echo "$from"; cat bare.eml; echo; echo "$from"; cat mail.3.out; } >mixed
{ echo "$from"; cat mail.1; echo; echo "$from"; cat bare.eml; echo; echo "$from"; cat mail.3; } >want
undo --in-place mixed
is 'a message that no row fits makes for exit 1' "$status" 1
ok 'and is counted' told '3 messages: 2 put back, 0 never changed or back already, 1 left'
same 'the others come back' mixed want
printf 'From: "A" <x@y.example>\n\nhi\n' >one
printf 'From: "B" <x@y.example>\n\nhi\n' >two
bf filter -o database=a.db <one >both
bf filter -o database=a.db <two >both
bf filter -o database=a.db <mail.2 >mail.2.out
sed 's/Subject: x/Subject: damaged/' forged.eml | bf filter -o database=a.db >damaged
sqlite3 a.db 'UPDATE edit SET position = 5 WHERE id = (SELECT max(id) FROM edit)'
for file in both damaged mail.1.out; do { echo "$from"; cat $file; echo; }; done >unsure
undo unsure
is 'rows that say different things, and a damaged one' "$status|$(sed -n 's/^barefrom: warning: unsure: \(messages left .*\)/\1/p' err)" '1|messages left because the rows that fit disagree about the original; barefrom audit undo lists these rows: 1
messages left because their row does not yield the original head: 1'
ok 'are left' told '3 messages: 1 put back, 0 never changed or back already, 2 left'
for file in both damaged mail.1; do { echo "$from"; cat $file; echo; }; done >want
same 'as they were' out want
python3 -c 'import sys
sys.stdout.buffer.write(b"From x Tue Nov 24 10:00:00 2026\nSubject: " + b"x" * (65 * 1048576) + b"\n\nhi\n")' >long
undo --output=long.new long
ok 'a head of 65 MiB was never changed' told '1 message: 0 put back, 0 never changed or back already, 1 left'
same 'and stays' long.new long
rm -f long long.new

# Messages without a head, or without anything.
printf '%s\n\nbody\n\n%s\n\n%s\n' "$from" "$from" "$from" >headless
undo headless
is 'messages without a head that no row fits' "$status|$(grep -c ' 0 never changed or back already, 3 left' err)" '1|1'
mbox --output=headless.new headless
undo --output=headless.new headless
ok 'were never changed if a row says so' well '3 messages: 0 put back, 3 never changed or back already, 0 left'
is 'and the exit status says so' "$status" 0
same 'and they stay' headless.new headless

# An older audit becomes version 3 first; its rows have no position.
for version in 1 2; do
	make_old $version
	sqlite3 old.db "ATTACH 'a.db' AS new;
		INSERT INTO message ($(cat message.columns)) SELECT $(sed 's/\bid\b/id + 1000/; s/\brun\b/NULL/' message.columns) FROM new.message WHERE run = 1;
		INSERT INTO edit ($(sed 's/\bid\b, //' edit.columns)) SELECT $(sed -e 's/\bid\b, //' -e 's/\bmessage\b/message + 1000/' edit.columns) FROM new.edit ORDER BY id"
	cp plain.old plain
	mbox --in-place plain
	run mbox --undo -o database=old.db --in-place plain
	ok "version $version" well '2200 messages: 1980 put back, 220 never changed or back already, 0 left'
	same "version $version: the archive comes back" plain plain.old
	is "version $version: the audit is version 3 then" "$(version old.db)" $newest
done

# Bad input.
undo --dry-run mixed
ok 'a dry run' usage '^barefrom: --undo and --dry-run cannot be used together$'
undo --in-place --output=x mixed
ok 'two places' usage '--output and --in-place cannot be used together'
undo mixed plain
ok 'several inputs' usage 'several mailboxes need --in-place'
undo --recursive md
ok 'a tree' usage '--recursive needs --in-place'
undo md
ok 'a Maildir' usage 'a Maildir needs --in-place'
undo --output=mixed mixed
ok 'over itself' usage 'input and output are the same file: use --in-place to replace it'
undo no-file
ok 'no file' fails 66 'no-file: No such file'
gzip -c mixed >mixed.gz
undo mixed.gz
ok 'no mailbox' says 'mixed\.gz: this is no mailbox: it looks like gzip' err
is 'is bad data' "$status" 65
cp mixed mixed.old
run mbox --undo -o database=none.db --in-place mixed
ok 'an audit that is not there' fails 66 'none\.db: it does not exist yet'
ok 'is not made' test ! -e none.db
same 'and the mailbox stays' mixed mixed.old
: >mixed.lock
undo -o deadline=1 --in-place mixed
ok 'a mailbox that is locked' fails 75 'lock'
rm mixed.lock
