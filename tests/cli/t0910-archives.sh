# SPDX-License-Identifier: GPL-3.0-or-later
# barefrom mbox on archives as they are found: what is read, what is left, and that it says so.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 20

mx='trusted-by=mx.example.org'
mbox() { run mbox -o database=a.db -o "$mx" "$@"; }
rows() { sql a.db "SELECT $1 FROM message WHERE run = (SELECT max(id) FROM run) ORDER BY id"; }
maildir() { mkdir -p "$1/cur" "$1/new" "$1/tmp"; }

# Files of a Maildir that are no messages: Dovecot compresses, encrypts, and so do people.
maildir md
gzip -nc forged.eml >'md/cur/01.a,S=54:2,SZ'
bzip2 -c forged.eml >md/cur/02.b
xz -c forged.eml >md/cur/03.c
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

# A row tells of its own message.
is 'each row of a Maildir is settled by itself' "$(sql a.db 'SELECT DISTINCT settles FROM run')" 1
maildir broken
for n in 1 2 3; do cp forged.eml broken/cur/$n.a; done
cp bare.eml broken/cur/4.a
chmod 0 broken/cur/3.a
let_nobody_in
chown -R nobody broken 2>why && mkdir nobody.d && chown nobody nobody.d
as_nobody "$BAREFROM" -c empty.conf mbox -o database=nobody.d/a.db -o "$mx" --in-place broken >out 2>err
is 'a run that breaks off' "$?|$(sql nobody.d/a.db 'SELECT status FROM run')" '74|failed'
is 'says so of what it had decided' "$(sql nobody.d/a.db 'SELECT action, outcome FROM history ORDER BY id')" 'stripped|failed
stripped|failed'
same 'which is as it was' broken/cur/1.a forged.eml
