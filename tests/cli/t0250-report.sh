# SPDX-License-Identifier: GPL-3.0-or-later
# audit report: the page is well-formed whatever mail says, shows what the database holds, and takes the
# place of the old one as a whole or not at all.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 174

# page.py FILE: reads a page strictly: elements must be closed in order, and only known elements and
# attributes are allowed. Errors are in p.wrong; what the page says is in p.claims, p.cards, p.lead,
# p.bars, p.text.SECTION, p.heads.SECTION and p.rows.SECTION: one line for each row, cells separated by
# |, lines of a cell by ;.
cat >page.py <<'END'
import base64, hashlib, html.parser, re, sys

ELEMENTS = set('''html head meta title style body header main footer h1 h2 p strong bdi br dl dt dd
    div ul li figure figcaption svg desc g rect line text table thead tbody tr th td details
    summary'''.split())
ATTRIBUTES = set('''lang charset http-equiv content name class scope role tabindex id aria-label
    aria-labelledby aria-hidden viewbox preserveaspectratio width height x y x1 x2 y1 y2
    data-label'''.split())

class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.wrong, self.stack, self.ids, self.refers = [], [], set(), []
        self.sections, self.section = {}, ''
        self.meta, self.texts, self.chart, self.lang = {}, {}, [], None
        self.cards, self.tables, self.style, self.claims = [], [], '', []
        self.raw = text
        if not text.startswith('<!DOCTYPE html>\n'):
            self.wrong.append('doctype')
        for c in text:
            if (c < ' ' and c != '\n') or '\x7f' <= c <= '\x9f' or c in '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\ufeff':
                self.wrong.append('character U+%04X' % ord(c))
        self.feed(text)
        self.close()
        self.wrong += ['open: ' + tag for tag, _ in self.stack]
        self.wrong += ['no id ' + i for i in self.refers if i not in self.ids]

    def element(self, tag, attributes):
        if tag not in ELEMENTS:
            self.wrong.append('element ' + tag)
        for name, value in attributes:
            if name not in ATTRIBUTES or value is None:
                self.wrong.append('attribute %s of %s' % (name, tag))
        a = dict(attributes)
        if len(a) != len(attributes):
            self.wrong.append('attribute twice in ' + tag)
        if 'id' in a:
            if a['id'] in self.ids:
                self.wrong.append('id twice: ' + a['id'])
            self.ids.add(a['id'])
        self.refers += a.get('aria-labelledby', '').split()
        if tag == 'html':
            self.lang = a.get('lang')
        if tag == 'meta':
            self.meta[a.get('http-equiv') or a.get('name') or 'charset'] = a.get('content', a.get('charset'))
        if tag == 'th' and a.get('scope') not in ('row', 'col'):
            self.wrong.append('th without scope')
        if tag == 'svg' and not (a.get('role') == 'img' or a.get('aria-hidden') == 'true'):
            self.wrong.append('svg without role')
        if tag == 'table':
            self.tables.append((self.section, []))
        if tag == 'tr':
            self.tables[-1][1].append([])
        if tag in ('td', 'th'):
            self.tables[-1][1][-1].append('')
        if tag == 'g':
            self.chart.append(0)
        if tag == 'rect' and self.chart and a.get('class') in ('anonymous', 'unknown', 'authenticated') \
                and self.stack[-1][0] == 'g':
            self.chart[-1] += 1
        return a

    def handle_starttag(self, tag, attributes):
        a = self.element(tag, attributes)
        if tag not in ('meta', 'br'):
            self.stack.append((tag, a))
            self.texts[tag] = ''
        elif tag == 'br':
            self.handle_data('\n')

    def handle_startendtag(self, tag, attributes):
        self.element(tag, attributes)
        if tag not in ('rect', 'line'):
            self.wrong.append('closed at once: ' + tag)

    def handle_endtag(self, tag):
        if not self.stack or self.stack[-1][0] != tag:
            self.wrong.append('end of ' + tag)
            return
        self.stack.pop()
        if tag == 'h2':
            self.section = self.texts['h2']
            self.sections[self.section] = ''
        if tag == 'bdi':
            self.claims.append(self.texts['bdi'])
        if tag == 'dd' and any(a.get('class') == 'cards' for _, a in self.stack):
            self.cards.append((self.texts['dt'], self.texts['dd']))

    def handle_data(self, data):
        for tag, a in self.stack:
            self.texts[tag] += data
            if tag in ('td', 'th') and self.tables:
                self.tables[-1][1][-1][-1] += data
        if self.section:
            self.sections[self.section] += data

    def handle_comment(self, data):
        self.wrong.append('comment')

    def unknown_decl(self, data):
        self.wrong.append('declaration')

    def handle_pi(self, data):
        self.wrong.append('instruction')

p = Page(open(sys.argv[1], encoding='utf-8', newline='').read())
def put(name, text):
    open('p.' + name.replace(' ', '-'), 'w', encoding='utf-8').write(text + '\n')
style = re.search('<style>(.*?)</style>', p.raw, re.S).group(1)
digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
put('wrong', '\n'.join(p.wrong) or 'nothing')
put('claims', '\n'.join(p.claims))
put('cards', '\n'.join('%s: %s' % card for card in p.cards))
put('lead', ' '.join(re.findall('<p class="lead">(.*?)</p>', p.raw, re.S)))
put('meta', '%s, %s, %s' % (p.meta['charset'], p.lang, p.meta['robots']))
put('policy', p.meta['Content-Security-Policy'].replace(digest, 'DIGEST'))
put('sections', ', '.join(p.sections))
unit = re.search('Messages by ([a-z]*) ', p.raw)
put('bars', '%d bars by %s, %d parts' % (len(p.chart), unit[1], sum(p.chart)) if unit else 'none')
for section, text in p.sections.items():
    put('text.' + section, text)
for section, table in p.tables:
    put('heads.' + section, '|'.join(table[0]))
    put('rows.' + section, '\n'.join('|'.join(c.replace('\n', ';') for c in r) for r in table[1:]))
END
page() { # page FILE
	rm -f p.*
	python3 page.py "$1" >p.error 2>&1 || cat p.error >p.wrong
}
report() { run audit report "$@"; }
well() { [ "$status" -eq 0 ] && is_empty err; }
says_text() { grep -qF -e "$1" "$2"; } # says_text TEXT FILE

# An empty database.
bf audit init -o database=e.db >ignored
report -o database=e.db --output=e.html
ok 'an empty database' well
is 'says what it wrote' "$(cat out)" 'wrote e.html'
page e.html
is 'is a page' "$(cat p.wrong)" nothing
ok 'that says so' says_text 'No message was recorded in these 30 days.' p.lead
is 'with no chart' "$(cat p.bars)" none
is 'and no list' "$(find . -name 'p.rows.*')" ''

# mail FROM ARGUMENT...: filters one message, unlike all others, into a.db.
mails=0
mail() {
	from=$1
	shift
	mails=$((mails + 1))
	printf 'From: %s\nSubject: %s\n\nhi\n' "$from" $mails | bf filter -o database=a.db "$@" >ignored 2>&1
}
anonymous() { mail "$1" --submission=anonymous --sasl-username= --client-address="${2-192.0.2.1}"; }
anonymous '"Jane Doe, CEO" <ceo@corp.example>'
anonymous '"Jane Doe, CEO" <CEO@corp.example>'
anonymous '"Jane Doe, CEO" <ceo@corp.example>' 192.0.2.2
anonymous '"Boss" <ceo@corp.example>' 192.0.2.2
anonymous '"B1" <ceo@corp.example>'
anonymous '"B2" <ceo@corp.example>'
anonymous '"</title><script>alert(1)</script>" <a@x.example>'
anonymous '"\"><img src=x onerror=alert(1)>" <b@x.example>'
anonymous '"]]>" <b@x.example>'
anonymous '"--><!--" <b@x.example>'
anonymous '=?UTF-8?Q?over=E2=80=AEedir?= <c@x.example>'
anonymous '=?UTF-8?Q?Z=E2=80=8Bero?= <c@x.example>'
anonymous "$(head -c 3000 /dev/zero | tr '\0' n) <d@x.example>"
anonymous '"x" <script@x.example>'
anonymous '"x" <onmouseover@x.example>'
anonymous '<<script>alert(4)</script>>'
anonymous 'CEO'
anonymous 'bare@x.example'
anonymous "$(printf '"J\r\rane" <e@x.example>')"
mail '"Ann" <ann@corp.example>' --submission=authenticated --client-address=192.0.2.77
mail '"Ann" <ann@corp.example>' --submission=authenticated --client-address=192.0.2.77
mail '"No trace" <f@x.example>'
mail '"Dry" <g@x.example>' --dry-run --sasl-username=
printf 'From: "R" <g@x.example>\nReply-To: "Private" <forger@x.example>\n\nhi\n' >reply.eml
bf filter -o database=a.db --sasl-username= <reply.eml >ignored
mail '"Later" <h@x.example>' -o sendmail=/nonexistent/sendmail --sasl-username= -f a@x.example -- b@x.example
# Rows that no filter writes, but an administrator or another program may.
sqlite3 a.db "
UPDATE message SET reason = '<b>why</b>' WHERE from_before LIKE '%alert(4)%';
UPDATE message SET client_address = '<i>c</i>' WHERE from_before LIKE '%Zero%' OR from_before LIKE '%Z=E2%';
UPDATE edit SET addresses = json_array('\"<script>alert(2)</script>\"@x.example')
	WHERE addresses LIKE '%script@%';
UPDATE edit SET addresses = json_array('\"\\\" onmouseover=alert(3) \\\"\"@x.example')
	WHERE addresses LIKE '%onmouseover@%';
UPDATE edit SET display_names = json_array(CAST(x'C3285A' AS TEXT)) WHERE display_names LIKE '%No trace%';
INSERT INTO run (started_at, command, input, version, messages, stripped, status)
	VALUES (strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 day'), 'mbox', '</td><script>alert(5)</script>', '0', 12345, 7, 'running'),
	('1999-01-01T00:00:00.000Z', 'mbox', 'too old', '0', 1, 1, 'done')"
cp a.db a.copy
ln a.db hard.html
for output in a.db hard.html a.db-journal; do
	run audit report -o database=a.db --output=$output
	ok "not over the audit: $output" fails 73 "^barefrom: $output: it is the audit itself\$"
done
rm hard.html
report -o database=a.db --output=a.html
ok 'a page of hostile mail' well
page a.html
is 'holds what it may, and nothing else' "$(cat p.wrong)" nothing
is 'and the database is as it was' "$(cmp a.db a.copy && sql a.db 'PRAGMA integrity_check')" ok
ok 'nothing leads out of it' not grep -Eqi '<(a|script|img|link|iframe|object|form|input)[[:space:]>/]|https?:|url\(' a.html
is 'nor may, by its policy' "$(cat p.policy)" \
	"default-src 'none'; style-src 'sha256-DIGEST'; base-uri 'none'; form-action 'none'"
is 'it is UTF-8, in English, and for nobody to find' "$(cat p.meta)" 'utf-8, en, noindex'
for name in '</title><script>alert(1)</script>' '"><img src=x onerror=alert(1)>' ']]>' '--><!--' \
	'over[U+202E]edir' 'Z[U+200B]ero' '"<script>alert(2)</script>"@x.example' \
	'"\" onmouseover=alert(3) \""@x.example' '<<script>alert(4)</script>>' '<i>c</i>' \
	'</td><script>alert(5)</script>'; do
	ok "as text: $name" grep -qxF -e "$name" p.claims
done
ok 'a reason as text' says_text '|<b>why</b>|' p.rows.Replaced-or-refused
ok 'a long name is cut' grep -qxF -e "$(head -c 80 /dev/zero | tr '\0' n)…" p.claims
ok 'bytes that are no text' says_text '�(Z' p.rows.Senders-impersonated-most


# What it says.
is 'its parts, in order' "$(cat p.sections)" \
	'Key figures, Over time, Senders impersonated most, Names used most, Our names on foreign addresses, Where they came from, Replaced or refused, Mailboxes read, Words, Privacy'
count() { sql a.db "SELECT count(*) FROM message WHERE outcome <> 'deferred' AND $1"; }
is 'an attempt that handed nothing on' "$(sql a.db "SELECT count(*) FROM message WHERE outcome = 'deferred'")" 1
ok 'is no message' says_text 'Not counted: 1 attempt ' p.text.Key-figures
card() { sed -n "s/^$1: //p" p.cards | head -n 1; }
is 'messages' "$(card Messages)" "$(count 1)"
is 'with proof' "$(card 'With proof')" "$(count "verdict = 'authenticated'")"
is 'without proof' "$(card 'Without proof')" "$(count "verdict <> 'authenticated'")"
for action in Stripped Replaced Refused; do
	is "$action, dry runs apart" "$(card $action)" \
		"$(count "action = lower('$action') AND outcome <> 'dry-run'")"
done
ok 'a sentence says it' says_text \
	"In these 30 days $(count "verdict <> 'authenticated'") of $(count 1) messages (92%) were handed in without proof of who sent them. barefrom removed the names from 19 of them," p.lead
ok 'and who is claimed most' says_text \
	'The sender claimed most often was <strong><bdi>ceo@corp.example</bdi></strong>, in 6 messages under 4 different names.' p.lead
ok 'and the dry run' says_text 'For 1 message barefrom only recorded what it would have done' p.lead
ok 'and what was left' says_text '1 message without proof was left as it was' p.text.Key-figures
is 'the bars hold all' "$(sed -n 's/.*In total, \(.*\) messages; .*/\1/p' p.text.Over-time)" \
	"$(count "verdict = 'anonymous'") anonymous, 1 unknown and 2 authenticated"
ok 'thirty of them' says '^30 bars by day, ' p.bars
is 'and so the table of the chart' \
	"$(awk -F '|' '{ a += $2; u += $3; p += $4 } END { print NR, a, u, p }' p.rows.Over-time)" \
	"30 $(count "verdict = 'anonymous'") 1 2"
today=$(sql a.db "SELECT min(substr(at, 1, 10)) || '|' || max(substr(at, 1, 10)) FROM message WHERE from_before LIKE '%<ceo@%'")
is 'the sender impersonated most' "$(head -n 1 p.rows.Senders-impersonated-most)" \
	"ceo@corp.example|Jane Doe, CEO;B1;B2;and 1 more|6|$today"
ok 'who only gets the answer is not impersonated' not grep forger p.rows.Senders-impersonated-most
is 'and is named with the name' "$(grep '^Private' p.rows.Names-used-most | cut -d '|' -f 1-3)" 'Private|forger@x.example|1'
is 'the name used most' "$(head -n 1 p.rows.Names-used-most | cut -d '|' -f 1-3)" \
	'Jane Doe, CEO|ceo@corp.example|3'
is 'a name with two addresses' "$(sed -n 2p p.rows.Names-used-most | cut -d '|' -f 1-3)" \
	'x|"<script>alert(2)</script>"@x.example;and 1 more|2'
ok 'a list that is cut says so' says_text \
	"The first 15 of $(sql a.db "SELECT count(*) FROM (SELECT value FROM edit JOIN message m ON m.id = message, json_each(display_names) WHERE outcome <> 'deferred' UNION SELECT from_name FROM message WHERE action = 'refused')")." p.text.Names-used-most
is 'clients' "$(head -n 2 p.rows.Where-they-came-from | cut -d '|' -f 1-4)" \
	"192.0.2.1|$(count "client_address = '192.0.2.1' AND action IN ('stripped', 'replaced')")|$(count "client_address = '192.0.2.1'")|$(count "client_address = '192.0.2.1'")
192.0.2.2|2|2|2"
is 'stripped or replaced is changed' "$(cat p.heads.Where-they-came-from)" 'Client|Changed|Without proof|All messages|Last seen'
is 'a client of logins alone is nobody to name' "$(grep -c '192\.0\.2\.77' a.html)" 0
ok 'and so are those that are not known' says_text \
	'The client of 3 messages without proof is not known' p.text.Where-they-came-from
is 'replaced and refused' "$(cut -d '|' -f 1-4 p.rows.Replaced-or-refused | LC_ALL=C sort)" \
	'"J��ane" <e@x.example>|refused|no login in the session that brought it|1
<<script>alert(4)</script>>|replaced|<b>why</b>|1
CEO|replaced|no login in the session that brought it|1'
is 'runs of this time' "$(cut -d '|' -f 1,3- p.rows.Mailboxes-read)" \
	'</td><script>alert(5)</script>|12,345|7|running, or was killed'
for word in verdict authenticated anonymous unknown stripped replaced refused changed kept pending; do
	ok "explains $word" grep -q "<dt>$word</dt>" a.html
done
foreign=p.rows.Our-names-on-foreign-addresses
is 'a name of one word is nobody' "$(cat $foreign 2>&1)$(grep -c '^None\.$' "${foreign%%.rows*}.text${foreign#p.rows}")" \
	"cat: $foreign: No such file or directory1"
report -o database=a.db --output=-
ok 'to standard output as well' well
cp p.claims claims
page out
is 'as a page' "$(cat p.wrong)" nothing
same 'of the same mail' p.claims claims

# A message counts once: tried, split, refused again and again, or read from one mailbox each week.
printf '#!/bin/sh\ncat >/dev/null\nexit "$(cat "${0%%/*}/ends")"\n' >sendmail && chmod 755 sendmail
printf 'From: "J\r\rane" <e@x.example>\n\nhi\n' >refused.eml
hand_over() { # hand_over FILE RECIPIENT
	bf filter -o database=o.db -o sendmail="$tmp/sendmail" --queue-id=4Q --sasl-username= --client-address=192.0.2.7 \
		-f a@x.example -- "$2" <"$1" >ignored 2>&1
}
echo 75 >ends
for n in 1 2; do hand_over forged.eml b$n@x.example; done
echo 0 >ends
for n in 1 2 3; do
	hand_over forged.eml b$n@x.example
	hand_over refused.eml b$n@x.example
done
# The last part came after midnight.
sqlite3 o.db "UPDATE message SET at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 day') WHERE id < (SELECT max(id) - 1 FROM message)"
report -o database=o.db --output=o.html
page o.html
is 'parts and retries' "$(cat p.wrong; card Messages; card 'Without proof'; card Stripped; card Refused)" 'nothing
2
2
1
1'
ok 'are one message' says_text '2 of 2 messages (100%) were handed in without proof' p.lead
ok 'attempts are attempts' says_text 'Not counted: 2 attempts ' p.text.Key-figures
is 'one day has it' "$(awk -F '|' '{ a += $2; if ($2) days++ } END { print days, a }' p.rows.Over-time)" '1 2'
is 'it has one sender' "$(cut -d '|' -f 1-3 p.rows.Senders-impersonated-most)" 'ceo@corp.example|Jane Doe, CEO|1'
is 'each has one name' "$(cut -d '|' -f 1-3 p.rows.Names-used-most)" '"J��ane" <e@x.example>|–|1
Jane Doe, CEO|ceo@corp.example|1'
is 'one client' "$(cut -d '|' -f 1-4 p.rows.Where-they-came-from)" '192.0.2.7|1|2|2'
is 'one refusal' "$(cut -d '|' -f 1,2,4 p.rows.Replaced-or-refused)" '"J��ane" <e@x.example>|refused|1'
bf filter -o database=o.db -o sendmail="$tmp/sendmail" --queue-id=4Q --sasl-username=jane -f a@x.example -- c@x.example <forged.eml >ignored
report -o database=o.db --output=o.html
page o.html
is 'with and without proof is without' "$(card Messages; card 'With proof'; card 'Without proof')" '2
0
2'
{ echo 'From x'; cat forged.eml; echo; echo 'From x'; cat bare.eml; } >o.mbox
for n in 1 2 3; do bf mbox -o database=om.db o.mbox >ignored 2>&1; done
report -o database=om.db --output=o.html
page o.html
is 'three runs over a mailbox' "$(sql om.db 'SELECT count(*) FROM message') $(card Messages) $(card Stripped) $(grep -c o.mbox p.rows.Mailboxes-read)" '6 2 1 3'

# A dry run, and then the run itself; or the dry run alone.
for n in 1 2; do
	bf mbox -o database=dry.db --dry-run o.mbox >ignored 2>&1
	report -o database=dry.db --output=o.html
	page o.html
	ok "$n dry run, said of the run as well" grep -q '^o.mbox|.*|2|1|done (dry run)$' p.rows.Mailboxes-read
	is 'has changed nothing' "$(card Messages; card Stripped; grep -c 'For 1 message barefrom only recorded' p.lead; grep -c '^1 message .* was left as it was.*1 more would have been' p.text.Key-figures)" '2
0
1
1'
done
bf mbox -o database=dry.db o.mbox >ignored 2>&1
report -o database=dry.db --output=o.html
page o.html
is 'what was done after a dry run' "$(card Messages; card Stripped; grep -c '^1 message .* was left as it was' p.text.Key-figures)" '2
1
1'
ok 'was not only recorded' not grep -Eq 'only recorded|more would have been' p.lead p.text.Key-figures
for fields in From 'From Reply-To'; do
	bf filter -o database=two.db -o fields="$fields" <<-'END' >ignored
		From: "Jane" <jane@x.example>
		Reply-To: Jane

		hi
	END
done
report -o database=two.db --output=o.html
page o.html
is 'stripped, and replaced with other settings' "$(card Messages; card Stripped; card Replaced)" '1
1
1'
ok 'is one message without its names' says_text 'barefrom removed the names from 1 of them' p.lead

# Who was claimed, in messages that had no name to remove as well, and from which client a trace says;
# but not to whom.
received='Received: from x (x [192.0.2.9]) by mx.corp.example (Postfix) with ESMTP id Q'
{
	for n in 1 2 3; do printf 'From x\n%s%d; x\nFrom: ceo@corp.example\nSubject: %d\n\nhi\n\n' "$received" $n $n; done
	printf 'From x\n%s4; x\nFrom: "R" <r@x.example>\nTo: "Victim" <v@corp.example>\n\nhi\n' "$received"
} >claimed.mbox
bf mbox -o database=c.db -o trusted-by=mx.corp.example -o 'fields=From To Reply-To' claimed.mbox >ignored 2>&1
report -o database=c.db --output=c.html
page c.html
is 'who was claimed most' "$(cat p.wrong; cut -d '|' -f 1-3 p.rows.Senders-impersonated-most)" 'nothing
ceo@corp.example|–|3
r@x.example|R|1'
ok 'is said' says_text 'The sender claimed most often was <strong><bdi>ceo@corp.example</bdi></strong>, in 3 messages.' p.lead
is 'the names of senders alone' "$(cut -d '|' -f 1-3 p.rows.Names-used-most)" 'R|r@x.example|1'
is 'the client in the trace' "$(cut -d '|' -f 1-4 p.rows.Where-they-came-from)" '192.0.2.9|1|4|4'
ok 'which is known' not says_text 'is not known' p.text.Where-they-came-from
# So do refused ones, though nothing was handed on.
printf 'From: Jane Doe\r\r\n <ceo@corp.example>\n\nhi\n' >fold.eml
bf filter -o database=f.db -o sendmail="$tmp/sendmail" -f a@x.example -- b@x.example <fold.eml >ignored 2>&1
bf filter -o database=f.db --queue-id=4F <fold.eml >ignored 2>&1
report -o database=f.db --output=f.html
page f.html
is 'both refused' "$(sql f.db 'SELECT action, outcome FROM message')" 'refused|deferred
refused|failed'
is 'count as claims' "$(cat p.wrong; cut -d '|' -f 1-3 p.rows.Senders-impersonated-most p.rows.Names-used-most)" 'nothing
ceo@corp.example|Jane Doe|2
Jane Doe|ceo@corp.example|2'
ok 'and one is named' says_text '<bdi>ceo@corp.example</bdi></strong>, in 2 messages under 1 name.' p.lead

# Names of ours on foreign addresses, in messages that were kept, too.
of() { # of VERDICT FROM: one message into n.db, where only corp.example is in scope
	mails=$((mails + 1))
	printf 'From: %s\nSubject: %s\n\nhi\n' "$2" $mails |
		bf filter -o database=n.db -o scope=domains -o domains=corp.example --submission="$1" >ignored 2>&1
}
none='No message came with proof, so nothing shows which names are yours.'
of anonymous '"Jane Doe" <x@freemail.example>'
report -o database=n.db --output=n.html
page n.html
is 'no login' "$(cat p.wrong)$(find . -name 'p.rows.Our-names*')" nothing
ok 'says that names are not known' says_text "$none" p.text.Our-names-on-foreign-addresses
of authenticated '"Max Berg" <max@corp.example>'
report -o database=n.db --output=n.html
page n.html
ok 'a login of somebody else: none' eval 'grep -qx "None\\." p.text.Our-names-on-foreign-addresses &&
	not says_text "$none" p.text.Our-names-on-foreign-addresses'
of authenticated '"Jane Doe" <jane@corp.example>'
of authenticated 'Jane Doe <Jane@Corp.example>'
of authenticated '=?UTF-8?Q?Jane_Doe?= <ceo@corp.example>'
for n in 1 2 3 4; do of anonymous "JANE DOE <x$n@freemail.example>"; done
of anonymous '"Jane Doe" <X4@freemail.example>'
of anonymous '"Jane Doe" <max@corp.example>'
of anonymous '"Jane Doe" <jane@corp.example>'
of authenticated '"</td><script>alert(6)</script>" <h@corp.example>'
of anonymous '"</td><script>alert(6)</script>" <h@freemail.example>'
of authenticated '=?UTF-8?Q?over=E2=80=AE_edir?= <o@corp.example>'
of anonymous '=?UTF-8?Q?over=E2=80=AE_edir?= <o@freemail.example>'
sqlite3 n.db "
UPDATE message SET from_name = '<script>alert(6)</script> x' WHERE from_name LIKE '%alert(6)%';
UPDATE message SET from_address = '\"<script>alert(7)</script>\"@x.example' WHERE from_address = 'h@freemail.example';
UPDATE message SET from_address = '\"<script>alert(8)</script>\"@x.example' WHERE from_address = 'h@corp.example'"
report -o database=n.db --output=n.html
ok 'names of ours' well
page n.html
is 'are a page' "$(cat p.wrong)" nothing
today=$(sql n.db "SELECT substr(max(at), 1, 10) FROM message WHERE from_name = 'Jane Doe' COLLATE NOCASE")
foreign=p.rows.Our-names-on-foreign-addresses
is 'the name, its addresses and the foreign ones' "$(sed -n 1p $foreign)" \
	"Jane Doe|ceo@corp.example;jane@corp.example|x4@freemail.example;max@corp.example;x1@freemail.example;and 3 more|7|1 changed;6 kept|$today"
is 'and that is all, whatever is in it' "$(sed 1d $foreign | cut -d '|' -f 1-5)" \
	'<script>alert(6)</script> x|"<script>alert(8)</script>"@x.example|"<script>alert(7)</script>"@x.example|1|1 kept
over[U+202E] edir|o@corp.example|o@freemail.example|1|1 changed'
ok 'it says what it does not match' says_text 'barefrom directory match finds more' p.text.Our-names-on-foreign-addresses
is 'no directory was in use' "$(grep -c '<h2>People' n.html)" 0
sqlite3 n.db "
UPDATE message SET scope = 'directory', person = 'Jane Doe; <script>alert(9)</script>\"],[' WHERE action = 'stripped';
UPDATE message SET scope = 'keep', person = 'Jane Doe' WHERE from_address = 'x1@freemail.example'"
people=$(sql n.db "SELECT count(*) || '|' || sum(action = 'stripped') || ' changed;1 kept|' || substr(max(at), 1, 10)
	FROM message WHERE person LIKE 'Jane Doe%'")
report -o database=n.db --output=n.html
ok 'people of the directory' well
page n.html
is 'are part of the page' "$(cat p.wrong; grep -o 'Our names[^,]*, People[^,]*, Where' p.sections)" \
	'nothing
Our names on foreign addresses, People of the directory who were claimed as senders, Where'
is 'those that were claimed, whatever they are called' "$(cat p.rows.People-of-the-directory-who-were-claimed-as-senders)" \
	"Jane Doe|$people
$(echo '<script>alert(9)</script>"],[')|$(echo "$people" | sed 's/^\([0-9]*\)|\([0-9]*\).*|/\2|\2 changed|/')"

# A version that has tables and no views.
{
	cat "$SRCDIR/src/store/sql/001-first.sql"
	echo "DROP VIEW history; PRAGMA application_id = $((0x42524652)); PRAGMA user_version = 1;"
	echo "INSERT INTO message (at, source, verdict, reason, in_scope, action, outcome) VALUES
		(strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-2 days'), 'filter', 'anonymous', 'no-login', 1, 'kept', 'pending');"
} | sqlite3 1.db
report -o database=1.db --output=1.html
ok 'a database of version 1' well
page 1.html
ok 'is one message of one' says_text '1 of 1 message (100%) was handed in without proof of who sent it.' p.lead
ok 'which is pending' says_text '1 message is pending' p.text.Key-figures
ok 'which has no names of all mail' says_text 'Not known: ' p.text.Our-names-on-foreign-addresses
is 'with a bar of one part' "$(cat p.wrong p.bars)" 'nothing
30 bars by day, 1 parts'

# Since when.
since() { # since AGE DATE: the page of a message that is so old, of this time on
	sqlite3 1.db "UPDATE message SET at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-$1')"
	bf audit report -o database=1.db --since="$2" --output=since.html >ignored 2>&1
	page since.html
	cat p.wrong
	sed -E 's/^([1-9]|[1-5][0-9]|6[0-2]) bars/bars/' p.bars # at most 62
}
is 'since long ago, a new message' "$(since '3 days' 1970-01-01)" 'nothing
bars by day, 1 parts'
is 'an older one: weeks' "$(since '200 days' 1970-01-01)" 'nothing
bars by week, 1 parts'
is 'months' "$(since '1000 days' 1970-01-01)" 'nothing
bars by month, 1 parts'
is 'years' "$(since '4000 days' 1970-01-01)" 'nothing
bars by year, 1 parts'
report -o database=1.db --output=since.html
ok 'what is older does not count' says_text 'No message was recorded in these 30 days.' since.html
sqlite3 1.db "UPDATE message SET at = '9999-01-01T00:00:00.000Z'"
report -o database=1.db --output=since.html
ok 'nor does what is still to come' says_text 'No message was recorded' since.html
sqlite3 1.db "UPDATE message SET at = date('now', '-2 days') || '<b>'"
report -o database=1.db --output=since.html
page since.html
is 'a time that is none' "$status $(cat p.wrong p.bars)" '0 nothing
30 bars by day, 1 parts'

# Mailboxes: apart from mail on its way, and a report of their own where there was none.
{ echo 'From x'; cat forged.eml; } >m.mbox
bf mbox -o database=m.db m.mbox >ignored 2>&1
report -o database=m.db --output=m.html
page m.html
ok 'mailboxes alone' says_text \
	'barefrom read 1 message stored in mailboxes: 1 of them (100%) was handed in without proof of who sent it.' p.lead
is 'have their run' "$(cut -d '|' -f 1,3- p.rows.Mailboxes-read)" 'm.mbox|1|1|done'
bf filter -o database=m.db --submission=authenticated <forged.eml >ignored
report -o database=m.db --output=m.html
page m.html
ok 'beside other mail' says_text 'In these 30 days none of 1 message was handed in without proof' p.lead
ok 'they are not counted' says_text 'not in the figures above' p.text.Mailboxes-read
{ echo 'From x'; cat forged.eml; echo; printf 'From x\nFrom: CEO\n\nhi\n'; } >r.mbox
bf mbox -o database=r.db r.mbox >ignored 2>err
ok 'one stripped, one replaced' says ' 1 stripped, 1 replaced,' err
report -o database=r.db --output=r.html
page r.html
is 'are two changed' "$(cat p.heads.Mailboxes-read; cut -d '|' -f 1,3- p.rows.Mailboxes-read)" \
	'Mailbox|Read at|Messages|Changed|State
r.mbox|2|2|done'

# A run that puts originals back decides nothing, and has no figures.
bf mbox -o database=r.db r.mbox >r.bare 2>ignored
report -o database=r.db --output=r.html
page r.html
ok 'without --undo no word of it' not says_text undo p.text.Mailboxes-read
bf mbox -o database=r.db --undo r.bare >r.back 2>ignored
same 'originals are back' r.back r.mbox
report -o database=r.db --output=r.html
page r.html
is 'the run is no reading' "$(cat p.wrong; wc -l <p.rows.Mailboxes-read)" 'nothing
2'
ok 'but is told of' says_text 'Not listed: 1 run of barefrom mbox --undo, which puts originals back' p.text.Mailboxes-read
bf audit prune -o database=r.db --older-than=0 >ignored
bf mbox -o database=r.db --undo r.bare >r.back 2>ignored
report -o database=r.db --output=r.html
page r.html
is 'nor are there others' "$(cat p.wrong; grep -c '^None\.$' p.text.Mailboxes-read; grep -c 'Not listed: [12] run' p.text.Mailboxes-read)" 'nothing
1
1'

# usage NAME ARGUMENT...: 64, and no page.
usage() {
	name=$1
	shift
	report -o database=e.db "$@"
	ok "$name: 64" eval '[ "$status" -eq 64 ] && is_empty out && [ -s err ] && [ ! -e u.html ]'
}
usage 'no output'
usage 'an empty output' --output=
for day in '' today 2026-13-01 2026-02-30 2026-1-01 26-01-01 2026-01-01x ' 2026-01-01' 20260101 1969-12-31 9999-12-31; do
	usage "--since='$day'" --since="$day" --output=u.html
done
usage 'an option of another verb' --format=csv --output=u.html
usage 'an argument' --output=u.html more
report --help
ok 'audit --help names it' says '(^|[^a-z])report([^a-z]|$)' out

# What is no database of ours.
bad() { # bad NAME DATABASE WORD: a failure that says so, and no page
	report -o database="$2" --output=u.html
	ok "$1" eval "[ $status -ge 64 ] && [ $status -le 78 ] && is_empty out && says '$3' err && [ ! -e u.html ]"
}
bad 'no database' none.db 'does not exist yet'
is 'is a missing input' "$status" 66
is 'and none is made' "$(find . -name 'none.db*')" ''
bad 'no folder' none/a.db none
yes 'this is no database' | head -c 8192 >text.db
bad 'a file that is none' text.db 'not a database'
sqlite3 other.db 'CREATE TABLE message (id)'
bad "another program's" other.db "another program"
cp 1.db 999.db
sqlite3 999.db 'PRAGMA user_version = 999'
bad 'one of a newer barefrom' 999.db newer
cp 1.db broken.db
sqlite3 broken.db 'DROP TABLE edit; UPDATE message SET at = date()'
bad 'one with a table missing' broken.db edit

# The file.
mode() { stat -c %a "$1"; }
(umask 077 && bf audit report -o database=e.db --output=f.html >ignored)
is 'its mode, whatever the umask' "$(mode f.html)" 640
(umask 0 && bf audit report -o database=e.db --output=g.html >ignored)
is 'not for others' "$(mode g.html)" 640
echo old >h.html
chmod 666 h.html
ln h.html h.old
ln -s h.html h.link
report -o database=e.db --output=h.link
ok 'an old file is replaced' eval 'well && grep -q "^<!DOCTYPE" h.html && [ "$(mode h.html)" = 640 ]'
is 'and not written into' "$(cat h.old)" old
ok 'a link stays' test -L h.link
rm h.html
report -o database=e.db --output=h.link
is 'one that leads nowhere is refused' "$status" 73
ok 'and stays' test -L h.link
is 'nothing is left beside it' "$(find . -name '.*barefrom*')" ''

fails() { # fails NAME STATUS OUTPUT
	report -o database=e.db --output="$3"
	ok "$1" eval "[ $status -eq $2 ] && is_empty out && [ -s err ]"
}
fails 'no folder for it' 73 none/u.html
fails 'a file for a folder' 73 e.html/u.html
mkdir folder
fails 'a folder in its place' 73 folder
mkfifo fifo
fails 'a fifo in its place' 73 fifo
ok 'which stays' test -p fifo
let_nobody_in
chmod 644 1.db
chmod 555 folder
as_nobody "$BAREFROM" -c empty.conf audit report -o database=1.db --output=folder/u.html >out 2>err
status=$?
ok 'a folder that may not be written' eval '[ "$status" -eq 73 ] && is_empty out && says u.html err'

# A file that may not grow. The database writes no log, so the page alone is too large.
sqlite3 1.db 'PRAGMA journal_mode = DELETE' >ignored
echo old >l.html
mkfifo words
cat words >err &
(ulimit -f 8 && exec "$BAREFROM" -c empty.conf audit report -o database=1.db --output=l.html >/dev/null 2>words)
status=$?
wait $!
ok 'no room for the page' eval '[ "$status" -eq 74 ] && says l.html err'
is 'the old one stays' "$(cat l.html)" old
is 'and nothing else' "$(find . -name '.*barefrom*')" ''
bf audit report -o database=e.db --output=- >/dev/full 2>err
is 'no room on standard output' $? 74
