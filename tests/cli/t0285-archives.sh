# SPDX-License-Identifier: GPL-3.0-or-later
# data/archives.md, typed as it is written there, on an archive of real traces, and what it shows.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 27
page=$SRCDIR/data/archives.md

# block SECTION NUMBER: an indented block of the page, with the paths of this test.
block() {
	awk -v section="## $1." -v number="$2" '
		/^## / { on = index($0, section) == 1; n = 0 }
		/^    / { if (!inside) n++; inside = 1 }
		!/^    / && !/^$/ { inside = 0 }
		on && inside && n == number' "$page" | sed -e 's/^ *//' -e "s|/media/|$tmp/|g" -e '${/^$/d;}'
}
typed() { # typed SECTION NUMBER: as an investigator would, in the directory of the case
	block "$1" "$2" >"$tmp/typed.sh" && [ -s "$tmp/typed.sh" ] && sh -e "$tmp/typed.sh" >out 2>err
	result=$?
	[ $result = 0 ] || cat "$tmp/typed.sh" err >&2
	return $result
}
as_shown() { block "$1" "$2" >want && diff want "$3"; } # as_shown SECTION NUMBER FILE

mkdir bin evidence evidence/eml
PATH=$tmp/bin:$PATH
ln -s "$BAREFROM" bin/barefrom
for file in "$SRCDIR"/tests/data/traces/a-server-that-is-gone*.eml; do
	cp "$file" evidence/eml
	echo 'From - Thu Apr  6 12:56:53 2017'
	cat "$file"
	echo
done >evidence/archive.mbox
mkdir evidence/eml/more
cp evidence/eml/a-server-that-is-gone.eml evidence/eml/more
: >evidence/archive.pst
cat >bin/readpst <<'END'
#!/bin/sh
[ "$#" = 5 ] && [ "$1 $2 $3 $4" = '-q -r -o pst' ] && [ -f "$5" ] || exit 1
mkdir -p pst/Inbox && cp archive.mbox pst/Inbox/mbox
END
chmod 755 bin/readpst
cp -a evidence evidence.old

block 1 1 >typed.sh
ok '1: a copy' sh -e typed.sh
cd case || exit
ok 'files of single messages, to a Maildir' typed 1 2
is 'with all of them, also those of one name' "$(ls maildir/cur | wc -l | tr -d ' ')" 9
bf mbox -o database=try.db --dry-run maildir >out 2>err
ok 'which mbox reads' says '^barefrom: maildir: 9 messages: ' err
ok 'Outlook, to mailboxes' typed 1 3
bf mbox -o database=try.db --dry-run --recursive pst >out 2>err
ok 'which mbox reads, too' says '^barefrom: pst/Inbox/mbox: 8 messages: ' err
gzip -c archive.mbox >archive.mbox.gz
eval "$(sed -n 's/^- A compressed mailbox: `\(.*\)`\.$/\1/p' "$page" | sed 's/>.*/>unpacked/')"
same 'a compressed one' unpacked archive.mbox

rm try.db*
ok '2: which hosts?' typed 2 1
grep hint: err >got
ok 'as the page shows' as_shown 2 2 got
ok 'and all messages are unknown, or malformed' says '1 anonymous \(malformed 1\), 7 unknown \(top-not-ours 7\)' err
block 2 3 >case.conf
ok 'the settings are good' barefrom config -c case.conf
ok 'they are those of barefrom.conf(5)' eval 'grep -vx -e "\[.*\]" -e "" -e "database=.*" case.conf | while IFS= read -r line; do
	grep -qxF -e ".Dl $line" "$SRCDIR/data/barefrom.conf.5" || { echo "$line"; exit 1; }; done'
ok 'why?' typed 2 4
ok 'that message is shown' says '^verdict     authenticated \(comment\)$' out

ok '3: decide and ask' typed 3 1
ok 'who, as the page shows' as_shown 3 2 out
ok 'without a hint' not says hint: err
for id in 2 4 8; do
	bf explain -c case.conf --message=$id archive.mbox >out 2>err
	ok "message $id is the one of that id" says "^verdict     anonymous \\($(sql case.db "SELECT reason FROM message WHERE id = $id")\\)\$" out
done
ok 'why nobody?' typed 3 3
ok '4: report' typed 4 1
is 'all of it' "$(head -c 15 case.html)|$(wc -l <case.csv | tr -d ' ')|$(sql audit.db 'SELECT count(*) FROM message')" '<!DOCTYPE html>|9|8'
ok '5: a mailbox without these names, and back' typed 5 1
is 'three of eight are gone' "$(grep -c 'Jane Doe' bare.mbox)" 5
ok '6: hand over' typed 6 1
cd "$tmp" || exit
ok 'the evidence is as it was' diff -r evidence evidence.old
