# SPDX-License-Identifier: GPL-3.0-or-later
# The commands of data/directory.md, as they are written there, on input that they may meet.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 20

# recipe WORDS: prints the indented block that begins with WORDS, as an administrator copies it.
recipe() {
	awk -v words="    $1" '
		/^    / { if (!inside) on = index($0, words) == 1; inside = 1 }
		!/^    / { inside = 0 }
		inside && on { print substr($0, 5) }' "$SRCDIR/data/directory.md"
}

# stub NAME <OUTPUT: makes a program that prints OUTPUT, found before the machine's own.
mkdir bin
PATH=$tmp/bin:$PATH
stub() {
	cat >"bin/$1.out"
	printf '#!/bin/sh\nprintf "%%s\\n" "$*" >"%s.args"\ncat "%s.out"\n' "$tmp/bin/$1" "$tmp/bin/$1" >"bin/$1"
	chmod 755 "bin/$1"
}

# prints WORDS WANT: the recipe prints the lines in the file WANT, and says nothing else.
prints() {
	recipe "$1" >script
	sh script >got 2>err && is_empty err && diff got "$2"
}

# compiles FILE PEOPLE NAMES: barefrom accepts the output of a recipe, and counts so many in it.
compiles() {
	cp "$1" compiled
	bf directory build -o "directory=$tmp/compiled" >build.out 2>build.err &&
		is_empty build.err && says "^$tmp/compiled\.db: $2 people, $3 names\$" build.out
}

stub getent <<'END'
root:x:0:0:root:/root:/bin/bash
jdoe:x:1000:1000:Jane Doe,Room 1,+49 1,:/home/jdoe:/bin/bash
joerg:x:1001:1001:Jörg Döe; CEO @ Corp:/home/joerg:/bin/bash
smith:x:1002:1002:& Smith & Sons,,,:/home/smith:/bin/bash
mute:x:59999:59999::/home/mute:/bin/bash
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
END
cat >want <<'END'
Jane Doe;jdoe@corp.example
Jörg Döe  CEO   Corp;joerg@corp.example
Smith Smith Smith Sons;smith@corp.example
;mute@corp.example
END
ok 'passwd' prints 'getent passwd' want
ok 'which barefrom reads' compiles want 4 3
is 'which is asked for accounts' "$(cat bin/getent.args)" passwd

# A name in base64, with a line end, a semicolon and an @ in it; folded lines, X.400, a second language.
base64() { printf %s "$1" | python3 -c 'import base64, sys
print(base64.b64encode(sys.stdin.buffer.read()).decode())'; }
stub ldapsearch <<END
dn: uid=jdoe,ou=people,dc=corp,dc=example
displayName: Doe, Jane (IT)
cn: Jane Doe
cn: Jane Doe
givenName: Jane
sn: Doe
mail: Jane.Doe@corp.example
proxyAddresses: SMTP:Jane.Doe@corp.example
proxyAddresses: smtp:jane.doe.of.the.finance.department.of.the.corporation@cor
 p.example
proxyAddresses: X400:C=US;A= ;P=Corp;O=Exchange;S=Doe;G=Jane;
proxyAddresses: sip:jane.doe@corp.example
proxyAddresses: x500:/o=corp/cn=jane@doe
proxyAddresses: smtp:"jane;doe"@corp.example

# pagedresults: cookie=

dn:: $(base64 'uid=jörg,ou=people,dc=corp,dc=example')
cn:: $(base64 'Jörg Döe')
cn;lang-ja:: $(base64 '佐藤美咲子')
sn:: $(base64 'Döe; CEO: @
Corp')
givenName:: $(base64 'Jörg')
mail:: $(base64 'joerg@corp.example
')

dn: cn=printers,ou=people,dc=corp,dc=example
cn: Print Room
sn: Room
mail: print@corp.example
mail: none

dn: cn=nobody,ou=people,dc=corp,dc=example
cn: Nobody
proxyAddresses: X400:C=US;S=Nobody;

END
cat >want <<'END'
Doe, Jane (IT);Jane Doe;Jane.Doe@corp.example;jane.doe.of.the.finance.department.of.the.corporation@corp.example
Jörg Döe;佐藤美咲子;Jörg Döe CEO Corp;joerg@corp.example
Print Room;print@corp.example
END
ok 'LDAP' prints 'ldapsearch' want
ok 'which barefrom reads' compiles want 3 6
ok 'which is asked for names and addresses' says 'displayName cn givenName sn mail proxyAddresses$' bin/ldapsearch.args

sqlite3 staff.db <<'END'
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE address (person INTEGER, address TEXT);
INSERT INTO person VALUES (1, 'Doe, Jane; CEO @ Corp'), (2, NULL), (3, 'Jörg Döe'), (4, 'Nobody');
INSERT INTO address VALUES (1, 'jane.doe@corp.example'), (1, 'ceo@corp.example'),
	(2, 'print@corp.example'), (3, 'joerg@corp.example');
END
cat >want <<'END'
Doe, Jane  CEO   Corp;jane.doe@corp.example;ceo@corp.example
;print@corp.example
Jörg Döe;joerg@corp.example
END
ok 'SQLite' prints 'sqlite3 -readonly -list' want
ok 'which barefrom reads' compiles want 3 2

# Additions by hand.
printf 'Jane Doe;smtp:Jane.Doe@corp.example;ceo@corp.example\r\nPrint Room;print@corp.example\n' >people.export
cat >people.more <<'END'
# nicknames

jane.doe@Corp.example ; Janey Doe; keep:jane@isp.example
jane.doe@corp.example; J. D.
gone@corp.example; Gone
print@corp.example
END
cat >want <<'END'
Jane Doe;smtp:Jane.Doe@corp.example;ceo@corp.example; Janey Doe; keep:jane@isp.example; J. D.
Print Room;print@corp.example
END
recipe "awk -F ';'" >script
sh script >got 2>err
ok 'additions go to the line of their address' diff got want
ok 'which barefrom reads' compiles want 2 4
is 'what has none is named' "$(cat err)" 'people.more: not in the list: gone@corp.example'

# The script for cron, with its paths moved below here, and with the settings that it reads in /etc.
recipe '#!/bin/sh' | sed -e "s|/etc/barefrom|$tmp/etc|" -e "s|/usr/local/sbin/|$tmp/bin/|" >script
mkdir etc
echo "directory=$tmp/etc/people" | sed '1i [policy]' >etc.conf
printf '#!/bin/sh\nexec "%s" -c "%s" "$@"\n' "$BAREFROM" "$tmp/etc.conf" >bin/barefrom
chmod 755 bin/barefrom
: | stub systemctl
echo 'Jane Doe; jane.doe@corp.example' >etc/people
seq 199 | stub export-people
sh script >out 2>err
is 'an export that broke off leaves the list' "$? $(cat out etc/people)" '1 Jane Doe; jane.doe@corp.example'
ok 'says so' says 'too few lines, the old list stays' err
ok 'and compiles nothing' [ ! -e etc/people.db ]
ok 'nor reloads' [ ! -e bin/systemctl.args ]
seq -f 'Jane Doe; jane%.0f@corp.example' 200 | stub export-people
sh script >out 2>err
is 'a whole one becomes the list, which nobody else reads, and is compiled' \
	"$? $(cat out err) $(stat -c %a etc/people etc/people.db | tr '\n' ' ')$(wc -l <etc/people)" '0  640 640 200'
run directory match -o "directory=$tmp/etc/people" 'Jane Doe <x@freemail.example>'
is 'and a milter that runs reads it' "$(cat bin/systemctl.args)" 'try-reload-or-restart barefrom-milter'
ok 'which finds who is in it' [ "$status" = 0 ]
cp etc/people.db old.db
{ seq -f 'Jane Doe; jane%.0f@corp.example' 200; echo 'keep:'; } | stub export-people
sh script >out 2>err
is 'a line that is wrong is named' "$? $(cat out err)" \
	"65 barefrom: directory: $tmp/etc/people:201: keep: without an address after it"
same 'and leaves what was compiled last' etc/people.db old.db
