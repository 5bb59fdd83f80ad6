# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom mbox: what it makes of a mailbox, byte for byte, where that goes, and what the audit says.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 178

mx='trusted-by=mx.example.org'
# mbox ARGUMENT...: runs it with our trace settings.
mbox() { run mbox -o database=a.db -o "$mx" "$@"; }
runs() { sql a.db "SELECT $1 FROM run ORDER BY id DESC LIMIT 1"; }
rows() { sql a.db "SELECT $1 FROM message WHERE run = (SELECT max(id) FROM run) ORDER BY id"; }
mode() { stat -c %a "$1"; }
node() { stat -c %i "$1"; }

# Messages as filter sees them, and the mailbox of them.
{ hop ESMTP 1; cat forged.eml; } >one.eml
{ hop ESMTPSA 2; cat forged.eml; } >two.eml
{ hop ESMTP 1; cat bare.eml; } >one.out
d1='From eve@evil.example Mon Jan  1 10:00:00 2024'
d2='From  MAILER-DAEMON Mon Jan  1 10:01:00 2024'
{ echo "$d1"; cat one.eml; echo; echo "$d2"; cat two.eml; } >a.mbox
{ echo "$d1"; cat one.out; echo; echo "$d2"; cat two.eml; } >a.want

mbox a.mbox
is 'a mailbox goes to standard output' "$status" 0
same 'only the message without a login is changed' out a.want
ok 'one line tells what came of it' says '^barefrom: a\.mbox: 2 messages: 1 stripped, 0 replaced, 1 kept, 0 refused; 1 authenticated \(with 1\), 1 anonymous \(no-login 1\); [0-9.]+ s$' err
is 'and no other' "$(wc -l <err)" 1
is 'the run is recorded' "$(runs 'command, input, messages, stripped, status')" 'mbox|a.mbox|2|1|done'
is 'with its times' "$(runs 'finished_at >= started_at')" 1
is 'each message has its row' "$(rows 'source, envelope_from, verdict, reason, action, outcome')" \
	"mbox|eve@evil.example|anonymous|no-login|stripped|written
mbox|MAILER-DAEMON|authenticated|with|kept|written"
is 'with its size, without the From line' "$(rows size)" \
	"$(($(wc -c <one.eml) + 1))
$(wc -c <two.eml)"
is 'and the hashes of its head' "$(rows 'head_before_sha256, head_after_sha256')" \
	"$(head_sha256 one.eml)|$(head_sha256 one.out)
$(head_sha256 two.eml)|$(head_sha256 two.eml)"
is 'edits are kept' "$(sql a.db 'SELECT field, action, display_names, addresses FROM edit')" \
	'From|stripped|["Jane Doe, CEO"]|["ceo@corp.example"]'
ok 'the write-ahead log is empty' is_empty a.db-wal
run mbox -o database=a.db -o "$mx" - <a.mbox
same 'a hyphen is standard input' out a.want
ok 'which is called so' says '^barefrom: standard input: 2 messages' err
# In pieces, each written once the one before has been read, or nobody is left to read it.
cat >pieces.py <<'END'
import fcntl, os, select, struct, sys, termios
poll = select.poll()
poll.register(1, 0)
while piece := os.read(0, 7):
    os.write(1, piece)
    while struct.unpack('i', fcntl.ioctl(1, termios.FIONREAD, bytes(4)))[0] and not poll.poll(1):
        pass
END
python3 pieces.py <a.mbox | bf mbox -o database=a.db -o "$mx" - >out 2>err
same 'a slow pipe is read to its end' out a.want
mbox a.want
same 'a second time nothing changes' out a.want
ok 'and nothing is stripped' says ' 0 stripped, 0 replaced, 2 kept' err

# Every golden message: by itself through filter, and all in one mailbox.
cat >join.py <<'END'
import os, re, subprocess, sys
program, folder, end = sys.argv[1], sys.argv[2], sys.argv[3].encode().decode('unicode_escape').encode()
argv = [program, '-c', 'empty.conf', 'filter', '-o', 'trusted-by=mx.example.org', '-o', 'database=f.db']
count = 0
with open('g.mbox', 'wb') as mailbox, open('g.want', 'wb') as wanted:
    for name in sorted(os.listdir(folder)):
        if not name.endswith('.eml'):
            continue
        with open(os.path.join(folder, name), 'rb') as file:
            message = re.sub(rb'(?m)^(>*From )', rb'>\1', file.read())
        if not message.endswith(b'\n'):
            message += end
        done = subprocess.run(argv, input=message, capture_output=True, check=False)
        assert done.returncode in (0, 75), done.stderr
        for out, text in (mailbox, message), (wanted, done.stdout if done.returncode == 0 else message):
            out.write(b'From a@b.example Mon Jan  1 10:00:00 2024' + end + text + end)
        count += 1
print(count)
END
count=$(python3 join.py "$BAREFROM" "$SRCDIR/tests/golden" '\n' 2>&1)
mbox g.mbox
same 'a mailbox of all golden messages comes out as filter makes each' out g.want
is 'with as many rows' "$(runs messages)|$(rows 'count(*)')" "$count|$count"
python3 join.py "$BAREFROM" "$SRCDIR/tests/golden" '\r\n' >/dev/null 2>&1
mbox g.mbox
same 'and between CRLF lines' out g.want
is 'with as many' "$(runs messages)" "$count"

# Text between the messages.
{ printf 'note to self\n\n'; cat a.mbox; } >text.mbox
{ printf 'note to self\n\n'; cat a.want; } >text.want
mbox text.mbox
same 'text before the first From line stays' out text.want
ok 'and is reported' says 'warning: text\.mbox: octets before the first From line, kept: 14' err
{ echo "$d1"; cat two.eml; echo '>From me'; echo '>>From you'; echo 'Status: RO'; echo; echo "$d2"; printf 'Status: RO\nX-Status: A\nContent-Length: 99\n'; cat one.eml; } >quoted.mbox
{ echo "$d1"; cat two.eml; echo '>From me'; echo '>>From you'; echo 'Status: RO'; echo; echo "$d2"; printf 'Status: RO\nX-Status: A\nContent-Length: 99\n'; cat one.out; } >quoted.want
mbox quoted.mbox
same 'quoted lines, Status and Content-Length stay' out quoted.want
is 'and make no message' "$(runs messages)" 2
{ echo "$d1"; cat one.eml; echo "$d2"; cat one.eml; } >loose.mbox
{ echo "$d1"; cat one.out; echo "$d2"; cat one.out; } >loose.want
mbox loose.mbox
same 'a From line with a time needs no empty line before it' out loose.want
ok 'which is reported' says 'warning: loose\.mbox: From lines without an empty line .*: 1' err
{ echo "$d1"; cat one.eml; printf '\nFrom x\rFrom: y\n'; cat one.eml; } >cr.mbox
{ echo "$d1"; cat one.out; printf '\nFrom x\rFrom: y\n'; cat one.eml; } >cr.want
mbox cr.mbox
same 'a message behind a From line with a bare CR stays' out cr.want
ok 'which is reported' says 'warning: cr\.mbox: From lines with a carriage return.*: 1' err
ok 'it is counted as refused' says ' 1 stripped, 0 replaced, 0 kept, 1 refused' err
is 'and recorded' "$(rows 'action, outcome')" 'stripped|written
refused|written'
{ echo "$d1"; hop ESMTP 1; printf 'From: A\r\r\n <a@x.example>\n\nbody\n'; } >refused.mbox
mbox refused.mbox
same 'a refused message is copied' out refused.mbox
is 'and told by exit 1' "$status" 1
{ echo "$d1"; echo "$d2"; cat one.eml; echo; printf 'From x'; } >odd.mbox
{ echo "$d1"; echo "$d2"; cat one.out; echo; printf 'From x'; } >odd.want
mbox odd.mbox
same 'messages may be empty' out odd.want
is 'and count, but for a From line with nothing to it' "$(runs messages)" 2
sed 's/$/\r/' a.mbox >crlf.mbox
sed 's/$/\r/' a.want >crlf.want
mbox crlf.mbox
same 'a mailbox with CRLF keeps it' out crlf.want
: >none.mbox
mbox none.mbox
ok 'an empty mailbox is one' is_empty out
is 'with exit 0' "$status" 0
is 'and a run' "$(runs 'messages, status')" '0|done'
echo hello >letter
mbox letter
is 'what is no mailbox is an error' "$status" 65
ok 'and does not go through' is_empty out
mbox --dry-run letter
is 'a dry run says the same' "$status" 65
ok 'that says so' says '^barefrom: letter: this is no mailbox' err

# Content-Length.
# by_length LENGTH: a message with that Content-Length that holds a From line, and another message.
by_length() { echo "$d1"; sed "s/^Subject/Content-Length: $1\\nSubject/" "$2"; printf '\n%s\n' "$d2"; cat "$3"; echo; echo "$d2"; cat two.eml; }
by_length $((3 + 1 + ${#d2} + 1 + $(wc -c <one.eml))) one.eml one.eml >length.mbox
by_length $((3 + 1 + ${#d2} + 1 + $(wc -c <one.eml))) one.out one.eml >length.want
by_length $((3 + 1 + ${#d2} + 1 + $(wc -c <one.eml))) one.out one.out >lines.want
for format in mboxcl mboxcl2; do
	mbox --format=$format length.mbox
	same "$format follows a length that leads to a From line" out length.want
	is 'over a From line' "$(runs messages)" 2
done
run mbox -o database=a.db -o "$mx" --format=mboxcl - <length.mbox
same 'from standard input too' out length.want
cat length.mbox | bf mbox -o database=a.db -o "$mx" --format=mboxcl - >out 2>err
same 'and from a pipe' out length.want
for format in mboxrd mboxo; do
	mbox --format=$format length.mbox
	same "$format does not" out lines.want
done
for length in 1 2 99999999999999999999 -3 x; do
	by_length $length one.eml one.eml >bad.mbox
	by_length $length one.out one.out >bad.want
	mbox --format=mboxcl bad.mbox
	same "a length of $length leads nowhere and is not followed" out bad.want
done
by_length 1 one.eml one.eml >bad.mbox
mbox --format=mboxcl bad.mbox
ok 'which is reported' says 'warning: bad\.mbox: Content-Length .*: 1' err
{ echo "$d1"; sed 's/^Subject/Content-Length: 3\nSubject/' one.eml; } >end.mbox
{ echo "$d1"; sed 's/^Subject/Content-Length: 3\nSubject/' one.out; } >end.want
mbox --format=mboxcl end.mbox
same 'a length may lead to the end' out end.want
ok 'without a word' not says warning err

# A Content-Length may end in the middle of a line, if the message did.
by_mid() { echo "$d1"; sed 's/^Subject/Content-Length: 2\nSubject/' "$1" | head -c -1; echo "$d2"; cat "$1"; }
by_mid one.eml >mid.mbox
by_mid one.out >mid.want
mbox --format=mboxcl mid.mbox
same 'a length may end in the middle of a line' out mid.want
is 'where the next message begins' "$(runs messages)" 2
ok 'without a word' not says warning err

# In a head without an empty line, Content-Length counts for nothing, even if a From_ line follows.
{ echo "$d1"; printf 'Content-Length: %d\n' "$(wc -c <one.eml)"; cat a.mbox; } >head.mbox
{ echo "$d1"; printf 'Content-Length: %d\n' "$(wc -c <one.eml)"; cat a.want; } >head.want
mbox --format=mboxcl head.mbox
same 'a length in a head without an end is not followed' out head.want
{ echo "$d1"; printf 'Content-Length: 3\nContent-Length: 4\n'; cat one.eml; } >two.mbox
mbox --format=mboxcl two.mbox
ok 'nor are two that differ, which is reported' says 'warning: two\.mbox: Content-Length .*: 1' err

# Wrong use.
mbox
is 'no mailbox is wrong use' "$status" 64
mbox a.mbox text.mbox
is 'two need --in-place' "$status" 64
ok 'and are told so' says 'several mailboxes need --in-place' err
mbox --in-place --output=x a.mbox
is 'one place only' "$status" 64
mbox --in-place -
is 'standard input has none' "$status" 64
mbox --format=maildir a.mbox
is 'an unknown format' "$status" 64
ok 'and those there are' says 'accepted: mboxrd, mboxo, mboxcl, mboxcl2' err
mbox missing.mbox
is 'no such mailbox' "$status" 66
mbox .
is 'a folder is none' "$status" 66

# Dry run.
mbox --dry-run a.mbox text.mbox
ok 'a dry run writes no mail' is_empty out
is 'and takes several mailboxes' "$status|$(runs input)" '0|text.mbox'
is 'its rows say so' "$(rows 'DISTINCT outcome')" 'dry-run'
is 'and what would be done' "$(rows action)" 'stripped
kept'

# --output.
mbox --output=new.mbox a.mbox
same '--output makes a file' new.mbox a.want
is 'for its owner' "$(mode new.mbox)" 600
ok 'nothing else goes to standard output' is_empty out
chmod 640 new.mbox
ln -s new.mbox link.mbox
mbox --output=link.mbox loose.mbox
same 'a link is followed' new.mbox loose.want
is 'the mode stays' "$(mode new.mbox)" 640
ok 'and the link' [ -L link.mbox ]
mbox --output=a.mbox a.mbox
is 'onto itself is wrong use' "$status" 64
cp a.mbox self.mbox
bf mbox -o database=a.db -o "$mx" self.mbox >>self.mbox 2>err
is 'nor is standard output' "$?" 64
ok 'which is told' says 'self\.mbox: input and output are the same file' err
same 'and nothing is written' self.mbox a.mbox
bf mbox -o database=a.db -o "$mx" --output=/dev/stdout a.mbox 2>err | cat >out
same 'standard output has a name' out a.want
ln -s loop loop
mbox --output=loop a.mbox
is 'a link that leads nowhere' "$status" 73
ok 'stays' [ -L loop ]
mbox --output= a.mbox
is 'no file is wrong use' "$status" 64
before=$(sql a.db 'SELECT count(*) FROM run')
for output in a.db ./a.db-wal "$tmp/a.db-shm" a.db-journal; do
	mbox --output="$output" a.mbox
	ok "not over the audit: ${output##*/}" fails 73 "^barefrom: $output: it is the audit itself\$"
done
bf mbox -o database=a.db -o "$mx" a.mbox 1<>a.db 2>err
status=$?
: >out
ok 'nor by standard output' fails 73 '/dev/stdout: it is the audit itself$'
bf mbox -o database=a.db -o "$mx" - <&- >out 2>err
status=$?
ok 'a standard input that is closed' fails 66 'standard input: Bad file descriptor$'
is 'which has no run of it' "$(sql a.db 'SELECT count(*) FROM run; PRAGMA integrity_check')" "$before
ok"
ln -s new.db link.db
for output in new.db ./new.db-journal link.db; do
	bf mbox -o database=new.db -o "$mx" --output=$output a.mbox >out 2>err
	is "nor over one that is to be made: $output" "$? $(cat out; ls new.db* 2>/dev/null)" '73 '
done
rm link.db
for box in new.db new.db-wal new.db-journal; do
	cp a.mbox $box
	bf mbox -o database=new.db -o "$mx" --in-place $box >out 2>err
	status=$?
	ok "nor one over a mailbox: $box" fails 73 "^barefrom: $box: it is the audit itself\$"
	same 'which stays' $box a.mbox
	is 'alone' "$(ls new.db*)" $box
	rm $box
done
bf mbox -o database=new.db -o "$mx" --dry-run --output=new.db a.mbox >out 2>err
is 'a dry run writes none' "$? $(sql new.db 'SELECT count(*) FROM run')" '0 1'
rm new.db*
esc=$(printf 'a\033[1m.mbox')
cp a.mbox "$esc"
mbox "$esc"
ok 'names are shown without controls' not grep -q "$(printf '\033')" err
rm "$esc"
mbox --output=/dev/null a.mbox
is 'a device is written to' "$status" 0
mbox --output=none/new.mbox a.mbox
is 'a folder that is not there' "$status" 73
bf mbox -o database=a.db -o "$mx" a.mbox >/dev/full 2>err
is 'a full disk is an error' "$?" 74
ok 'that names the mailbox' says '^barefrom: a\.mbox: cannot write' err
is 'and the run has failed' "$(runs status)" failed
is 'with the rows of its messages' "$(sql a.db 'SELECT DISTINCT outcome FROM history WHERE id IN (SELECT id FROM message WHERE run = (SELECT max(id) FROM run))')" failed

# --in-place.
run mbox -o database=a.db --in-place a.mbox loose.mbox
is '--in-place needs trusted-by' "$status" 78
ok 'and names the hosts on top' says 'trusted-by.*mx\.example\.org \(4\)' err
run mbox -o database=a.db -o trusted-by= --in-place a.mbox
is 'with a host in it' "$status" 78
seen() { # seen MESSAGES HOST: so many, taken in by it
	yes "From a@b Tue Nov 24 08:31:45 2026
Received: from x by $2; Tue, 24 Nov 2026 08:31:45 +0000
From: A <a@b.example>

hi
" | head -n $((6 * $1))
}
{ seen 1000 first.example; seen 9 last.example; } >many.mbox
run mbox -o database=a.db --in-place many.mbox a.mbox
ok 'which it looks for in a thousand messages' says 'seen there: first\.example \(1000\);' err
mkdir -p many.maildir/cur many.maildir/new many.maildir/tmp
for i in 0 1 2 3 4 5 6 7 8 9; do
	for j in 0 1 2 3 4 5 6 7 8 9; do
		for k in 0 1 2 3 4 5 6 7 8 9; do
			printf 'Received: from x by first.example; Tue, 24 Nov 2026 08:31:45 +0000\n\n' >many.maildir/new/$i$j$k
		done
	done
done
run mbox -o database=a.db --in-place many.maildir a.mbox
ok 'of Maildirs too' says 'seen there: first\.example \(1000\);' err
rm -r many.maildir many.mbox
cp a.mbox b.mbox
chmod 604 b.mbox
touch -d '2020-02-02 02:02:02' b.mbox
before=$(stat -c '%a %u %g %X %Y' b.mbox) old=$(node b.mbox)
ln -s b.mbox c.mbox
mbox --in-place c.mbox
is '--in-place keeps mode, owner and times' "$(stat -c '%a %u %g %X %Y' b.mbox)" "$before"
same 'and replaces the mailbox' b.mbox a.want
ok 'through a link, which stays' [ -L c.mbox ]
ok 'by a new file' [ "$(node b.mbox)" != "$old" ]
old=$(node b.mbox)
mbox --in-place b.mbox
is 'where nothing changes it stays' "$(node b.mbox)" "$old"
is 'no lock or other file is left' "$(ls -A | grep -c -e '\.lock$' -e 'barefrom-')" 0
ln b.mbox hard.mbox
mbox --in-place b.mbox
is 'a mailbox with two names is refused' "$status" 66
rm hard.mbox
cp a.mbox b.mbox
: >b.mbox.lock
mbox -o deadline=1 --in-place b.mbox
is 'a locked mailbox' "$status" 75
ok 'is waited for, and the lock named' says 'b\.mbox\.lock: another program' err
ok 'which is not ours to remove' [ -e b.mbox.lock ]
rm b.mbox.lock
python3 -c 'import fcntl, subprocess, sys
with open("b.mbox", "r+") as file:
    fcntl.lockf(file, fcntl.LOCK_EX)
    sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)' \
	"$BAREFROM" -c empty.conf mbox -o database=a.db -o "$mx" -o deadline=1 --in-place b.mbox 2>err
is 'by fcntl too' "$?" 75
same 'and is as it was' b.mbox a.mbox
ok 'without a lock of ours' not [ -e b.mbox.lock ]
python3 -c 'import fcntl, os, shutil, subprocess, sys
with open("b.mbox", "r+") as file:
    fcntl.lockf(file, fcntl.LOCK_EX)
    done = subprocess.Popen(sys.argv[1:])
    while not os.path.exists("b.mbox.lock"):
        pass
    shutil.copy("text.mbox", "b.new")
    os.rename("b.new", "b.mbox")
sys.exit(done.wait())' \
	"$BAREFROM" -c empty.conf mbox -o database=a.db -o "$mx" -o deadline=60 --in-place b.mbox 2>err
is 'a mailbox that is replaced while it is waited for' "$?" 0
same 'is the new one' b.mbox text.want
cp a.mbox b.mbox
cp a.mbox d.mbox
mbox --in-place b.mbox missing.mbox letter d.mbox
is 'of several mailboxes one may fail' "$status" 66
ok 'which is told' says 'missing\.mbox: No such file' err
ok 'each of them' says 'letter: this is no mailbox' err
same 'the others are done' d.mbox a.want
same 'and what is none is as it was' letter letter
ls -A | grep -e '\.lock$' -e barefrom- >left
ok 'nothing is left' is_empty left

# Beside others.
awk -v d="$d1" 'BEGIN { while ((getline line < "one.eml") > 0) m = m line "\n"
	for (i = 0; i < 3000; i++) printf "%s\n%s\n", d, m }' >many.mbox
bf mbox -o database=c.db -o "$mx" many.mbox >many.out 2>err &
beside=0
while kill -0 $! 2>/dev/null || [ $beside -lt 3 ]; do
	bf filter -o database=c.db -o deadline=60 <one.eml >out 2>>beside.err || break
	beside=$((beside + 1))
done
wait $!
is 'filters beside a run wait for it no longer than their deadline' "$?|$(cat beside.err)" '0|'
is 'and all rows are there' "$(sql c.db 'SELECT source, count(*) FROM message GROUP BY 1')" \
	"filter|$beside
mbox|3000"
is 'in more batches than one' "$(sql c.db 'SELECT messages, stripped, status FROM run')" '3000|3000|done'
for n in 1 2 3 4 5 6; do cp a.mbox n$n.mbox; done
printf '%s\0' n?.mbox | xargs -0 -n 1 -P 3 "$BAREFROM" -c empty.conf mbox -o database=n.db -o "$mx" --in-place 2>err
is 'several processes share an audit' "$?|$(sql n.db 'SELECT count(*), sum(messages), min(status) FROM run')" \
	'0|6|12|done'
cat n?.mbox >out
cat a.want a.want a.want a.want a.want a.want >want
same 'and each does its mailbox' out want
is 'with its own rows' "$(sql n.db 'SELECT DISTINCT count(*) FROM message GROUP BY run')" 2

# A signal ends a run that waits, and leaves nothing behind.
cp a.mbox s.mbox
mkfifo never
"$BAREFROM" -c empty.conf mbox -o database=a.db -o "$mx" --output=s.new never 2>err &
exec 3>never
while ! ls .s.new.barefrom-* >/dev/null 2>&1; do :; done
kill -TERM $!
wait $!
is 'SIGTERM ends a run' "$?|$(runs status)" '143|failed'
exec 3>&-
ok 'and nothing is left' not ls .s.new.barefrom-*
"$BAREFROM" -c empty.conf mbox -o database=a.db -o "$mx" --dry-run missing.mbox never 2>err &
exec 3>never
while [ "$(runs input)" != never ]; do :; done
kill -TERM $!
wait $!
is 'it ends one of several' "$?|$(runs status)" '143|failed'
exec 3>&-
ok 'and what failed before it is told' says '^barefrom: missing\.mbox: No such file' err

# A signal ends a run that nobody reads, too. It may have come just before a wait.
mkfifo unread
exec 3<>unread
"$BAREFROM" -c empty.conf mbox -o database=a.db -o "$mx" many.mbox >unread 2>err &
while [ "$(runs input)" != many.mbox ]; do :; done
n=0
while [ $n -lt 6000 ] && kill -TERM $!; do
	n=$((n + 1))
	sleep 0.05
done 2>kills
kill -KILL $! 2>kills
wait $!
is 'SIGTERM ends a write that waits' "$?|$(runs status)" '143|failed'
exec 3>&-

# Maildirs.
size=$(wc -c <one.eml) lines=$(wc -l <one.eml)
mkdir -p md/cur md/new md/tmp
cp one.eml "md/cur/1.a,S=$size,W=$((size + lines)):2,S"
cp two.eml md/cur/2.b:2,
cp one.eml md/new/3.c
sed 's/$/\r/' one.eml >"md/new/4.d,S=$((size + lines)),W=$((size + lines))"
printf 'From: A\r\r\n <a@x.example>\n\nbody\n' >md/new/5.refused
ln -s ../../one.eml md/cur/6.link
echo dot >md/cur/.dot
touch -d '2020-02-02 02:02:02' md/cur/1.*
chmod 640 md/cur/1.*
cp -a md md.old
mbox md
is 'a Maildir has no place but its own' "$status" 64
mbox --dry-run md
is 'but can be looked at' "$status|$(runs 'input, messages, stripped')" '1|md|5|3'
ok 'which changes nothing' diff -r md md.old
run mbox -o database=a.db --in-place md
is 'its hosts are named, too' "$status" 78
ok 'with those on top' says 'mx\.example\.org \(4\)' err
mbox --in-place md
is 'in place' "$status|$(runs 'messages, stripped, status')" '1|5|3|done'
ok 'a link is told of' says 'warning: md: symbolic links .*: 1$' err
ok 'it is summed up' says '^barefrom: md: 5 messages: 3 stripped, 0 replaced, 1 kept, 1 refused' err
bare=$(wc -c <one.out)
same 'a message keeps its name, with its new sizes' "md/cur/1.a,S=$bare,W=$((bare + lines)):2,S" one.out
is 'its times and mode' "$(stat -c '%a %Y' md/cur/1.*)" "$(stat -c '%a %Y' md.old/cur/1.*)"
same 'a message without sizes in its name is replaced' md/new/3.c one.out
sed 's/$/\r/' one.out >crlf.out
same 'and one with CRLF' "md/new/4.d,S=$((bare + lines)),W=$((bare + lines))" crlf.out
same 'a login keeps its message' md/cur/2.b:2, two.eml
same 'a refused message stays' md/new/5.refused md.old/new/5.refused
is 'nothing else is there' "$(ls -A md/cur md/new md/tmp | wc -l)" "$(ls -A md.old/cur md.old/new md.old/tmp | wc -l)"
is 'each message has its row' "$(rows 'action, size')" "stripped|$size
stripped|$((size + lines))
refused|$(wc -c <md/new/5.refused)
stripped|$size
kept|$(wc -c <two.eml)"
cp -a md md.once
mbox --in-place md
ok 'a second time nothing changes' diff -r md md.once
mkdir -p long/cur long/new long/tmp
long=long/new/$(printf '%0250d' 0)
cp one.eml "$long"
mbox --in-place long
same 'a name may be as long as any' "$long" one.out
mkdir -p ./-/cur ./-/new ./-/tmp
run mbox -o database=a.db -o "$mx" --dry-run - <a.mbox
is 'a Maildir called - does not hide standard input' "$(runs 'input, messages')" '-|2'
mkdir -p empty/cur empty/new empty/tmp
mbox --in-place empty
is 'an empty Maildir is one' "$status|$(runs 'messages, status')" '0|0|done'
mbox --in-place a.mbox md/tmp
is 'a folder that is none is not read' "$status" 66

# What a terminal sees, and when.
run mbox -o database=a.db a.mbox
ok 'hosts that are not ours are named in a hint' says 'hint: a\.mbox: most .*mx\.example\.org \(2\)' err
python3 -c 'import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.dup2(os.open("out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    os.execv(sys.argv[1], sys.argv[1:])
shown = b""
try:
    while chunk := os.read(fd, 4096):
        shown += chunk
except OSError:
    pass
sys.stdout.buffer.write(shown)' "$BAREFROM" -c empty.conf mbox -o database=a.db -o "$mx" a.mbox >seen
ok 'a terminal sees a bar' says '\[#* *\] +[0-9]+ %.* messages' seen
same 'and the mailbox comes out' out a.want
