# SPDX-License-Identifier: GPL-3.0-or-later
"""Senders and heads as attackers write them: the published ways to make two readers disagree
(Mailsploit, "Weak Links in Authentication Chains", "Composition Kills"), RFC 5322 with its obsolete
syntax, and RFC 2047 and 6532. Nothing here is random.

Not here: junk right below a sender field that begins with neither NUL nor CR, which Email::Simple
alone joins to it (see diff.py).
"""

A, B = 'ceo@corp.example', 'eve@evil.example'
WORD_A = '=?utf-8?b?Y2VvQGNvcnAuZXhhbXBsZQ==?='  # A
WORD_NUL = '=?utf-8?b?Y2VvQGNvcnAuZXhhbXBsZQA=?='  # A and a NUL
WORD_LF = '=?utf-8?Q?=42oss=0A?='
WORD_NAME = '=?utf-8?Q?J=C3=B6rg_CEO?='

VALUES = [
    # Mailsploit: an encoded word with an address, a NUL or a line end before the real one.
    f'{WORD_A}{WORD_NUL}@evil.example', f'{WORD_A}=?utf-8?Q?=00?={B}',
    f'{WORD_A}=?utf-8?Q?=0A=00?={B}', f'{WORD_LF} <{B}>', f'{WORD_A} <{B}>', f'{WORD_A}, {B}',
    f'<{WORD_A}>', f'{WORD_A}', WORD_NAME, f'=?utf-8?b?PGNlb0Bjb3JwLmV4YW1wbGU+?= <{B}>',
    f'"{WORD_A}" <{B}>', f'({WORD_A}) {B}', f'{WORD_A}({WORD_NUL})@evil.example',
    f'{B} ({WORD_NAME})', f'{WORD_NAME}: {B};', f'{WORD_NAME}@evil.example',
    f'"{WORD_NAME}"@evil.example', f'eve@{WORD_NAME}.example', f'eve@[{WORD_NAME}]',
    f'=?utf-8?Q?Jane <{B}>', f'=?utf-8?X?Jane?= <{B}>', f'=?x-none?Q?Jane?= {B}',
    f'=?utf-8*en?Q?Jane?= <{B}>', f'=?utf-7?Q?+AEo-ane?= <{B}>',
    f'=?UTF-8?Q?a?=\n =?UTF-8?Q?b?= <{B}>', f'=?utf-8?q?=3D=3Futf-8=3Fq=3FJane=3F=3D?= <{B}>',
    f'=?utf-8?q?=22Jane=22?=<{B}>', f'=?utf-8?q?{B}?=', '=?utf-8?q?eve?=@=?utf-8?q?evil.example?=',
    'e=?a?b?c?=ve@evil.example',
    # Words that only lenient readers decode: unpadded, padded inside, open, without a charset, with
    # blanks; and hidden in a quoted local part by a quoted-pair or a dot.
    f'=?utf-8?b?Y2VvQGNvcnAuZXhhbXBsZQ?= <{B}>', f'=?utf-8?b?Y2VvQA==Y29ycA==?= <{B}>',
    f'=?utf-8?q?Jane_Doe <{B}>', f'=??q?Jane?= <{B}>', f'=?utf-8?q?Jane Doe?= <{B}>',
    '"=\\?utf-8?q?Jane_Doe?=".x@evil.example', '"=?utf-8?\\q?Jane_Doe?="@evil.example',
    '"=?utf-8"."?q?Jane?="@evil.example', f'Jane <"=\\?utf-8?q?Jane?=".x@evil.example>',
    # Blanks that let a reader see a name in an address.
    'Jane . Doe . ceo@corp.example', '"Jane Doe" . ceo@corp.example',
    '"Jane Doe <ceo@corp.example>" . x@evil.example', 'x@evil . Jane . Doe',
    f'\u202eelpmaxe.proc@oec\u202c <{B}>',
    # Several authors, brackets and quotes that do not fit.
    f'<{A}> <{B}>', f'<{A}><{B}>', f'<{A}>, <{B}>', f'{A} <{B}>', f'<{A}> {B}', f'{A}, <{B}',
    f'{A} {B}', f'"{A}" <{B}>', f'"{A} <{B}>', f'{A}" <{B}>', f'"<{A}>" <{B}>', f'<<{B}>>',
    f'<{A}<{B}>>', f'<{A}>"<{B}>', f'<"{A}" {B}>', f'<{A},{B}>', f'<{A};{B}>', f'{A};{B}',
    f'{A}:{B}', f'{A}:{B};', f'{A}\\,{B}', f'\\"{A}\\" <{B}>', f'"Jane\\" <{B}>',
    f'"Jane\\\\" <{B}>', f'Jane\\ <{B}>', f'<@corp.example:{B}>',
    f'<@corp.example,@a.example:{B}>', f'<@corp.example,Jane:{B}>',
    f'<@corp.example:"Jane" <{B}>>', f'<{B}>Jane', f'<{B}> Jane Doe', f'<{B}> "Jane Doe"',
    f'>{B}<', f'Jane Doe {B}', f'{B} Jane Doe', f'{B} <>', f'<> {B}', 'Jane <>', f'Jane <> <{B}>',
    '<Jane>', f'Jane <Doe> <{B}>', '<Jane Doe>', 'Jane Doe', 'Jane, Doe', '"Jane"', '(Jane)', '()',
    '<>', ',', '',
    # Comments.
    f'(a(b(c)d)e){B}(f)', 'eve(Jane)@(Doe)evil(CEO).example', '<eve(Jane)@evil.example(x)>',
    f'({A}) <{B}>', f'{B} (Jane', f'(Jane {B}', f'Jane) {B}', f'{B} (\\)Jane)', f'{B} (\\(Jane)',
    f'{B} (")" Jane)', f'"(" {B} ")"', f'(")" {B} "(")', f'({B}', f'{B}()(Jane)', f'( ) {B}',
    f'{B} (Jane) (Doe)', f'eve@evil.example(Jane), (Doe), {A}', 'eve@evil.(Jane)example',
    # Groups.
    f'Board: {B};', f'Board: {B}', 'Board:;', f'Board: Jane <{B}>; Joe', f'a: b: {B};;',
    f'"B" (c): {B};', f': {B};', f'{B}; Jane', f'; {B}', f'Jane:;{B}', f'a:;, b:;, {B}',
    f'mailto:{B}', 'Jane: Doe: ;', f'Board: {B}, Jane Doe;', 'undisclosed-recipients:;',
    f'{A}:;<{B}>', f'Board: {B};, "Jane" <{A}>',
    # Local parts and domains.
    '"Jane Doe"@evil.example', '"Jane" "Doe"@evil.example', '"a"."b"@evil.example',
    f'"{A}"@evil.example', '"eve@evil.example, Jane"@evil.example', 'eve @ evil . example',
    'eve.@evil.example', '.eve@evil.example', 'e..ve@evil.example', 'eve@.evil.example',
    'eve@evil..example', 'eve@evil.example.', 'eve@evil.example..', 'eve@', '@evil.example', '@',
    'eve@[192.0.2.1]', 'eve@[Jane Doe]', 'eve@[IPv6:2001:db8::1]', 'eve@[192.0.2.1] (Jane)',
    'eve@[192.0.2.1', 'eve@192.0.2.1]', f'[{B}]', f'{A}@evil.example',
    'eve@corp.example@evil.example', 'corp.example!eve@evil.example',
    'eve%corp.example@evil.example', f'Jane [CEO] {B}', f'Jane@Corp <{B}>',
    'eve@evil.example/Jane', f"'Jane' <{B}>", f"'Jane {B}'", f'`Jane` <{B}>', f'{{Jane}} {B}',
    f'{B}\\', 'eve\\@corp@evil.example',
    # Local parts that are quoted in part, or hold what is not shown as it stands.
    'Jane."The CEO".x@evil.example', '"Jane".The."CEO"@evil.example', 'Jane The CEO@evil.example',
    '"Jane" "The" "CEO"@evil.example', '"Jane" . The . "CEO" @evil.example',
    'Jane-Doe."The CEO"@evil.example', '"The CEO".Jane-Doe@evil.example', 'Jane"CEO"@evil.example',
    f'"<{A}>"@evil.example', f'"Jane <{A}>"@evil.example', '"Jane: Doe;"@evil.example',
    '"Jane (CEO)"@evil.example', '"Jane [CEO]"@evil.example', '"Jane\\ Doe"@evil.example',
    '"Doe, Jane"@evil.example.', '"Jane\t Doe"@evil.example', '"\n Jane"@evil.example',
    '""@evil.example', '" "@evil.example', '"\n "@evil.example', 'Jane <""@evil.example>',
    # Dots anywhere.
    'Jane-Doe-CEO..x@evil.example', '...@evil.example', '.@evil.example', 'Jane . . x@evil.example',
    '. Jane@evil.example', 'Jane .@evil.example', 'Jane.(x).Doe@evil.example',
    '"Jane . Doe"@evil.example', '". ."@evil.example', '"."@evil.example', '"..Jane"@evil.example',
    'Jane <..eve..@evil.example..>', '..jörg@evil.example', 'Jane <eve@evil.example.>',
    'eve@evil.example .', 'eve@evil . example . (Jane)', 'eve@evil.example.(Jane)',
    'eve@[192.0.2.1].', 'eve@[192.0.2.1].(Jane)', 'Jane <eve@[192.0.2.1].>', 'eve@evil. .example',
    'eve@.', '"Jane Doe"@evil.example.', '"Jane Doe"@.',
    # Beyond ASCII.
    f'Jörg <{B}>', 'jörg@evil.example', 'eve@bücher.example', 'eve@xn--bcher-kva.example',
    'eve\u3000@evil.example', 'eve@evil\u3002example', 'eve\uff20evil.example',
    f'\uff1c{A}\uff1e <{B}>', f'\u202eelpmaxe.proc@oec <{B}>', 'eve\u200b@evil.example',
    f'\ufeff{B}', 'eve\u00ad@evil.example', f'\u00a0{B}', f'{B}\u00a0Jane',
    'e\u0301ve@evil.example', 'eve@evil.example\u2028Jane', 'eve@evil.example\u0085Jane',
    'eve\u00a0Jane@evil.example', f'\U000e0041{B}',
    # Controls.
    f'{A}\0{B}', f'{A}\0 <{B}>', f'Jane\x01<{B}>', f'{B}\x01', 'eve\x7f@evil.example',
    f'{B}\x0bJane', f'{B}\x0cJane', f'\x0b{B}', f'{B}\x0c', f'{B}\t(Jane)', f'{B}\x1b[8mJane',
    f'\x0c"Jane" <{B}>', f'Jane\x1f<{B}>\x1e',
    # Folds and bare CRs.
    f'\n {B}', f'\n \n {B}', f'Jane\n <{B}>', f'Jane\n \n <{B}>', f'{B}\n \n Jane', f'{B}\n Jane',
    f'{B}\n \t\n\t(Jane)', f'"Jane\n Doe" <{B}>', '"Jane\n Doe"@evil.example',
    'eve\n @evil.example', 'eve@\n evil.example', 'eve@evil.\n\texample', f'{B}\rJane',
    f'{B}\r Jane', f'Jane\r<{B}>', f'\r{B}', f'{B}\r', f'{B}\rFrom: Jane <{A}>', f'{B}\r\r\n Jane',
    f'{B}\rSubject: y', f'{B}\r\rSender: Jane <{A}>', f'{B}\r\n Jane <x@y.example>',
    f'{B},\n "Jane" <{A}>', f'{B},,,', f', ,{B}', f'{B} , Jane, {A}', f'Jane Doe, {B}', f'{B}, ""',
    f'{B}, Jane', f'{B}, =?utf-8?q?x?=',
]

P = 'From: Jane <eve@evil.example>'
# Where a sender may hide in a head.
HEADS = [
    f'{P}\n{P}\n', f'{P}\nSender: Jane <{A}>\nReply-To: Jane <{A}>\n',
    f'from: Jane <{B}>\nFROM: x <{B}>\n', f'From : Jane <{B}>\n', f'From\t: Jane <{B}>\n',
    f'From \t : Jane <{B}>\n', f' {P}\n', f'\t{P}\n', f'  \n{P}\n', f'Fr\0om: Jane <{B}>\n',
    f'\0{P}\n', f'From\0: Jane <{B}>\n', f'\ufeff{P}\n', f'F\u200brom: Jane <{B}>\n',
    f'From\u00a0: Jane <{B}>\n', f'\x0b{P}\n', f'\x0c{P}\n', f'X: 1\n\x0b{P}\n',
    f'X: 1\n\x0c{P}\n', f'From\x7f: Jane <{B}>\n', f'X: 1\n {P}\n', f'X: 1\n \n{P}\n',
    f'X: 1\n \n {P}\n', f'X: 1\n\t\n\t{P}\n', f'X: 1\n \r\n {P}\n', f'X: 1\n\x0b\n{P}\n',
    f'junk\n{P}\n', f'junk\n\t{P}\n', f'X: 1\njunk\n{P}\n', f'X: 1\njunk\n {P}\n', f': x\n{P}\n',
    f':\n{P}\n', f'X\n{P}\n', f'X: 1\r{P}\n', f'X: 1\r {P}\n', f'X: 1\r\r{P}\n',
    f'X: 1\n y\r{P}\n', f'X: 1\r\r\n{P}\n', f'X: 1\r\r\n {P}\n', f'\r{P}\n', f'X: 1\r{P}\rY: 2\n',
    f'X: 1\r{P}\r Doe\n', f'X: 1\r{P}\n Doe\n', f'junk\r{P}\n', f'X: 1\r\n\r{P}\r\n',
    f'X: 1\n\r{P}\n', f'X: 1\r\n{P}\r\n', f'X: 1\r\n{P}\nY: 2\r\n', f'{P}\r\n\tDoe\r\n',
    f'{P}\n\r\n', f'{P}\r\r\nX: 1\r\n', f'X: 1\n\n{P}\n',
    f'From {B} Tue Nov 24 10:00:00 2026\n{P}\n', f'>From {B} Tue\n{P}\n', f'>{P}\n',
    f'From {B}\n {P}\n', f'X: 1\nFrom Jane\n{P}\n', f'From\n : Jane <{B}>\n',
    f'From\r\n\t: Jane <{B}>\n', f'Reply-To\n : Jane <{B}>\n', f'From\n: Jane <{B}>\n',
    f'Reply-\n To: Jane <{B}>\n', f'Fr\n om: Jane <{B}>\n', f'Fr\rom: Jane <{B}>\n',
    f'X\rFr\r\r om: Jane <{B}>\n', f'F r o m: Jane <{B}>\n',
    f'Reply -To: Jane <{B}>\n', f'=?utf-8?q?From?=: Jane <{B}>\n', f'From;: Jane <{B}>\n',
    f'From(x): Jane <{B}>\n', f'"From": Jane <{B}>\n', f'From:: Jane <{B}>\n',
    f'From:From: Jane <{B}>\n', f'From: \n{P}\n', f'From:\n{P}\n', f'From:\n {P}\n',
    f'From: <>\n {P}\n', f'Resent-{P}\n', f'X-{P}\n', f'{P}', f'{P}\r', f'{P}\n ', f'{P}\n\t\n',
    f'X: 1\u2028{P}\n', f'X: 1\u0085{P}\n', f'X: 1\x1c{P}\n', f'X: 1\x1d{P}\n', f'X: 1\x1e{P}\n',
    f'X: 1\x0b{P}\n', f'X: 1\x0c{P}\n', f'X: 1\0{P}\n', f'Subject: a\n b\n{P}\nX: y\n',
    f'Content-Type: message/rfc822\n{P}\n', f'Content-Type: multipart/mixed; boundary=b\n{P}\n',
    f' junk\n {P}\n', f' X: 1\n {P}\n',
    # Comments in a name.
    f'(x){P}\n', f'From (x): Jane <{B}>\n', f'Fr(x)om: Jane <{B}>\n', f'(x) (y){P}\n',
    f'From (a(b)c): Jane <{B}>\n', f'From (\\)x): Jane <{B}>\n', f'From (\\(x): Jane <{B}>\n',
    f'From (a"b): Jane <{B}>\n', f'From (x: Jane <{B}>\n', f'({P}\n', f'From(: Jane <{B}>\n',
    f'(Sender){P}\n', f'(From)Sender: Jane <{A}>\n', f'(From)X: Jane <{B}>\n',
    f'From (a:b): Jane <{B}>\n', f'(X: 1){P}\n', f'(X: 1\n y){P}\n', f'From (a\n b): Jane <{B}>\n',
    f'(a\n b)\n {P}\n', f'X: 1\r(y){P}\n', f'X: 1\0(y){P}\n', f'(\0){P}\n', f'(a\0(b){P}\n',
    f'X (y\0){P}\n', f'({P})Sender: Jane <{A}>\n', f'Reply(x)-(y)To: Jane <{A}>\n',
    # NUL, which ends a line for some readers.
    f'X: 1\0\0\0{P}\n', f'X: 1\0 {P}\n', f'X: 1\n y\0{P}\n', f'X: 1\0Y: 2\0{P}\n',
    f'junk\0{P}\n', f'X: 1\0Fr\0om: Jane <{B}>\n', f'X\0{P}\n', f'X: 1\0>{P}\n',
    f'X: 1\0{P}\n Doe\n', f'X: 1\0{P}\rDoe\n', f'X: 1\0{P}\0Sender: Jane <{A}>\n',
    f'X: 1\0From: {B}\rSender: Jane <{A}>\n', f'X: 1\r\0{P}\n', f'X: 1\0\r{P}\n',
    f'X: 1\0From: {B}\nY: 2\0Sender: Jane <{A}>\0Reply-To: Jane <{A}>\n',
    f'From: {B}\0Sender: Jane <{A}>\n', f'From: {B}\0\n', f'From: {B}\0\0Jane\n',
    f'From: \0{B}\n', f'X: 1\r\nY: 2\0{P}\r\n', f'X: 1\0{P}', f'{P}\0',
    # Lines that continue the field above for some readers.
    f'{P}\n\0Jane Doe\n', f'{P}\n\rJane Doe\n', f'{P}\n\r Jane Doe\n', f'{P}\n\0\0Jane Doe\n',
    f'{P}\n\r\rJane Doe\n', f'{P}\n\r\0Jane Doe\n', f'{P}\n\0\rJane Doe\n',
    f'{P}\r\n\0Jane Doe\r\n', f'{P}\r\n\rJane Doe\r\n', f'From: {B}\n\0Jane Doe\n',
    f'From: {A}\n\f(Jane Doe)\nReply-To:\n\v\n Jane Doe <{A}>\n',
    f'Apparently-From: Jane <{B}>\nFrom: {A}\n',
    f'From: <{B}>\n\rJane Doe\n', f'Sender: {A}\n\r Jane Doe\nReply-To: {A}\n\0Jane Doe\n',
    f'From: Jane\n <{B}>\n\0Jane Doe\n', f'From: {B},\n {A}\n\r Jane Doe\n',
    f'{P}\n\0Jane\n\0Doe\n', f'{P}\n\rJane\n\0Doe\n\rCEO\n', f'{P}\n\0Jane\n Doe\n\tCEO\n',
    f'{P}\n\0\n\0Jane\n', f'{P}\n\0Jane\n\nDoe\n', f'{P}\n\0Jane',
    f'{P}\n\0Jane\njunk\n', f'{P}\n\0Jane\nX: 1\n\0Doe\n', f'X: 1\n\0Jane\n{P}\n',
    f'{P}\n\0X: Jane\n', f'{P}\n\r X: Jane\n', f'{P}\n\0Sender: Jane <{A}>\n',
    f'{P}\n\rSender: Jane <{A}>\n', f'{P}\n\0Jane\n\0Sender: Jane <{A}>\n\0Doe\n',
    f'From: {B}\n\0Sender: {A}\n\0Jane\n', f'>{P}\n\0Jane\n', f'From (x): {B}\n\0Jane\n',
    f'\0{P}\n\0Doe\n', f'From: <>\n\0Jane\n', f'From:\n\0Jane\n', f'From: Jane\n\0Doe\n',
    f'From: {B}\n\r\r\n\0Jane\n', f'From: {B}\n\r\r\n Jane\n', f'From: {B}\n\r\r\nX: y\n',
    f'From: {B}\n\0Jane\n\r\r\n\0Doe\n', f'{P}\n\0X: y\0Sender: Jane <{A}>\rDoe\n',
    f'{P}\n\0X\rSender: Jane <{A}>\rDoe\n', f'{P}\n\0Jane Doe, x\0Sender: {A}\n',
    # Two breaks before a name.
    f'X: 1\r\rFrom (x): Jane <{B}>\n', f'X: 1\0\0(x){P}\n', f'X: 1\r\0(x){P}\n',
    f'X: 1\0\r(x){P}\n', f' \n F(x)rom: Jane <{B}>\n',
]
# Whatever stands before, inside or behind the name of a field.
for sign in '!"#$%&\'()*+,./;<=>?@[\\]^_`{|}~':
    HEADS.append(f'{sign}{P}\nReply{sign}-To: Jane <{A}>\nSender{sign}: Jane <{A}>\n')
    HEADS.append(f'X: 1\n{sign}{sign} From {sign} : Jane <{B}>\n')


def messages():
    """(name, message)"""
    for value in VALUES:
        yield (f'hostile: {value!r}',
               f'Subject: x\nFrom: {value}\nTo: Joe <j@x.example>\n\nbody\n'.encode())
        if 'ö' in value:
            yield f'hostile: Latin-1 {value!r}', f'From: {value}\n\nbody\n'.encode('latin-1')
        if '\n' in value:
            folded = value.replace('\r\n', '\n').replace('\n', '\r\n')
            yield (f'hostile: CRLF {value!r}',
                   f'Reply-To: {folded}\r\nX: 1\r\n\r\nbody\r\n'.encode())
    for head in HEADS:
        yield f'hostile: {head!r}', (head + '\nbody\n' * head.endswith('\n')).encode()
