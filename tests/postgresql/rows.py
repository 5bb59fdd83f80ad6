# SPDX-License-Identifier: GPL-3.0-or-later
"""rows.py [TEST...]: what the loader brings over is what is in the audits: each row, each octet, each view."""
import os

from lab import Audit, barefrom, main, normal, now, point, same, test

# What a text may be, up to what only a careless hand puts there.
WILD = [b'', b' ', b'\\.', b'\\N', b'x\n\\.\ny', b'\\u0000', b'\\\\u0000', b'\\', b'a\\', b'"', b"'", b'""', b'{}', b'[]',
        b'\r\n', b'\n', b'\t', b'\x01', b'\x02\x01', b'\x7f', b'\x1f', b'NULL', b'null', b'$$', b'%s', b':x',
        'Jane Döe, CEO'.encode(), '\u0085\u200f\u2028'.encode(), '\ufffd\ufffe\uffff'.encode(), '\U0010ffff𝕁'.encode(),
        'u\u0308'.encode(), b'=1+1', b'\x00', b'a\x00b', b'\xff', b'a\xc3', b'\xed\xa0\x80', b'\xf0\x9f', b'x' * 3000,
        'ß'.encode() * 300000]
TEXTS = ['queue_id', 'message_id_header', 'envelope_from', 'client_address', 'reason', 'evidence', 'auth_user',
         'from_before', 'from_after', 'head_before_sha256', 'head_after_sha256', 'policy', 'peer', 'helo', 'from_name',
         'from_address', 'scope', 'person', 'host']


def cast(columns):
    return ', '.join('CAST(? AS TEXT)' for _ in columns)


@test
def wild(site):
    """any octets in every text, and in before and after"""
    audit = Audit(site.folder)
    db = audit.open()
    for n, text in enumerate(WILD):
        size = len(text) < 1000
        # A long one in one column at a time is enough.
        for columns in (TEXTS,) if size else [('reason', name) for name in TEXTS if name != 'reason']:
            message = db.execute(
                f'INSERT INTO message (at, source, verdict, in_scope, action, outcome, {", ".join(columns)}) '
                f"VALUES ('2026-11-24T10:00:00.{n:03}Z', 'filter', 'unknown', 1, 'stripped', 'sent', {cast(columns)})",
                [text if size or name != 'reason' else b'' for name in columns]).lastrowid
        db.execute('INSERT INTO recipient VALUES (?, CAST(? AS TEXT))', (message, text))
        db.execute("INSERT INTO edit (message, field, nth, action, before, after, display_names, addresses) "
                   "VALUES (?, CAST(? AS TEXT), 9223372036854775807, 'stripped', ?, ?, json_array(CAST(? AS TEXT), 'b'), "
                   "json_array('a', CAST(? AS TEXT)))", (message, text, text, text[::-1], text, text))
        db.execute("INSERT INTO run (started_at, command, input, version, status) "
                   "VALUES ('2026-11-24T10:00:00.000Z', CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), 'done')", (text, text, text))
    every = bytes(range(256))
    for octets in every, every * 4096, b'':
        message = audit.add(edits=0)
        for nth in 1, 2:
            db.execute("INSERT INTO edit (message, field, nth, action, before, after, position) "
                       "VALUES (?, 'From', ?, 'replaced', ?, ?, -1)", (message, nth, octets, octets[::-1]))
    for at in '0001-01-01T00:00:00.000Z', '9999-12-30T23:59:59.999Z', '2026-11-24T10:00:00.001Z':
        audit.add(received_at=at, size=-1)
    db.close()
    site.loads(audit)
    same('each value of each row is there', site, audit)
    point('of the messages as many as there are', site.number_of('SELECT count(*) FROM message'),
          audit.sql('SELECT count(*) FROM message')[0][0])
    point('a text of 600,000 octets is found by its queue id',
          site.number_of("SELECT count(*) FROM message WHERE queue_id = repeat('ß', 300000)"), 1)
    status, _, err = site.load(audit)
    same('a second load adds nothing', site, audit)
    point('and says nothing', (status, err), (0, ''))


@test
def lists(site):
    """lists that a careless hand has made of other things"""
    audit = Audit(site.folder)
    texts = ['none', '', '{', '{"a":["b"]}', '[]', '["\\ud800"]', '["\\udc00\\u0000x"]', '["\\\\u0000"]', '["\\ud83d\\ude00"]',
             '[1,null,true]', '"x"', '[["a"]]']
    for text in texts:
        message = audit.add(signatures=text)
        audit.sql('UPDATE edit SET display_names = ?, addresses = ? WHERE message = ?', text, text, message)
    site.loads(audit)
    found = site.rows('SELECT m.signatures, e.display_names, e.addresses FROM message m JOIN edit e ON e.message = m.id ORDER BY m.id')
    wanted = ['none', '', '{', {'a': ['b']}, [], ['\ufffd'], ['\ufffd\ufffdx'], ['\\u0000'], ['😀'], [1, None, True], 'x', [['a']]]
    point('each is there', [row['signatures'] for row in found], wanted)
    point('in all columns', [(row['display_names'], row['addresses']) for row in found], [(w, w) for w in wanted])
    views = 'forged_senders', 'daily', 'by_client', 'names', 'incidents', 'history'
    for view in 'forged_senders', 'daily', 'by_client', 'names', 'incidents', 'history':
        point(f'{view} can be read', site.number_of(f'SELECT count(*) FROM {view}') > 0)


@test
def by_hand_of_barefrom(site):
    """rows that filter and mbox wrote of hostile mail"""
    audit = Audit(site.folder)
    options = ('-c', '/dev/null', '-o', f'database={audit.path}', '-o', 'trusted-by=mx.example.org')
    heads = [b'From: "Jane\x00\xff\x01 Doe" <a@b.example>\nReply-To: =?UTF-8?Q?J=00=0A=E9?= <c@d.example>\n',
             b'From: "\\\\\\" \\u0000" <a@b.example>, "b" <c@d.example>\nSender: "S" <s@x.example>\n',
             b'Received: from x (y [192.0.2.7]) by mx.example.org with ESMTPA id "\\."; Tue, 24 Nov 2026 10:00:00 +0000\n'
             b'From: "A" <a@b.example>\n', b'From: <>\n', b'']
    for head in heads:
        barefrom('filter', *options, input=head + b'\nhi\n')
    mailbox = os.path.join(site.folder, 'wild \udcff\n.mbox')
    with open(mailbox, 'wb') as out:
        out.writelines(b'From x Mon Jan  1 10:00:00 2024\n' + head + b'\nhi\n\n' for head in heads)
    barefrom('mbox', *options, mailbox)
    point('they are written', [audit.sql(query)[0][0] for query in (
        'SELECT count(*) FROM message', 'SELECT count(*) FROM edit WHERE instr(before, x\'00ff\')',
        'SELECT count(*) FROM run WHERE input IS NOT NULL')], [10, 2, 1])
    site.loads(audit)
    same('and loaded', site, audit)


# A message with several rows, of one host or of several, and what views have to tell apart.
def fill(audit, first):
    one = {'head_before_sha256': 'a' * 64, 'queue_id': 'SAME'}
    audit.add(2, at='2026-10-31T23:59:59.999Z', **one)
    audit.add(at='2026-11-01T00:00:00.000Z', **one)
    audit.add(head_before_sha256='b' * 64)  # no queue id
    audit.add(head_before_sha256='b' * 64, verdict='authenticated', action='kept', edits=0)
    audit.add(head_before_sha256=None, queue_id='LONG')  # each row a message of its own
    audit.add(head_before_sha256=None, queue_id='LONG')
    audit.add(5, queue_id=lambda n: f'{first}{n}', recipients=('b@x.example', 'a@x.example', 'Ä@x.example', 'B@x.example'))
    audit.add(outcome='deferred', queue_id='D', client_address='192.0.2.8')
    audit.add(outcome='failed')
    audit.add(outcome='pending', at='2020-01-01T00:00:00.000Z')
    audit.add(outcome='dry-run', verdict='unknown', action='replaced')
    audit.add(action='refused', edits=0, client_address=None)
    audit.add(in_scope=0, action='kept', edits=0, recipients=())
    audit.add(from_name='Döe; "x", CEO', from_address='É@corp.example', received_at='2019-06-01T12:00:00.000Z', scope='domains',
              person='Jane; Joe')
    audit.add(from_name=None, from_address=None)
    last = audit.add(edits=2)
    audit.sql("UPDATE edit SET field = 'Cc' WHERE message = ? AND position > 0", last)
    audit.sql("""UPDATE edit SET addresses = '["CEO@corp.example","ÉÄ@x.example"]', display_names = '["a, b","c","c"]'
        WHERE message = ? AND position = 0""", last)
    last = audit.add()
    audit.sql("UPDATE edit SET display_names = '[]' WHERE message = ?", last)
    for status, settles in ('running', 0), ('done', 0), ('failed', 0), ('running', 1), ('failed', 1):
        audit.sql("INSERT INTO run (started_at, command, version, status, settles, messages) VALUES "
                  "('2026-11-24T09:00:00.000Z', 'mbox', '1', ?, ?, 2)", status, settles)
        run = audit.sql('SELECT max(id) FROM run')[0][0]
        for outcome in 'written', 'failed', 'pending', 'dry-run':
            audit.add(source='mbox', outcome=outcome, run=run)


def merged(site, audits):
    """One audit with the rows of all, whose ids are a million apart, since none may be another's."""
    one = Audit(site.folder, 'merged')
    db = one.open()
    for n, audit in enumerate(audits):
        db.execute('ATTACH ? AS other', (audit.path,))
        offset = n * 1000000
        columns = [row[1].decode() for row in db.execute('PRAGMA table_info(message)')]
        values = ', '.join({'id': f'id + {offset}', 'run': f'run + {offset}'}.get(name, name) for name in columns)
        db.execute(f'INSERT INTO message SELECT {values} FROM other.message')
        db.execute(f'INSERT INTO recipient SELECT message + {offset}, address FROM other.recipient')
        db.execute(f'INSERT INTO edit SELECT id + {offset}, message + {offset}, field, nth, action, before, after, '
                   'display_names, addresses, position FROM other.edit')
        db.execute(f'INSERT INTO run SELECT id + {offset}, started_at, finished_at, command, input, version, messages, '
                   'stripped, status, settles FROM other.run')
        db.execute('DETACH other')
    db.close()
    return one


def of_view(view, rows):
    """Comparable: order says nothing, nor does that of the names of one sender."""
    for row in rows:
        for name in 'host', 'audit':
            row.pop(name, None)
        if view == 'forged_senders':
            row['display_names'] = sorted((row['display_names'] or '').split('; '))
        if 'day' in row:
            row['day'] = str(row['day'])
    return sorted(rows, key=repr)


@test
def views(site):
    """three hosts with overlapping ids: each view as in one audit with all rows"""
    audits = [Audit(site.folder, name, f'{name}.example.org') for name in ('mx1', 'mx2', 'mx3')]
    for n, audit in enumerate(audits):
        fill(audit, 'xyz'[n])
    audits[2].add(20000, edits=0, queue_id=lambda n: f'many{n % 10000}', from_address=lambda n: f'x{n % 300}@x.example')
    site.loads(*audits)
    for audit in audits:
        same(f'the rows of {audit.host}', site, audit)
    point('no row more', [site.number_of(f'SELECT count(*) FROM {table}') for table in ('message', 'edit', 'recipient', 'run')],
          [sum(audit.sql(f'SELECT count(*) FROM {table}')[0][0] for audit in audits)
           for table in ('message', 'edit', 'recipient', 'run')])
    one = merged(site, audits)
    db = one.open()
    db.row_factory = lambda cursor, row: {column[0]: value for column, value in zip(cursor.description, row)}
    for view in 'history', 'forged_senders', 'daily', 'by_client', 'names', 'incidents':
        wanted = normal(db.execute(f'SELECT * FROM {view}'))
        found = normal(site.rows(f'SELECT * FROM {view}'))
        for row in wanted:
            if view in ('history', 'incidents'):
                row['id'] %= 1000000
        for row in wanted + found:
            if view == 'forged_senders':
                row['display_names'] = row['display_names'] and str(row['display_names'])
        point(f'{view} has the columns of the audit', [name for name in found[0] if name not in ('host', 'audit')],
              list(wanted[0]))
        point(f'{view} is the same', of_view(view, found), of_view(view, wanted))
    point('a day is found without the others', site.sql("SELECT messages FROM daily WHERE day = '2026-10-31'"), '1')
    db.close()


@test
def months(site):
    """a month begins, in UTC"""
    audit = Audit(site.folder)
    for at in '2026-10-31T23:59:59.999Z', '2026-11-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z':
        audit.add(at=at)
    site.loads(audit)
    point('each row is in its own', site.sql("SELECT string_agg(tableoid::regclass::text, ' ' ORDER BY id) FROM message"),
          'message_2026_10 message_2026_11 message_2026_12 message_2027_01')
    point('its edits and recipients too', (site.months('edit'), site.months('recipient')),
          ([f'edit_{m}' for m in ('2026_10', '2026_11', '2026_12', '2027_01')],
           [f'recipient_{m}' for m in ('2026_10', '2026_11', '2026_12', '2027_01')]))
    audit.add(at='2027-01-31T10:00:00.000Z')
    site.loads(audit)
    same('a month that is there takes more', site, audit)


@test
def settled(site):
    """rows are settled between loads"""
    audit = Audit(site.folder)
    audit.add(3)
    pending = audit.add(at=now(), outcome='pending')
    audit.add(3, at=now())
    site.loads(audit)
    same('a load ends before the first that may change', site, audit, f'id < {pending}')
    site.loads(audit)
    same('and so does the next', site, audit, f'id < {pending}')
    audit.sql("UPDATE message SET outcome = 'sent', size = 77 WHERE id = ?", pending)
    audit.add(2)
    site.loads(audit)
    same('then it comes, as it ended', site, audit)
    audit.sql("INSERT INTO run (started_at, command, version, status) VALUES (?, 'mbox', '1', 'running')", now())
    audit.add(2, run=1, source='mbox', outcome='written')
    site.loads(audit)
    point('rows of a run that runs are pending', site.sql('SELECT DISTINCT outcome FROM history h WHERE id > '
                                                          f'{pending + 5}'), 'pending')
    audit.sql("UPDATE run SET status = 'failed', finished_at = ?, messages = 2, stripped = 2", now())
    site.loads(audit)
    same('the run comes again, as it ended', site, audit)
    point('and its rows with it', site.sql(f'SELECT DISTINCT outcome FROM history h WHERE id > {pending + 5}'), 'failed')


@test
def empty(site):
    """audits with nothing in them, or next to it"""
    audit = Audit(site.folder)
    point('nothing at all', site.load(audit), (0, 'barefrom-to-postgresql: the audit has no rows to load yet\n', ''))
    audit.add(outcome='pending', at=now())
    point('one row that may still change', site.load(audit)[::2], (0, ''))
    audit.sql('DELETE FROM message')
    audit.sql("INSERT INTO run (started_at, command, version, status) VALUES (?, 'mbox', '1', 'running')", now())
    point('a run without messages', site.load(audit)[::2], (0, ''))
    same('is there', site, audit)
    audit.add()
    site.loads(audit)
    same('the first message follows', site, audit)


main()
