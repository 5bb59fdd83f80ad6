# SPDX-License-Identifier: GPL-3.0-or-later
# data/postfix/before.md, typed as it is written there, about mail that a real Postfix has delivered:
# compare, the list and its exceptions, switched on in a milter that runs, and undone.
. "${SRCDIR:?}/tests/postfix/with-milter.sh"
plan 25
page=$SRCDIR/data/postfix/before.md

# block SECTION NUMBER: an indented block of the page, with the paths of this test.
block() {
	awk -v section="## $1." -v number="$2" '
		/^## / { on = index($0, section) == 1; n = 0 }
		/^    / { if (!inside) n++; inside = 1 }
		!/^    / && !/^$/ { inside = 0 }
		on && inside && n == number' "$page" | sed -e 's/^ *//' -e "s|/root/|$tmp/root/|g" \
		-e "s|/var/vmail|$tmp/vmail|g" -e "s|/etc/barefrom/people|$tmp/people|g"
}
typed() { # typed SECTION NUMBER: as an administrator would
	block "$1" "$2" >typed.sh && [ -s typed.sh ] && (cd "$tmp" && sh -e typed.sh) >out 2>err
	result=$?
	[ $result = 0 ] || cat typed.sh err >&2
	return $result
}
# The text of a block that shows what is printed.
shown() {
	awk '/^    4 messages: /{ on = 1 } /^[^ ]/ { on = 0 } on' "$page" | sed -e 's/^    //' -e '${/^$/d;}'
}
cat >bin/systemctl <<END
#!/bin/sh
[ "\$*" = 'reload barefrom-milter' ] && kill -HUP \$(cat $tmp/milter.pid)
END
chmod 755 bin/systemctl

echo 'Jane Doe; jane.doe@corp.example' >people
cat >>barefrom.conf <<END
[policy]
scope=domains
domains=corp.example
END
chmod 644 people barefrom.conf
bed postconf -e "virtual_mailbox_maps = static:vmail/jane/"
install -d -o $user -m 755 vmail root
milter_start
echo "$milter" >milter.pid
bed_start

comes() { # comes FROM: a message with that From, as it is in the Maildir then
	count=$((${count-0} + 1))
	printf 'From: %s\nTo: jane@box.example\nMessage-ID: <%s@out.example>\nSubject: x\n\nhi\n' "$1" "$count" >sent
	send "$port" '<a@out.example>' jane@box.example sent
	await has_come || give_up 'nothing arrives'
	arrived=$tmp/vmail/jane/cur/176441760$count.M1P2.mx:2,S
	mv vmail/jane/new/* "$arrived"
}
has_come() { ls vmail/jane/new/* >/dev/null 2>&1; }
from_of() { sed -n 's/^From: //p' "$1"; }
rows() { sql "$database" 'SELECT count(*) FROM message'; }

comes 'Jane Doe <jane@isp.example>'
comes '"Jane Doe (via Calendar)" <notice@calendar.example>'
comes '"Jane Doe, CEO" <ceo.office@freemail.example>'
comes 'Bob <bob@isp.example>'
is 'as long as the scope is domains, all names are there' "$(from_of "$arrived")" 'Bob <bob@isp.example>'
# Unread, in another Maildir, and of the same name as one of these.
install -d -o $user -m 755 vmail/bob vmail/bob/new
mv vmail/jane/cur/1764417603.M1P2.mx:2,S vmail/bob/new/1764417604.M1P2.mx:2,S
before=$(rows)

ok '1: the mail of the last month' typed 1 1
is 'is copied' "$(ls root/last-month/cur | wc -l | tr -d ' ')" 4
ok '2: compare' typed 2 1
shown >want
head -n "$(wc -l <want)" out >got
ok 'prints what the page shows' diff want got
ok 'and then the domains' says '^ +1 +0  freemail\.example$' out
is 'and records nothing' "$(rows)" "$before"

block 3 1 >people
block 3 2 >>barefrom.conf
is '3: a line for the list' "$(cat people)" 'Jane Doe; jane.doe@corp.example; keep:jane@isp.example'
ok 'and one for the settings' grep -qx except=calendar.example barefrom.conf
ok 'compared again' typed 3 3
is 'the forgery alone is left' "$(head -n 1 out)" '4 messages: 1 newly made bare, 0 newly left'
ok 'by its address' says '<ceo\.office@freemail\.example>$' out

sed -i '/^scope=/d' barefrom.conf
block 4 1 >>barefrom.conf
ok '4: compiled, checked, reloaded' typed 4 2
await grep -q 'settings' milter.log
comes '"Jane Doe, CEO" <ceo.office@freemail.example>'
is 'the forgery comes without a name' "$(from_of "$arrived")" 'ceo.office@freemail.example'
comes 'Jane Doe <jane@isp.example>'
is 'Jane keeps hers elsewhere' "$(from_of "$arrived")" 'Jane Doe <jane@isp.example>'
comes '"Jane Doe (via Calendar)" <notice@calendar.example>'
is 'and the calendar' "$(from_of "$arrived")" '"Jane Doe (via Calendar)" <notice@calendar.example>'

comes 'Jane Doe <jane@school.example>'
is '5: a stranger has lost hers' "$(from_of "$arrived")" 'jane@school.example'
cp -p "$arrived" delivered
block 5 1 | sed "s|^file=.*|file=$arrived|" >typed.sh
ok 'audit undo, typed' sh -e typed.sh
is 'gives her name back' "$(from_of root/original.eml)" 'Jane Doe <jane@school.example>'
sed 's/^From: .*/From: Jane Doe <jane@school.example>/' delivered >want
ok 'below what was added' diff want root/original.eml
{ echo "file=$arrived"; block 5 2; } >typed.sh
ok 'mbox --undo, typed' sh -e typed.sh
ok 'puts the message back where it was' diff want "$arrived"
is 'with its owner' "$(stat -c %U "$arrived")" "$user"
is 'and leaves nothing beside it' "$(ls vmail/jane | tr '\n' ' ')" 'cur new tmp '
is 'all is audited' "$(rows)" $((before + 4))
