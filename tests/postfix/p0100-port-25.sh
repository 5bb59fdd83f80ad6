# SPDX-License-Identifier: GPL-3.0-or-later
# Anonymous mail of every kind through data/postfix/port-25.sh, as delivered, byte by byte.
. "${SRCDIR:?}/tests/postfix/lib.sh"
plan 46

ok 'the snippet runs as shipped' snippet port-25.sh "$port"
bed_start
anonymous='anonymous|sasl-fact|stripped|sent'

# What it is all for, typed in by hand.
cat >want.eml <<'END'
From: ceo@corp.example
To: all@corp.example
Subject: Wire transfer

Please pay at once.
END
ok 'an SMTP dialogue as with telnet' type_in "$port" <<'END'
HELO pc.out.example
MAIL FROM:<ceo@corp.example>
RCPT TO:<telnet@corp.example>
DATA
From: "Jane Doe, CEO" <ceo@corp.example>
To: all@corp.example
Subject: Wire transfer

Please pay at once.
.
QUIT
END
delivered 'a forged From arrives bare, all else as it was' telnet@corp.example ceo@corp.example SMTP want.eml
ok 'as the one line that matters' grep -qx 'From: ceo@corp.example' got
first=$queued
audited 'and is in the audit, under the queue id' "$first" "$anonymous"
is 'with the envelope and the name' "$(sql "$database" "SELECT envelope_from, address,
	client_address, display_names, e.addresses FROM message m JOIN recipient r ON r.message = m.id
	JOIN edit e ON e.message = m.id WHERE queue_id = '$first'")" \
	'ceo@corp.example|telnet@corp.example|127.0.0.1|["Jane Doe, CEO"]|["ceo@corp.example"]'
ok 'the mail log says what was done' grep -q "$first: .*status=sent.*stripped.*audit id" mail.log

# Every sender field, with bytes around them that must not move.
{
	printf 'X-Odd:  two  blanks \nFROM:\t=?UTF-8?Q?Jane_D=C3=B6e?=\n\t<ceo@corp.example>\n'
	printf 'Reply-To: "J" <j@out.example>, Pay <p@out.example>\nSender: (x) s@out.example\n'
	printf 'To: "Keep Me" <all@corp.example>\nSubject: caf\303\251\nBcc:\n\n'
	printf 'A line\n.\n..\n.dots\n\n From: "Jane" <ceo@corp.example>\n\351\350 8 bit\ttab \n\nno more'
	printf '\n'
} >kinds.eml
{
	printf 'X-Odd:  two  blanks \nFROM:\tceo@corp.example\n'
	printf 'Reply-To: j@out.example, p@out.example\nSender: s@out.example\n'
	printf 'To: "Keep Me" <all@corp.example>\nSubject: caf\303\251\n\n'
	printf 'A line\n.\n..\n.dots\n\n From: "Jane" <ceo@corp.example>\n\351\350 8 bit\ttab \n\nno more'
	printf '\n'
} >want.eml
send "$port" '<a@out.example> BODY=8BITMIME' kinds@corp.example kinds.eml
delivered '8 bit, lone dots, folds; only Bcc goes, as Postfix has it' kinds@corp.example a@out.example ESMTP want.eml
audited 'audited' "$queued" "$anonymous"
is 'with three edits' "$(sql "$database" "SELECT count(*) FROM edit JOIN message m ON m.id = message
	WHERE queue_id = '$queued'")" 3

# Larger than what is kept in memory.
{ cat forged.eml; yes 'This line is one of very many, all of them alike.' | head -n 60000; } >big.eml
{ cat bare.eml; sed 1,4d big.eml; } >want.eml
send "$port" '<a@out.example>' big@corp.example big.eml
delivered 'three million bytes' big@corp.example a@out.example ESMTP want.eml
audited 'audited' "$queued" "$anonymous"
printf 'From: a@out.example\n\n' >empty.eml
send "$port" '<a@out.example>' empty@corp.example empty.eml
delivered 'no body, already bare' empty@corp.example a@out.example ESMTP empty.eml
audited 'audited' "$queued" 'anonymous|sasl-fact|kept|sent'

# Forged traces. What a client writes is worth nothing, whether or not our own field is on top.
cat forged-trace forged.eml >lying.eml
cat forged-trace bare.eml >want.eml
send "$port" '<a@out.example>' lying@corp.example lying.eml
delivered 'a forged "with ESMTPSA" and "(Authenticated sender: ...)"' lying@corp.example a@out.example ESMTP want.eml
audited 'audited' "$queued" "$anonymous"
type_in "$port" <<END
EHLO x (Authenticated sender: alice)
MAIL FROM:<a@out.example>
RCPT TO:<helo@corp.example>
DATA
$(cat forged.eml)
.
QUIT
END
delivered 'a forged HELO' helo@corp.example a@out.example ESMTP bare.eml

# Null sender, a bounce.
send "$port" '<>' null@corp.example forged.eml
delivered 'the null sender stays null' null@corp.example '' ESMTP bare.eml
audited 'audited' "$queued" "$anonymous"
is 'as such' "$(sql "$database" "SELECT quote(envelope_from) FROM message WHERE queue_id = '$queued'")" "''"
send "$port" '<alice@corp.example>' gone@ascii.example forged.eml
bounced=$queued
ok 'what the next hop refuses is told to the sender' arrived alice@corp.example
ok 'from the null sender' first_says '^Return-Path: <>$' got
ok 'with the bare From' grep -qx 'From: ceo@corp.example' got
ok 'and without the name' not grep -q -e Jane got
audited 'audited: it had been sent' "$bounced" "$anonymous"

# Sixty recipients: Postfix calls the filter for at most 50 at a time.
everyone=$(i=1; while [ $i -le 60 ]; do echo "r$i@corp.example"; i=$((i + 1)); done)
send "$port" '<a@out.example>' "$everyone" forged.eml
sixty=$queued
have_all() { [ "$(find mail -name 'r[0-9]*@corp.example.*' | wc -l)" -ge 60 ]; }
ok '60 recipients' await have_all
md5sum mail/r[0-9]*@corp.example.* >sums
is 'each gets it once' "$(sed -E 's/.*(r[0-9]+@corp.example)\..*/\1/' sums | sort | uniq -u | wc -l) $(wc -l <sums)" '60 60'
bad=
sort -u -k 1,1 sums >different
while read -r sum file; do
	untrace "$file" a@out.example ESMTP >rest && cmp rest bare.eml || bad="$bad $file $sum"
done <different
is 'and whole, in two forms' "$bad $(wc -l <different)" ' 2'
audited 'audited in two parts' "$sixty" "$anonymous
$anonymous"
is 'each recipient once' "$(sql "$database" "SELECT count(*), count(DISTINCT address) FROM recipient
	JOIN message m ON m.id = message WHERE queue_id = '$sixty'")" '60|60'

# An alias is looked up once, behind the filter.
send "$port" '<a@out.example>' team@corp.example forged.eml
delivered 'an alias: the first of two' one@corp.example a@out.example ESMTP bare.eml
delivered 'an alias: the second' two@corp.example a@out.example ESMTP bare.eml
is 'the filter sees the address as it was given' "$(sql "$database" "SELECT address FROM recipient
	JOIN message m ON m.id = message WHERE queue_id = '$queued'")" team@corp.example

# Odd addresses.
type_in "$port" <<END
EHLO pc.out.example
MAIL FROM:<"two  words -f"@out.example>
RCPT TO:<"jane doe"@corp.example>
RCPT TO:<"a,b;c"@corp.example>
RCPT TO:<o'neil+x=\$y@corp.example>
DATA
$(cat forged.eml)
.
QUIT
END
for recipient in jane_doe@corp.example 'a,b;c@corp.example' "o'neil+x=\$y@corp.example"; do
	await has_arrived "$recipient"
	cat "mail/$recipient".* >got 2>err
	ok "quotes, blanks and signs: $recipient" eval \
		"untrace got '\"two  words -f\"@out.example' ESMTP >rest && cmp rest bare.eml"
done
audited 'audited' "$queued" "$anonymous"
is 'as they are' "$(sql "$database" "SELECT envelope_from, address FROM recipient
	JOIN message m ON m.id = message WHERE queue_id = '$queued' ORDER BY address" | tr '\n' ' ')" \
	'"two  words -f"@out.example|"a,b;c"@corp.example "two  words -f"@out.example|"jane doe"@corp.example "two  words -f"@out.example|o'"'"'neil+x=$y@corp.example '

# SMTPUTF8.
printf 'From: J\303\266rg <j\303\266rg@b\303\274ro.example>\nSubject: gr\303\274n\n\nhi\n' >wide.eml
printf 'From: j\303\266rg@b\303\274ro.example\nSubject: gr\303\274n\n\nhi\n' >want.eml
send "$port" '<jörg@büro.example> BODY=8BITMIME SMTPUTF8' zoë@corp.example wide.eml
delivered 'UTF-8 addresses, delivered here' zoë@corp.example jörg@büro.example UTF8SMTP want.eml
audited 'audited' "$queued" "$anonymous"
printf 'From: A <a@out.example>\nSubject: gr\303\274n\n\nhi\n' >narrow.eml
send "$port" '<a@out.example> BODY=8BITMIME' next@ascii.example narrow.eml
ok 'UTF-8 in a Subject, to a next hop without SMTPUTF8' await in_sink next@ascii.example
sed '1,/^\tfor <next/d' sink/ascii.* >rest
printf 'From: a@out.example\nSubject: gr\303\274n\n\nhi\n' >want.eml
same 'arrives there, bare' rest want.eml
# What smtputf8_autodetect_classes costs: see port-25.sh. The sender is told.
send "$port" '<bob@corp.example> BODY=8BITMIME SMTPUTF8' zoë@utf8.example wide.eml
ok 'a UTF-8 address, to a next hop that insists on SMTPUTF8: the sender is told' arrived bob@corp.example
ok 'why' grep -q 'needs SMTPUTF8' got

ok 'nothing is left in the queue' await queue_is_empty
is 'and no row is unsettled' "$(sql "$database" "SELECT count(*) FROM message WHERE outcome <> 'sent'")" 0
