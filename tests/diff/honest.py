# SPDX-License-Identifier: GPL-3.0-or-later
"""Senders as mail programs write them, and the addresses that have to stay, in order."""

LONG = [f'member-{number}@department.corp.example' for number in range(1, 7)]

# For those whose local part some reader would not show as it stands.
UNKNOWN = ['unknown-sender@barefrom.invalid']

SENDERS = [
    # Plain.
    ('jane@corp.example', ['jane@corp.example']),
    ('<jane@corp.example>', ['jane@corp.example']),
    ('Jane <jane@corp.example>', ['jane@corp.example']),
    ('Jane Doe <jane@corp.example>', ['jane@corp.example']),
    ('"Jane Doe" <jane@corp.example>', ['jane@corp.example']),
    ('Jane.Doe@Corp.Example', ['Jane.Doe@Corp.Example']),
    ('"jane@corp.example" <jane@corp.example>', ['jane@corp.example']),
    ("'Jane Doe' <jane@corp.example>", ['jane@corp.example']),
    ('Jane D. Doe <jane@corp.example>', ['jane@corp.example']),
    # Quoted names.
    ('"Doe, Jane" <jane@corp.example>', ['jane@corp.example']),
    ('"Doe, Jane (CEO)" <jane@corp.example>', ['jane@corp.example']),
    (r'"Jane \"The Boss\" Doe" <jane@corp.example>', ['jane@corp.example']),
    ('"Corp: Sales; East" <sales@corp.example>', ['sales@corp.example']),
    ('"Jane via Lists" <list-bounces@lists.example>', ['list-bounces@lists.example']),
    (r'"C:\\Users\\jane" <jane@corp.example>', ['jane@corp.example']),
    # Names beyond ASCII.
    ('Jörg Müller <joerg@corp.example>', ['joerg@corp.example']),
    ('"Müller, Jörg" <joerg@corp.example>', ['joerg@corp.example']),
    ('田中太郎 <tanaka@corp.example>', ['tanaka@corp.example']),
    ('=?UTF-8?Q?J=C3=B6rg_M=C3=BCller?= <joerg@corp.example>', ['joerg@corp.example']),
    ('=?utf-8?B?SsO2cmcgTcO8bGxlcg==?= <joerg@corp.example>', ['joerg@corp.example']),
    ('=?ISO-8859-1?Q?J=F6rg?= <joerg@corp.example>', ['joerg@corp.example']),
    ('=?iso-2022-jp?B?GyRCRURDZhsoQg==?= <tanaka@corp.example>', ['tanaka@corp.example']),
    ('=?koi8-r?B?6dfBziDwxdTSz9c=?= <ivan@corp.example>', ['ivan@corp.example']),
    ('=?GB2312?B?1cXI/Q==?= <zhang@corp.example>', ['zhang@corp.example']),
    ('=?windows-1252?Q?Jane_=93CEO=94?= <jane@corp.example>', ['jane@corp.example']),
    ('"=?utf-8?Q?J=C3=B6rg?=" <joerg@corp.example>', ['joerg@corp.example']),
    ('=?utf-8?Q?J=C3=B6rg?=\n =?utf-8?Q?_M=C3=BCller?= <joerg@corp.example>',
     ['joerg@corp.example']),
    # Comments.
    ('jane@corp.example (Jane Doe)', ['jane@corp.example']),
    ('jane@corp.example (Jane (CEO) Doe)', ['jane@corp.example']),
    ('Jane Doe (Sales) <jane@corp.example>', ['jane@corp.example']),
    ('Jane Doe <jane@corp.example> (by way of Joe)', ['jane@corp.example']),
    ('root@host.corp.example (Cron Daemon)', ['root@host.corp.example']),
    # Local parts.
    ('Jane <jane+news@corp.example>', ['jane+news@corp.example']),
    ('Bounces <b=joe=x.example@lists.example>', ['b=joe=x.example@lists.example']),
    ("O'Neil <o'neil@corp.example>", ["o'neil@corp.example"]),
    ('News <_news-4{x}|~@corp.example>', ['_news-4{x}|~@corp.example']),
    ('Jane <"jane doe"@corp.example>', ['"jane doe"@corp.example']),
    ('"Jane" <"jane,doe"@corp.example>', UNKNOWN),
    (r'Jane <"jane\"doe"@corp.example>', UNKNOWN),
    (r'Jane <"jane\\doe"@corp.example>', UNKNOWN),
    ('Jane <jane."van der doe"@corp.example>', UNKNOWN),
    ('Jane <"jane.doe"@corp.example>', ['"jane.doe"@corp.example']),
    ('Jane <jane.@docomo.example>', ['"jane."@docomo.example']),
    ('Jane <ja..ne@docomo.example>', ['"ja..ne"@docomo.example']),
    ('Jane <.ja...ne.@docomo.example>', ['".ja...ne."@docomo.example']),
    ('用户 <用户@例子.example>', ['用户@例子.example']),
    # Domains.
    ('Jane <jane@xn--mller-kva.example>', ['jane@xn--mller-kva.example']),
    ('Jane <jane@müller.example>', ['jane@müller.example']),
    ('Printer <scan@[192.0.2.7]>', ['scan@[192.0.2.7]']),
    ('Printer <scan@[IPv6:2001:db8::7]>', ['scan@[IPv6:2001:db8::7]']),
    ('root <root@localhost>', ['root@localhost']),
    ('Jane <jane@corp.example.>', ['jane@corp.example']),
    # Routes, lists, groups, folds.
    ('Jane <@relay.example:jane@corp.example>', ['jane@corp.example']),
    ('Jane <jane@corp.example>, Joe <joe@corp.example>',
     ['jane@corp.example', 'joe@corp.example']),
    ('"Doe, Jane" <jane@corp.example>, joe@corp.example (Joe, too)',
     ['jane@corp.example', 'joe@corp.example']),
    ('jane@corp.example,joe@corp.example', ['jane@corp.example', 'joe@corp.example']),
    ('Board: Jane <jane@corp.example>, joe@corp.example;',
     ['jane@corp.example', 'joe@corp.example']),
    ('"Jane Doe"\n\t<jane@corp.example>', ['jane@corp.example']),
    (',\n\t'.join(f'"Member, {address[7]}" <{address}>' for address in LONG), LONG),
    ('Jane Doe<jane@corp.example>', ['jane@corp.example']),
    ('Jane @ Corp <jane@corp.example>', ['jane@corp.example']),
    ('Jane [Corp] <jane@corp.example>', ['jane@corp.example']),
    ('Jane < jane@corp.example >', ['jane@corp.example']),
]
