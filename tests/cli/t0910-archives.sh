# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom mbox on archives as they are found: what it reads, what it leaves, and that it says so.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 159

mx='trusted-by=mx.example.org'
mbox() { run mbox -o database=a.db -o "$mx" "$@"; }
rows() { sql a.db "SELECT $1 FROM message WHERE run = (SELECT max(id) FROM run) ORDER BY id"; }
maildir() { mkdir -p "$1/cur" "$1/new" "$1/tmp"; }

# Files in a Maildir that are no messages: Dovecot compresses and encrypts, and so do people.
maildir md
gzip -nc forged.eml >'md/cur/01.a,S=54:2,SZ'
# packed MODULE: compresses standard input by that module of Python.
packed() { python3 -c "import $1, sys; sys.stdout.buffer.write($1.compress(sys.stdin.buffer.read()))"; }
packed bz2 <forged.eml >md/cur/02.b
packed lzma <forged.eml >md/cur/03.c
printf '\050\265\057\375\044\066' >md/new/04.d
printf '\004\042\115\030x' >md/new/05.e
printf 'Dovecot-LZ4\015\052\233\305x' >md/new/06.f
printf 'CRYPTED\003\007\002' >md/new/07.g
python3 -c 'import random, sys, zlib
sys.stdout.buffer.write(zlib.compress(b"From: x\n\n" + random.Random(1).randbytes(200000)))' >md/new/08.deflate
echo 'no head, no field' >md/new/09.text
printf '%s\n' '-----BEGIN PGP MESSAGE-----' 'Version: x' '' x >md/new/10.pgp
: >md/new/11.empty
cp forged.eml md/cur/20.mail
printf '\n>From: "Jane Doe" <ceo@corp.example>\n\nx\n' >md/cur/21.empty-head
printf 'From - Sat\nA\001: b\n\000From: "Jane Doe" <ceo@corp.example>\n\nx\n' >md/cur/22.odd
cp -a md md.old
mbox --in-place md
is 'files that are no messages make for exit 1' "$status" 1
ok 'they are counted by kind, and the first named' says '^barefrom: warning: md: files that are no messages, left: 12 \(1 empty, 1 gzip, 1 bzip2, 1 xz, 1 zstd, 2 LZ4, 1 mail_crypt, 1 PGP, 3 without a field\): new/04\.d, new/05\.e, new/06\.f, \.\.\.$' err
is 'they have no row' "$(rows 'action, outcome')" 'stripped|written
stripped|written'
for file in cur/01.* cur/02.b cur/03.c new/04.d new/08.deflate new/09.text cur/21.empty-head; do
	same "$file is as it was" md/$file md.old/$file
done
same 'a message beside them is made bare' md/cur/20.mail bare.eml
ok 'also one with an odd line in its head' says 'From: ceo@corp\.example$' md/cur/22.odd
mbox --dry-run md
is 'a dry run says the same' "$status|$(grep -c 'left: 12 (1 empty, ' err)" '1|1'
maildir empty
: >empty/new/1.a
mbox --in-place empty
is 'an empty file alone holds no name' "$status|$(grep -c 'left: 1 (1 empty): new/1\.a$' err)" '0|1'
maildir links
ln -s ../../forged.eml links/cur/1.a
mbox --in-place links
is 'behind a link a name may be left' "$status" 1
mkfifo links/cur/2.b
rm links/cur/1.a
mbox --in-place links
is 'in a pipe is none' "$status|$(grep -c 'sockets and the like in a Maildir.*: 1$' err)" '0|1'

# A row tells what became of its own message.
is 'each row of a Maildir is settled by itself' "$(sql a.db 'SELECT DISTINCT settles FROM run')" 1
maildir broken
for n in 1 2 3; do cp forged.eml broken/cur/$n.a; done
cp bare.eml broken/cur/4.a
ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -qq -o trace -P broken/cur/3.a -e trace=openat \
	-e inject=openat:error=EIO "$BAREFROM" -c empty.conf mbox -o database=broken.db -o "$mx" --in-place broken \
	>out 2>err
is 'a run that breaks off' "$?|$(sql broken.db 'SELECT status FROM run')" '74|failed'
is 'says so of what it had decided' "$(sql broken.db 'SELECT action, outcome FROM history ORDER BY id')" 'stripped|failed
stripped|failed'
same 'which is as it was' broken/cur/1.a forged.eml

# Text before the first From line.
d1='From eve@evil.example Mon Jan  1 10:00:00 2024'
d2='From bob@corp.example Mon Jan  1 10:01:00 2024'
n=0
for before in '\357\273\277' '\357\273\277\r\n' '\376\377' '\000\000\376\377' '\053/v8-' '\302\240 \t' '>> ' '\000\000\n' '\n\n'; do
	{ printf "$before"; echo "$d1"; cat forged.eml; echo; echo "$d2"; cat forged.eml; } >hidden.mbox
	{ printf "$before"; echo "$d1"; cat bare.eml; echo; echo "$d2"; cat bare.eml; } >want
	mbox hidden.mbox
	n=$((n + 1))
	same "behind what hides it the first message is found, $n" out want
	is 'without a word' "$status|$(grep -c warning err)" '0|0'
done
{ printf '\357\273\277'; cat forged.eml; echo; echo "$d1"; cat forged.eml; } >first.mbox
{ printf '\357\273\277'; cat forged.eml; echo; echo "$d1"; cat bare.eml; } >want
mbox first.mbox
same 'a message without a From line is left' out want
is 'which makes for exit 1' "$status" 1
ok 'and is told of' says 'warning: first\.mbox: text before the first From line that some reader may take for a message, left as it is: 1$' err
for text in 'note: to self' '>>>> a letter' 'X-From-Line: x'; do
	{ echo "$text"; echo; echo "$d1"; cat bare.eml; } >text.mbox
	mbox text.mbox
	is "what is no message may stay: $text" "$status|$(grep -c 'octets before the first' err)" '0|1'
done
{ yes 'no name here' | head -n 100000; echo; echo "$d1"; cat bare.eml; } >long.mbox
mbox long.mbox
same 'long text stays' out long.mbox
is 'and counts for a message, since nobody has read it' "$status" 1
{ echo; echo; } >blank.mbox
mbox blank.mbox
is 'blank lines are an empty mailbox' "$status|$(wc -c <out)" '0|2'
mbox - <forged.eml
is 'a message is no mailbox' "$status|$(wc -c <out)" '65|0'
ok 'but one for filter' says 'standard input: this is no mailbox: .*it may be a single message, which filter takes' err

# From lines in the middle.
{ echo "$d1"; cat forged.eml; echo; echo 'From now on I sit in room 12.'; cat forged.eml; } >paragraph.mbox
{ echo "$d1"; cat bare.eml; echo; echo 'From now on I sit in room 12.'; cat bare.eml; } >want
mbox paragraph.mbox
same 'a From line without a time begins a message where a field follows' out want
is 'of which the first is named' "$status|$(grep 'without a time' err)" '0|barefrom: warning: paragraph.mbox: From lines without a time that begin a message, the first on line 7: 1'
{ echo "$d1"; cat bare.eml; echo; echo 'From now on I sit in room 12.'; echo 'You will find me there.'; cat forged.eml; } >paragraph.mbox
mbox paragraph.mbox
same 'it is text where none does' out paragraph.mbox
is 'without a word' "$status|$(grep -c warning err)" '0|0'
{ echo "$d1"; cat bare.eml; yes 'some text' | head -n 300000; echo; echo 'From x'; cat forged.eml; echo; echo 'From y'; cat bare.eml; } >far.mbox
mbox far.mbox
ok 'lines are counted far down' says 'the first on line 300007: 2$' err
bf mbox -o database=a.db -o "$mx" - <far.mbox >out 2>err
ok 'in a pipe, too' says 'the first on line 300007: 2$' err

# A From line, or Return-Path, that names the sender if nothing else does.
sender() { { echo "$1"; printf "${2-}"; printf 'Subject: x\n\nhi\n'; } >sender.mbox; mbox sender.mbox; echo "$status|$(grep -c 'From and Sender show nobody' err)"; }
is 'a name in a From line is told of' "$(sender 'From "Jane Doe" <ceo@corp.example> Mon Jan  1 10:00:00 2024')" '1|1'
is 'without quotes, too' "$(sender 'From Jane_Doe_CEO Mon Jan  1 10:00:00 2024')" '1|1'
is 'and one in Return-Path' "$(sender "$d1" 'Return-Path: "Jane Doe" <ceo@corp.example>\n')" '1|1'
is 'an address is no name' "$(sender "$d1" 'Return-Path: <eve@evil.example>\n')" '0|0'
is 'nor is the program that sends bounces' "$(sender 'From MAILER-DAEMON Mon Jan  1 10:00:00 2024' 'Return-Path: <>\n')" '0|0'
is 'a sender field is what readers show' "$(sender 'From Jane Mon Jan  1 10:00:00 2024' 'From: a@x.example\n')" '0|0'
is 'unless it is empty' "$(sender 'From Jane Mon Jan  1 10:00:00 2024' 'From: \nSender:\n')" '1|1'
is 'or shows no address' "$(sender 'From Jane Mon Jan  1 10:00:00 2024' 'From: <>, ()\n')" '1|1'
is 'a text is shown, and replaced' "$(sender 'From Jane Mon Jan  1 10:00:00 2024' 'From: CEO\n')" '0|0'
is 'Reply-To is not what readers show' "$(sender 'From Jane Mon Jan  1 10:00:00 2024' 'Reply-To: a@x.example\n')" '1|1'
is 'Sender is' "$(sender 'From Jane Mon Jan  1 10:00:00 2024' 'From:\nSender: a@x.example\n')" '0|0'
is 'a login may have a name' "$(sender 'From Jane Mon Jan  1 10:00:00 2024' "$(hop ESMTPSA 1)\n")" '0|0'

# Fields that a tool quoted, as it quotes lines of text.
{ echo "$d1"; sed 's/^From/>From/' forged.eml; } >quoted.mbox
{ echo "$d1"; sed 's/^From/>From/' bare.eml; } >want
mbox quoted.mbox
same 'a From that was quoted is made bare' out want
{ echo "$d1"; printf '>>From: "Jane Doe" <ceo@corp.example>\n>Reply-To: Jane <ceo@corp.example>\nSubject: x\n\n>From: stays <a@b>\n'; } >quoted.mbox
{ echo "$d1"; printf '>>From: ceo@corp.example\n>Reply-To: ceo@corp.example\nSubject: x\n\n>From: stays <a@b>\n'; } >want
mbox quoted.mbox
same 'also twice, and another field' out want
is 'and is recorded as the field that it is' "$(sql a.db 'SELECT field FROM edit ORDER BY id DESC LIMIT 2' | sort | tr '\n' ' ')" 'From Reply-To '

# Files that are no mailbox at all.
{ echo "$d1"; cat forged.eml; } >a.mbox
pack() { # pack KIND COMMAND...: the mailbox through that command.
	kind=$1
	shift
	"$@" <a.mbox >packed
	mbox packed
	is "$kind to standard output" "$status|$(wc -c <out)|$(grep -c "this is no mailbox: it looks like $kind;" err)" '65|0|1'
	mbox --dry-run - <packed
	is 'and in a dry run' "$status" 65
}
pack gzip gzip -n
pack bzip2 packed bz2
pack xz packed lzma
pack 'UTF-16 text' iconv -f ascii -t utf-16
pack zstd sh -c "printf '\\050\\265\\057\\375'; cat"
cp packed packed.old
mbox --in-place packed
is 'in place it stays as it was' "$status|$(cmp packed packed.old && echo same)" '65|same'

# Directories: subfolders of Maildirs, directories with mailboxes, and others.
for d in mail/md mail/md/.Sent mail/md/.Archive.2026 mail/fs/a/b mail/fs/a/b/c; do
	maildir $d
	cp forged.eml $d/cur/1.a
done
cp a.mbox mail/fs/old
{ printf '\357\273\277'; cat a.mbox; } >mail/fs/.hidden
gzip -c a.mbox >mail/fs/old.gz
echo text >mail/fs/notes
printf 'From here on\nit is text\n' >mail/fs/letter
ln -s ../a.mbox mail/link
ln -s . mail/round
mbox --in-place mail/md
is 'subfolders of a Maildir are left, for exit 1' "$status" 1
ok 'as the summary says' says 'mail/md: 1 message: .*; 2 subfolders left out without --recursive; ' err
same 'and stay' mail/md/.Sent/cur/1.a forged.eml
mbox --in-place mail/fs/a/b
ok 'so does one of LAYOUT=fs' says '; 1 subfolder left out without --recursive; ' err
for folder in mail mail/fs mail/fs/a; do
	mbox --in-place $folder
	is "$folder is no mailbox" "$status" 66
	ok 'but holds some' says "$folder: a directory with [1-8] mailbox(es)? in it, such as $folder/.*: --recursive reads (them|it)" err
done
mbox --recursive mail
cp -a mail mail.old
is 'there is no standard output for so many' "$status" 64
mbox --recursive --dry-run mail
is 'a dry run reads them' "$status|$(grep -c '(dry run)' err)" '1|8'
ok 'and changes nothing' diff -r --no-dereference mail/fs mail.old/fs
run mbox -o database=a.db --recursive --in-place mail
is 'without trusted-by nothing is changed' "$status" 78
mbox --in-place --recursive mail
is 'all of them are read' "$status|$(sql a.db 'SELECT count(*) FROM (SELECT * FROM run ORDER BY id DESC LIMIT 8) WHERE input GLOB "mail/*"')" '1|8'
ok 'with attention to a text that begins with From' says 'warning: mail/fs/letter: messages whose From and Sender show nobody, .*: 1$' err
ok 'other files are counted' says '^barefrom: mail: files that are not mailboxes, left: 2$' err
ok 'links are not followed' says '^barefrom: mail: symbolic links, not followed: 2$' err
is 'no name is left' "$(grep -rl 'Jane' mail/md mail/fs)" ''
is 'but by those links' "$(grep -c Jane a.mbox)" 1
same 'and other files stay' mail/fs/old.gz mail.old/fs/old.gz
same 'a text that begins as a mailbox would is read as one, and stays' mail/fs/letter mail.old/fs/letter
mkdir loose
printf 'From x@y.example Sat Nov 28 2026\n\nbody\n\n' | cat - a.mbox >loose/later
printf 'From \n\n' | cat - a.mbox >loose/blank
for line in ' From: "Jane" <x@y.example>' ' Received: a' "$(printf '\001junk')"; do
	printf 'From x@y.example\n%s\n' "$line" | cat - forged.eml >"loose/$(printf %s "$line" | cksum | tr ' ' .)"
done
cp -a loose loose.old
for file in loose.old/*; do mbox --in-place "$file"; done
mbox --in-place --recursive loose
is 'mailboxes that begin with a line without a time are read, too' "$status|$(grep -c 'messages*:' err)|$(grep -rl Jane loose)" '0|5|'
ok 'and become what they do alone' diff -r loose loose.old
mkdir pkg.mbox mh none.d
cp a.mbox pkg.mbox/mbox
echo toc >pkg.mbox/table_of_contents
mbox --dry-run pkg.mbox
is 'a package of Apple Mail' "$status" 66
ok 'is named, with the mailbox in it' says 'pkg\.mbox: a directory, as Apple Mail exports a mailbox: the mailbox in it is pkg\.mbox/mbox$' err
mbox --recursive --in-place pkg.mbox
is 'which --recursive reads' "$status|$(grep -c Jane pkg.mbox/mbox)" '0|0'
cp forged.eml mh/17
mbox --in-place mh
is 'an MH folder' "$status|$(grep -c 'mh: an MH folder' err)" '66|1'
mkdir -p tree/mh tree/half/cur tree/half/new tree/mac/Messages tree/dbox/INBOX/dbox-Mails
cp forged.eml tree/mh/1
cp forged.eml tree/half/cur/1
cp forged.eml tree/mac/Messages/1.emlx
for folder in tree/mh tree/half tree/mac/Messages tree/dbox/INBOX; do
	mbox --in-place $folder
	is "$folder is named for what it is" "$status|$(grep -c "$folder: \(an MH folder\|a Maildir without\|Apple Mail\|Dovecot's dbox\)" err)" '66|1'
done
maildir tree/md
mbox --in-place --recursive tree
is 'folders whose mail is not read make for exit 1' "$status" 1
ok 'and are counted and named' says 'warning: tree: directories whose mail is not read: 4 \(1 incomplete Maildir, 1 MH, 1 \.emlx, 1 dbox\): tree/dbox/INBOX, tree/half, tree/mac/Messages, \.\.\.$' err

# A directory that cannot be read, from its beginning or from some entry on, is no end of it.
unread() { # unread FOLDER NTH ARGUMENT...: its NTH read of entries fails
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -qq -o trace -P "$tmp/$1" -e trace=getdents64 \
		-e "inject=getdents64:error=EIO:when=$2" "$BAREFROM" -c empty.conf mbox -o database=a.db \
		-o "$mx" --dry-run "$3" ${4+"$4"} >out 2>err
	status=$?
}
maildir worn
maildir worn/.Sub
for n in 1 2 3; do cp forged.eml worn/cur/$n.a; done
cp forged.eml worn/.Sub/cur/1.a
unread worn/cur 1 worn
is 'a Maildir that cannot be listed is an error' \
	"$status|$(grep -c 'worn/cur: Input/output error$' err)|$(sql a.db 'SELECT status FROM run ORDER BY id DESC LIMIT 1')" '74|1|failed'
unread worn/cur 2 worn
is 'and one that is listed in part' "$status" 74
unread worn/.Sub 1 --recursive worn
is 'a subfolder that cannot be listed is left' "$status|$(grep -c '(1 unreadable): worn/.Sub$' err)" '1|1'
unread worn/.Sub 2 --recursive worn
is 'and so is one that is listed in part' "$status|$(grep -c '(1 unreadable): worn/.Sub$' err)" '1|1'
unread worn/.Sub 2 worn
is 'it counts where subfolders are not read' "$status|$(grep -c '1 subfolder left out' err)" '1|1'

# A new message that keeps its name states the size of the old one.
maildir kept
cp forged.eml "kept/cur/1.a,S=$(wc -c <forged.eml)"
cp forged.eml "kept/cur/1.a,S=$(wc -c <bare.eml)"
mbox --in-place kept
is 'a name with an old size is reported' "$status|$(grep -c 'kept: messages that could not be renamed, .*: 1$' err)" '0|1'

# A Maildir lacks one of three directories, whichever it is.
for missing in cur new tmp; do
	part=part.$missing kept=new
	[ $missing != new ] || kept=cur
	maildir $part/md
	rmdir $part/md/$missing
	cp a.mbox $part/old
	cp forged.eml $part/md/$kept/1.a
	mbox --in-place --recursive $part
	is "a Maildir without $missing is left and named, for exit 1" \
		"$status|$(grep -c "not read: 1 (1 incomplete Maildir): $part/md$" err)|$(cmp $part/md/$kept/1.a forged.eml)" '1|1|'
done

mbox --in-place none.d
is 'a folder with nothing in it' "$status|$(grep -c 'none.d: a directory, but neither a Maildir (with cur, new and tmp in it) nor one with mailboxes$' err)" '66|1'
mbox --in-place --recursive none.d
is 'says the same' "$status|$(grep -c 'none.d: a directory, but neither' err)" '66|1'

# Pipermail.
at() { # at FROM-VALUE OPTION...: what becomes of it.
	{ echo 'From ceo at corp.example  Mon Jan  1 10:00:00 2024'; printf 'From: %s\nSubject: x\n\nhi\n' "$1"; } >at.mbox
	shift
	mbox "$@" at.mbox
	sed -n '2,/^Subject/p' out | sed '$d'
}
is 'without --pipermail its senders are replaced' "$(at 'ceo at corp.example (Jane Doe)')" 'From: unknown-sender@barefrom.invalid'
at 'ceo at corp.example (Jane Doe)' >got
ok 'which a hint tells' says "hint: at\.mbox: senders written 'user at domain', .*--pipermail reads them as such: 1\$" err
is 'with it they are read' "$(at 'ceo at corp.example (Jane Doe)' --pipermail)" 'From: ceo@corp.example'
is 'and recorded' "$(rows 'envelope_from, from_address, from_name, action')" 'ceo@corp.example|ceo@corp.example|Jane Doe|stripped'
at 'ceo at corp.example (Jane Doe)' --pipermail >got
ok 'without the hint' not says hint err
is 'folded' "$(at "$(printf 'ceo at corp.example\n\t(Jane Doe)')" --pipermail)" 'From: ceo@corp.example'
is 'with brackets in the name' "$(at 'ceo at corp.example (Jane :) (CEO)' --pipermail)" 'From: ceo@corp.example'
is 'in angle brackets' "$(at '"Jane Doe" <ceo at corp.example>' --pipermail)" 'From: ceo@corp.example'
is 'an address alone stays as it is' "$(at 'ceo at corp.example' --pipermail)" 'From: ceo at corp.example'
is 'other domains stay out of scope' "$(at 'ceo at corp.example (Jane Doe)' --pipermail -o scope=domains -o domains=other.example)" 'From: ceo at corp.example (Jane Doe)'
is 'and ours are in it' "$(at 'ceo at corp.example (Jane Doe)' --pipermail -o scope=domains -o domains=corp.example)" 'From: ceo@corp.example'
is 'what is no address is none' "$(at 'root (Cron Daemon)' --pipermail)" 'From: unknown-sender@barefrom.invalid'

# explain on a mailbox.
explain() { run explain -o database=none.db "$@"; }
{ printf '\357\273\277'; echo "$d1"; cat bare.eml; echo; echo "$d2"; printf 'X: y\n'; cat forged.eml; printf '\nFrom x\rFrom: y\n'; cat forged.eml; } >three.mbox
explain three.mbox
is 'explain of a mailbox shows its first message' "$status|$(grep -c 'Jane Doe' out)" '0|0'
ok 'and says so' says '^barefrom: hint: three\.mbox: this is a mailbox; .*--message=N shows another$' err
{ printf 'note\n\n' && cat three.mbox; } >behind-text.mbox
explain --message=2 behind-text.mbox
is 'as mbox counts, behind other text' "$status|$(grep -c 'Jane Doe' out)" '0|2'
explain --message=2 three.mbox
is '--message takes another' "$status|$(grep -c 'Jane Doe' out)|$(wc -c <err)" '0|2|0'
bf explain -o database=none.db --json --message=2 <three.mbox >out 2>err
is 'of standard input, too' "$(json out "d['fields'][0]['before']")" ' "Jane Doe, CEO" <ceo@corp.example>'
bf explain -o database=none.db --json --message=3 - <three.mbox >out 2>err
is 'decided as mbox does' "$(json out "d['action']")" refused
for n in 1 250 3000; do
	yes "$d1
From: \"Number\" <a@x.example>

body
" | head -n 15000 >many.mbox
	explain --message=$n many.mbox
	is "message $n of many" "$status|$(grep -c Number out)" '0|2'
done
explain --message=3001 many.mbox
is 'there are no more' "$status|$(grep -c 'there is no message 3001 in this mailbox; it has 3000' err)" '65|1'
explain --message=0 many.mbox
is 'they are counted from 1' "$status" 64
explain --message=1 forged.eml
is 'a message is no mailbox' "$status|$(grep -c 'this is no mailbox, and --message is only' err)" '65|1'
gzip -c forged.eml >packed
explain packed
is 'and gzip no message' "$status|$(grep -c 'this is not a message: it looks like gzip' err)" '65|1'
is 'nothing is recorded' "$(ls none.db 2>&1 | grep -c cannot)" 1

# Settings that are meant for other mail: those of this host, for an archive from elsewhere.
printf '[policy]\nscope=domains\ndomains=our.example\n[audit]\ndatabase=h.db\n' >host.conf
{ echo "$d1"; hop ESMTP 4Fa1; cat forged.eml; echo; echo "$d1"; hop ESMTPSA 4Fa2; cat forged.eml; } >theirs.mbox
sed 's/corp\.example/our.example/' theirs.mbox >ours.mbox
hint='^barefrom: hint: no anonymous message was in scope'
hints() { bf -c host.conf mbox --dry-run -o "$mx" "$@" >out 2>err; status=$?; grep "$hint" err >got; }
hints theirs.mbox
is 'all out of scope: the hint names the file' "$status|$(cat got)" \
	"0|barefrom: hint: no anonymous message was in scope (settings file: host.conf); for other people's mail, use -c /dev/null or another file"
hints -o "domains=corp.example" theirs.mbox
is 'one in scope: none' "$status|$(cat got)" '0|'
hints theirs.mbox ours.mbox
is 'and none if it is in another mailbox' "$status|$(cat got)" '0|'
hints theirs.mbox theirs.mbox
is 'one hint for all' "$(wc -l <got)" 1
{ echo "$d1"; hop ESMTPSA 4Fa2; cat forged.eml; } >users.mbox
hints users.mbox
is 'mail of users is not meant' "$status|$(cat got)|$(grep -c '1 authenticated' err)" '0||1'
hints --undo theirs.mbox
is 'undo decides nothing' "$(cat got)" ''
bf mbox --dry-run -c /dev/null -o database=h.db -o "$mx" theirs.mbox >out 2>err
is 'and with /dev/null names go' "$(grep -c "$hint" err)|$(grep -c '1 stripped' err)" '0|1'
