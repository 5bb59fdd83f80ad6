# SPDX-License-Identifier: GPL-3.0-or-later
# Variations of faults that users of such programs have reported in public: other characters, places,
# orders and products than in the reports, which the golden files, traces and other tests cover. The
# expected output was derived from the rules, not from the program.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 184

mx=trusted-by=mx.example.org
jane='"Jane Doe" <j@c.example>'
nobody=unknown-sender@barefrom.invalid
options=

# shown TEXT: escapes it for the name of a test, so that echo expands nothing.
shown() { printf '%s' "$1" | tr '\\' '/'; }

# fields NAME IN OUT: lines of a head, as printf writes them, and the expected output.
fields() {
	printf "$2\nSubject: x\n\nhi\n" >in.eml
	printf "$3\nSubject: x\n\nhi\n" >want.eml
	# shellcheck disable=SC2086
	run filter -o database=a.db $options <in.eml
	ok "$1" done_well want.eml
}
# value IN OUT: the same for the value of From.
value() { fields "$(shown "$1")" "From: $1" "From: $2"; }

# Other characters in and around the name of a field.
fields 'a bar' "|From: $jane" '|From: j@c.example'
fields 'quotes' "\"From\": $jane" '"From": j@c.example'
fields 'signs with blanks between' "> > Reply-To : $jane" '> > Reply-To : j@c.example'
fields 'signs on both sides' "=Sender=: $jane" '=Sender=: j@c.example'
fields 'brackets' "[From]: $jane" '[From]: j@c.example'

# Comments in the name of a field.
fields 'nested, with a quoted bracket' "From((a)(b\\\\))c)\t: $jane" 'From((a)(b\\))c)\t: j@c.example'
fields 'a name in the name' "F(From)rom: $jane" 'F(From)rom: j@c.example'
fields 'a comment that is the name' "(Sender): $jane" '(Sender): j@c.example'
fields 'two' "(a) Reply-(b)To(c): $jane" '(a) Reply-(b)To(c): j@c.example'
fields 'one without an end is text' "From(x: $jane" "From(x: $jane"

# NULs that end a line for some.
fields 'two, and blanks' "X-A: y\\000\\000 From : $jane" 'X-A: y\000\000 From : j@c.example'
fields 'the second of two' "Subject: a\\000b\\000Sender: $jane" 'Subject: a\000b\000Sender: j@c.example'
fields 'a sign and a comment behind it' "X: y\\000>From(x): $jane" 'X: y\000>From(x): j@c.example'
fields 'in a recipient' "To: a@b.example\\000From: $jane" 'To: a@b.example\000From: j@c.example'
fields 'in a line of their own' "X: y\n\\000\\000From: $jane" 'X: y\n\000\000From: j@c.example'

# Junk that continues the sender above it for some.
fields 'between CRLF' 'Reply-To: j@c.example\r\n\000Jane\r' 'Reply-To: j@c.example\r'
fields 'below a fold' 'From:\n j@c.example\n\rJane' 'From: j@c.example'
fields 'below a sign' '>From: j@c.example\n\000Jane' '>From: j@c.example'
fields 'three lines' 'From: j@c.example\n\000Jane\n\rDoe\n\000CEO' 'From: j@c.example'
fields 'without any text' 'Sender: j@c.example\n\000\r\000' 'Sender: j@c.example'
fields 'not right below' 'From: j@c.example\nJane\n\000Doe' 'From: j@c.example\nJane\n\000Doe'
fields 'not below another field' 'X-From: j@c.example\n\000Doe' 'X-From: j@c.example\n\000Doe'

# Line ends after which a value goes on for no reader, or for some.
fields 'in a string, without CR' 'From: "Jane \n<ceo@c.example>' "From: $nobody\n<ceo@c.example>"
fields 'in a comment' 'From: (Jane\nDoe) ceo@c.example' "From: $nobody\nDoe) ceo@c.example"
fields 'in a name' 'From: Jane\nDoe <ceo@c.example>' "From: $nobody\nDoe <ceo@c.example>"
fields 'in an address' 'From: Jane <ceo@c.example\n>' "From: $nobody\n>"

# Angle brackets, groups.
value '"x" a@b.example>' $nobody
value 'J <a@b.example, k@c.example>' $nobody
value 'J <a@b.example' $nobody
value 'J < a@b.example\n >' a@b.example
value 'J <a@b.example> K' $nobody
value 'J <a@b.example>, K <c@d.example> x' $nobody
value 'J <a@b.example> <>' $nobody
value '<a@b.example> (K) (L)' a@b.example
value 'J <a@b.example>;' a@b.example
value 'a@b.example: c@d.example;' $nobody
value '<G>: c@d.example;' $nobody
value 'J, K@x: L <c@d.example>;' $nobody
value '"G@x": c@d.example;' c@d.example
value 'G: <a@b.example>, H: c@d.example;;' 'a@b.example, c@d.example'
value 'G: a@b.example; <c@d.example>' 'a@b.example, c@d.example'
value 'undisclosed-recipients:;' $nobody

# Local parts and domains.
value 'Jane."CEO".x@m.example' $nobody
value '"CEO".jane@m.example' $nobody
value '"a" . "b"@m.example' $nobody
value 'jane@m.example. (x)' jane@m.example
value '<jane@m.example.>, "B" <b@x.example.>' 'jane@m.example, b@x.example'
value 'jane@m.example .' jane@m.example
value '"J, CEO" <"Jane Doe"@m.example.>' '"Jane Doe"@m.example'
value 'jane@m.example..' $nobody
value '"ceo@corp.example"@m.example' $nobody
value '"a;b"@m.example' $nobody
value '"(ceo)"@m.example' $nobody
value '"a\\\\ b"@m.example' $nobody
value 'a.@m.example' '"a."@m.example'
value 'Jane <.a . . b@m.example>' '".a..b"@m.example'
value 'Jane <a..b@m.example.>, "c..d"@m.example' '"a..b"@m.example, "c..d"@m.example'

# Our domain in pieces, in scope; and what is not our domain.
options='-o scope=domains -o domains=corp.example'
for in in 'Jane "ceo@corp . example"' 'Jane (ceo@ (c) corp.example)' 'Jane (ceo@c\\\\orp.e\\\\xample)' \
	'=?x-none?Q?ceo=40corp=2Eexample?=' 'Jane (ceo＠corp.example)' 'Jane (ceo@corp。example)' \
	'ceo@corp\n .example' '"ceo@corp\n\t.exam\n ple"' 'Jane <@a.example,@corp .example:y@evil.test>,' \
	'=?utf-8?Q?ceo=40?= =?utf-8?Q?corp?=.example' 'ceo @ mail.corp.example.'; do
	case $in in *,) value "$in <x@evil.test>" 'y@evil.test, x@evil.test' ;; *) value "$in <x@evil.test>" x@evil.test ;; esac
done
for in in 'Jane (ceo@corp-example)' 'Jane (ceo@corp.example.evil.test)' 'Jane (ceo@notcorp.example)' \
	'Jane (ceo corp.example)' 'Jane (ceo@corp, example)'; do
	value "$in <x@evil.test>" "$in <x@evil.test>"
done
# Local senders may be anybody's; one with a domain is that domain's.
for in in 'root (Cron Daemon)' 'daemon' 'host!user (Jane)' 'Charlie Root <root>' '"MAILER-DAEMON" <>'; do
	value "$in" $nobody
done
value 'Mail <MAILER-DAEMON@localhost>' 'Mail <MAILER-DAEMON@localhost>'
options=

# trace VERDICT FIELDS OPTION...: and the verdict with its reason.
date='; Wed, 14 Oct 2026 10:00:00 +0200'
trace() {
	want=$1 head=$2
	shift 2
	printf "$head\nFrom: \"Jane Doe\" <jane@example.org>\n\nhi\n" >in.eml
	run explain -o $mx "$@" in.eml
	is "$want: $(head -n 1 in.eml | cut -c 1-100)${1+ $*}" "$(sed -n 's/^verdict  *//p' out)" "$want"
}
login='authenticated (with)' none='anonymous (no-login)' webmail='authenticated (webmail)'

# Words in any case, what was hidden, dates of any kind.
trace "$login" "RECEIVED: FROM pc ([203.0.113.7]) BY MX.EXAMPLE.ORG WITH esmtpsa ID 1 FOR a@b.example$date"
trace "$login" "received : from pc ([203.0.113.7]) by mx.example.org (x) with EsmtpA$date"
trace "$login" "Received:\n From pc (pc [203.0.113.7])\n\tBy Mx.Example.Org.\n\tWith UTF8SMTPSA\n\tId 1$date"
trace "$login" "Received: from [HIDDEN] (hidden) by mx.example.org (Postfix) with ESMTPSA id 1$date"
trace "$login" "Received: from x (unknown [0.0.0.0])\n\tby mx.example.org (Postfix) with ESMTPSA id 1$date"
trace "$login" "Received: by mx.example.org (Postfix) with ESMTPSA id 1$date"
trace "$login" "Received: from x by mx.example.org with ESMTPSA id 1 Wed, 14 Oct 2026 10:00:00 +0200"
trace "$login" "Received: from x by mx.example.org with ESMTPSA id 1"
trace "$none" "Received: from x by mx.example.org with SMTP 14 Oct 2026 10:00:00 -0000"
trace 'unknown (no-trace)' ">Received: from x ([203.0.113.7]) by mx.example.org with ESMTPSA$date"
# Recipients that are none, or many.
hop="Received: from x ([203.0.113.7]) by mx.example.org with"
trace "$login" "$hop ESMTPSA for <undisclosed-recipients:;>$date"
trace "$login" "$hop ESMTPSA for a@b.example, c@d.example$date"
trace "$login" "$hop ESMTPSA for <\"a b\"@c.example> (2 more)$date"
trace "$none" "$hop ESMTP for <a with ESMTPSA b@c.example>$date"
# Filters that write the field in place of the server.
hop="Received: from pc (c.example.net [203.0.113.7]) (authenticated bits=0)\n\tby mx.example.org (MIMEDefang) with SMTP id 1$date"
trace 'authenticated (comment)' "$hop" -o comment-dialect=mx.example.org=sendmail
trace "$none" "$hop"
trace "$none" "$hop" -o comment-dialect=postfix
# Hosts that write an address.
login_hop="Received: from x ([203.0.113.7]) by mx.example.org with ESMTPSA$date"
nets=trusted-by=mx.example.org,10.0.0.0/8,2001:db8::/32
trace "$login" "Received: by 10.1.2.3 with SMTP id a$date\nReceived: by 2001:db8::7 with SMTP id b$date\n$login_hop" -o $nets
trace "$login" "Received: by 10.1.2.3$date (CEST)\n$login_hop" -o $nets
trace 'anonymous (chain-broken)' "Received: by 10.1.2.3 with SMTP id a$date\nReceived: by 192.168.2.3 with SMTP id b$date\n$login_hop" -o $nets
trace "$none" "Received: from y ([203.0.113.66]) by 10.1.2.3 with SMTP id a$date\n$login_hop" -o $nets
# Exim's words for what a local user hands in.
for word in local-bsmtp spam-scanned clamav-scanned; do
	hop="Received: from mail by mx.example.org with $word (Exim 4.96)\n\tid 1WEDcm-0003q7-BQ$date\n$login_hop"
	trace "$login" "$hop" -o filter-uids=mail
	trace 'anonymous (local-pickup)' "$hop"
done
# Clients of scanners and relays.
relays='trusted-by=mx.example.org,scan.example.org' relay=relay-nets=192.0.2.3,192.0.2.4
top="Received: from scan.example.org (scan.example.org [192.0.2.3]) by mx.example.org with ESMTP id 2$date"
for client in 'mx.example.org [192.0.2.4]' 'mx.example.org ([192.0.2.4:4711])' 'mx.example.org (192.0.2.4)'; do
	trace "$login" "$top\nReceived: from $client by scan.example.org with SMTP$date\n$login_hop" -o $relays -o $relay
done
for client in 'mx.example.org (192.0.2.5)' '192.0.2.4 (192.0.2.5)' '[192.0.2.4] ([192.0.2.5]:25)' 'x [192.0.2.5] (192.0.2.4)'; do
	trace "$none" "$top\nReceived: from $client by scan.example.org with SMTP (Exim 4)$date\n$login_hop" -o $relays -o $relay
done
trace 'anonymous (relay-login)' "Received: from f.example.org ([192.0.2.3])\n\t(Authenticated sender: Gate)\n\tby mx.example.org (Postfix) with ESMTPSA id 1$date" -o relay-accounts=gate -o $relay
# Webmail, local users, qmail, filters that tell of a login, the store of Exchange, products.
trace "$webmail" "Received: from [203.0.113.7] by mx.example.org with DAV$date" -o webmail-by=mx.example.org
trace "$webmail" "Received: from [203.0.113.7] by mx.example.org (v 2.0) with HTTPU$date" -o webmail-by=mx.example.org
trace "$webmail" "Received: from x (203.0.113.7) by mx.example.org via HTTP id 4$date" -o webmail-by=mx.example.org
trace "$none" "Received: from x (via HTTP) by mx.example.org$date" -o webmail-by=mx.example.org
trace "$none" "Received: from x (203.0.113.7) by mx.example.org via HTTP with SMTP$date" -o webmail-by=mx.example.org
hop="Received: from bob (uid 1001)\n\tid 1\n\tby mx.example.org (DragonFly Mail Agent v0.13)$date"
trace 'authenticated (local-uid)' "$hop" -o user-uids=bob
trace 'anonymous (local-pickup)' "$hop" -o user-uids=1000,jane
trace "$login" "$hop\n$login_hop" -o filter-uids=1001
hop='Received: (qmail 1 invoked by uid 89); 11 May 2011 20:50:50 -0000'
trace "$login" "$hop\n$login_hop" -o filter-uids=501,89
trace 'unknown (top-not-ours)' "$hop\n$login_hop" -o filter-uids=890
trace "$none" "$hop\nReceived: from x ([203.0.113.7]) by mx.example.org with ESMTP$date" -o filter-uids=89
hop="Received: from x ([203.0.113.7]) by mx.example.org (Postfix) with ESMTP id 1$date"
results() { trace "$1" "$2" -o authserv-id=ORIGINATING -o ar-stripped=true; }
results 'authenticated (auth-results)' "Authentication-Results: originating;\n\tauth=pass (plain) smtp.auth=u\n$hop"
results 'authenticated (auth-results)' "$hop\nAuthentication-Results: ORIGINATING/job1 1; spf=none; auth=pass"
results "$none" "Authentication-Results: ORIGINATING; auth=pass\nAuthentication-Results: ORIGINATING; auth=fail\n$hop"
results "$none" "Authentication-Results: ORIGINATING; auth=none\n$hop"
store() { trace "$1" "Received: from mx.example.org (192.0.2.52) by mx.example.org\n (192.0.2.52) with Microsoft SMTP Server id 15.1.1$date\n$2" -o relay-nets=192.0.2.52 -o webmail-by=mx.example.org; }
store "$webmail" "Received: from mx.example.org ([fe80::1]) by mx.example.org ([fe80::1%%12]) with MAPI id 15.01.1$date"
store "$none" "Received: from mx.example.org ([fe80::1]) by mx.example.org ([fe80::1%%12]) with mapix id 15.01.1$date"
store "$none" "Received: from mapi (203.0.113.66) by mx.example.org ([192.0.2.52]) with ESMTP id 15$date"
trace "$login" "Received: from pc ([203.0.113.7]) by mx.example.org with MailEnable ESMTPSA$date"
trace "$none" "Received: from pc ([203.0.113.7]) by mx.example.org with MailEnable ESMTP ESMTPA$date"
trace "$none" "Received: from pc ([203.0.113.7]) by mx.example.org with MailEnable MailEnable ESMTPA$date"

# box NAME STATUS WORDS IN OUT: a mailbox, and the part of a warning; empty: none at all.
sep='From eve@evil.example Mon Jan  1 10:00:00 2024'
from="From: $jane" bare='From: j@c.example'
box() {
	printf "$4" >in.mbox
	printf "$5" >want.mbox
	run mbox -o database=a.db -o $mx in.mbox
	same "$1" out want.mbox
	is "$1: and what is said" "$status|$(grep -c 'warning' err)|$(grep -c -e "$3" err)" "$2|$([ -z "$3" ] && echo '0|1' || echo '1|1')"
}
# Before the first line.
box 'two marks' 0 '' "\\357\\273\\277\\357\\273\\277$sep\n$from\n\nx\n" "\\357\\273\\277\\357\\273\\277$sep\n$bare\n\nx\n"
box 'a mark, a blank and a sign' 0 '' "\\357\\273\\277 >$sep\n$from\n\nx\n" "\\357\\273\\277 >$sep\n$bare\n\nx\n"
box 'a mark between empty lines' 0 '' "\n\\357\\273\\277\n$sep\n$from\n\nx\n" "\n\\357\\273\\277\n$sep\n$bare\n\nx\n"
# In a text.
box 'a time and a field make a message' 0 '' "$sep\n$bare\n\nx\n\nFrom a 10:30\n$from\n\nx\n" "$sep\n$bare\n\nx\n\nFrom a 10:30\n$bare\n\nx\n"
for text in '>From now on' 'From here\n' 'from now on' 'From\tnow on' 'FROM NOW ON' 'Fromm'; do
	box "text: $(shown "$text")" 0 '' "$sep\n$bare\n\nHi,\n\n$text\n$from\n" "$sep\n$bare\n\nHi,\n\n$text\n$from\n"
done
# Separators of other times and places.
for line in 'From a@b.example 1.1.2024 10.00' 'From a@b.example 2024年1月1日 10時00分' 'From - '; do
	box "no time: $line" 0 'without a time .* on line 6: 1' "$sep\n$from\n\nx\n\n$line\n$from\n\nx\n" "$sep\n$bare\n\nx\n\n$line\n$bare\n\nx\n"
done
box 'three of them' 0 '' "$sep\n>From - Sat Apr 12 2025 15:59:28\n>From x Mon Jan  1 10:00:00 2024\n$from\n\nx\n" \
	"$sep\n>From - Sat Apr 12 2025 15:59:28\n>From x Mon Jan  1 10:00:00 2024\n$bare\n\nx\n"

# What is no mailbox.
none() { # none NAME IN
	printf "$2" >in.mbox
	run mbox -o database=a.db -o $mx in.mbox
	is "$1 is no mailbox" "$status|$(wc -c <out)|$(grep -c 'this is no mailbox' err)" '65|0|1'
}
none 7z '7z\274\257\047\034\000\004\n\nabc'
none zip "PK\\003\\004\\024\\000\n\n$sep\n$from\n$(seq -s ' ' 30)\n"
none UTF-32 '\377\376\000\000F\000\000\000r\000\000\000'
none HTML '<html>\n\nFrom here\n'

# Files in a Maildir that are no messages, and some that are.
mkdir -p md/cur md/new md/tmp
printf 'LZIP\001\014abc' >md/new/1
printf '\205\001\014\003abcdefghij\001\002' >md/new/2
printf '%%PDF-1.4\n%%\342\343\317\323\n1 0 obj\n<</Type /Pages>>\n' >md/new/3
printf "\\357\\273\\277$from\n\nhi\n" >md/new/4
printf "%s\n" "$sep" "$from" '' hi >md/new/5
run mbox -o database=a.db -o $mx --in-place md
is 'packed and encrypted files are no messages' "$status|$(grep -c 'left: 3 (3 without a field): new/1, new/2, new/3$' err)" '1|1'
is 'those behind a mark or a From line are' "$(cat md/new/4 md/new/5 | grep -c "$bare\$")" 2
# Sizes in their names.
mkdir -p sizes/cur sizes/new sizes/tmp
size=$(wc -c <forged.eml) crlf=$(sed 's/$/\r/' forged.eml | wc -c)
cp forged.eml "sizes/cur/1.a,W=$crlf,S=$size:2,S"
cp forged.eml "sizes/cur/2.b,W=$crlf:2,"
cp forged.eml 'sizes/cur/3.c:2,S=9'
printf 'From: X\n\nhi\n' >sizes/new/4.d,S=12,W=15
sed 's/$/\r/' forged.eml >"sizes/cur/5.e,S=$crlf,W=$crlf:2,RS"
run mbox -o database=a.db -o $mx --in-place sizes
is 'sizes fit, in any order and whether they grow' "$(cd sizes && ls cur new | tr '\n' ' ')" \
	'cur: 1.a,W=42,S=38:2,S 2.b,W=42:2, 3.c:2,S=9 5.e,S=42,W=42:2,RS  new: 4.d,S=42,W=45 '

# Folders.
printf '%s\n' "$sep" "$from" '' hi >a.mbox
mkdir -p bird/Inbox.sbd apple/A.mbox apple/B.mbox store/A.mbox/Data/Messages empty.mbox
cp a.mbox bird/Inbox && cp a.mbox bird/Inbox.sbd/Work && echo '// <!-- <mdb:mork:z' >bird/Inbox.msf
cp a.mbox apple/A.mbox/mbox && cp a.mbox apple/B.mbox/mbox && echo toc >apple/A.mbox/table_of_contents
printf '12\nFrom: x\n' >store/A.mbox/Data/Messages/1.partial.emlx
echo toc >empty.mbox/table_of_contents
folder() { # folder PATH WORDS
	run mbox -o database=a.db -o $mx --dry-run "$1"
	is "$1 is told for what it is" "$status|$(grep -c "$1: a directory.*$2" err)" '66|1'
}
folder bird 'with 2 mailboxes in it, such as bird/Inbox:'
folder apple 'with 2 mailboxes in it, such as apple/A.mbox/mbox:'
folder store/A.mbox '(1 .emlx): store/A.mbox/Data/Messages$'
folder empty.mbox 'neither a Maildir'
run mbox -o database=a.db -o $mx --in-place --recursive bird apple
is 'the mailboxes in them are read' "$status|$(grep -rl Jane bird apple)" '0|'
for d in pp pp/.Sent pp/.Sent.2024 pp/.Trash; do mkdir -p $d/cur $d/new $d/tmp && cp forged.eml $d/cur/1; done
rmdir pp/.Trash/tmp && touch pp/.Sent/maildirfolder pp/subscriptions
run mbox -o database=a.db -o $mx --in-place pp
is 'subfolders are left, an incomplete one among them' "$status|$(grep -c '3 subfolders left' err)|$(grep -rl Jane pp | wc -l)" '1|1|3'
run mbox -o database=a.db -o $mx --in-place --recursive pp
is 'or read, but for that one' "$status|$(grep -rl Jane pp)|$(grep -c '(1 incomplete Maildir): pp/.Trash$' err)" '1|pp/.Trash/cur/1|1'

# Recipients that a shell would take for something else.
printf '#!/bin/sh\nfor a; do printf "<%%s>" "$a"; done >got; cat >out.eml\n' >sendmail && chmod +x sendmail
run filter -o database=r.db -o "sendmail=$tmp/sendmail" -f '|id@x.example' -- '$(touch a)@y.example' '`id`@y.example' \
	"it's;a@y.example" '"\"a"@y.example' '-f' '--' '!b@y.example' <forged.eml
is 'arguments stay whole' "$status|$(cat got)" \
	'0|<-G><-i><-f><|id@x.example><--><$(touch a)@y.example><`id`@y.example><it'"'"'s;a@y.example><"\"a"@y.example><-f><--><!b@y.example>'
is 'and are recorded' "$(sql r.db 'SELECT count(*) FROM recipient')" 7

# Where an audit may not be is on each page that tells where it is.
for page in data/barefrom.1 data/barefrom.conf.5 data/barefrom.conf README.md data/postfix/README.md; do
	ok "$page: no NFS, no CIFS" says 'NFS.*CIFS' "$SRCDIR/$page"
done
