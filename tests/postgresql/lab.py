# SPDX-License-Identifier: GPL-3.0-or-later
"""lab.py: what the scripts beside it share: a PostgreSQL of their own, reached by a Unix socket alone, in
a scratch folder and by a user who may nothing; audits; the loader as shipped; and points of TAP.

The binaries are those of Debian, installed or unpacked by tests/packages.sh below MTA_ROOTS. BAREFROM is
the program, SRCDIR the checkout.
"""
import datetime
import glob
import json
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import tap  # pylint: disable=wrong-import-position
# pylint: disable-next=wrong-import-position,unused-import
from tap import PATIENCE, point, test, wait_until

BAREFROM = os.path.abspath(os.environ['BAREFROM'])
SRCDIR = os.environ['SRCDIR']
LOADER = os.path.join(SRCDIR, 'data/postgresql/barefrom-to-postgresql')
SCHEMA = os.path.join(SRCDIR, 'data/postgresql/schema.sql')

# The server's own ideas of time, which none of ours may depend on. The zone needs no tzdata.
SETTINGS = """listen_addresses = ''
fsync = off
max_wal_size = 2GB
timezone = '<+13>-13'
datestyle = 'SQL, DMY'
default_transaction_isolation = 'repeatable read'
log_min_messages = panic
"""


class Server:
    """A cluster that ends with the test."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='barefrom-pg.')
        self.nobody = pwd.getpwnam('nobody') if os.geteuid() == 0 else None
        os.chmod(self.folder, 0o755)
        self.bin = self.find_bin()
        self.run_folder = os.path.join(self.folder, 's')
        os.mkdir(self.run_folder)
        if self.nobody:
            os.chown(self.run_folder, self.nobody.pw_uid, self.nobody.pw_gid)
        self.data = os.path.join(self.run_folder, 'data')
        self.do('initdb', '-D', self.data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N')
        with open(os.path.join(self.data, 'postgresql.conf'), 'a', encoding='utf-8') as conf:
            conf.write(SETTINGS + f"unix_socket_directories = '{self.run_folder}'\n")
        self.do('pg_ctl', '-D', self.data, '-l', os.path.join(self.run_folder, 'log'), '-w', '-t', str(PATIENCE), 'start')

    def find_bin(self):
        """Where the binaries are. A checkout in root's home is out of reach for others, hence a copy."""
        for found in sorted(glob.glob('/usr/lib/postgresql/*/bin/initdb'), reverse=True):
            return os.path.dirname(found)
        root = os.path.join(os.environ.get('MTA_ROOTS', '/nowhere'), 'postgresql')
        if not glob.glob(root + '/usr/lib/postgresql/*/bin/initdb'):
            print('Bail out! There is no PostgreSQL. Run: sh tests/packages.sh postgresql FOLDER/postgresql, '
                  'and set MTA_ROOTS=FOLDER')
            sys.exit(99)
        shutil.copytree(root, self.folder + '/root', symlinks=True)
        return os.path.dirname(glob.glob(self.folder + '/root/usr/lib/postgresql/*/bin/initdb')[0])

    def do(self, program, *arguments):
        """A program of the server, by its user."""
        who = {'user': self.nobody.pw_uid, 'group': self.nobody.pw_gid, 'extra_groups': []} if self.nobody else {}
        done = subprocess.run([os.path.join(self.bin, program), *arguments], cwd='/', stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                              env={'PATH': os.environ['PATH'], 'LC_ALL': 'C'}, **who)
        if done.returncode:
            raise RuntimeError(f'{program}: {done.stdout.decode()}')

    def close(self):
        try:
            self.do('pg_ctl', '-D', self.data, '-m', 'immediate', 'stop')
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


class Site:
    """A database, made by schema.sql, and the audits of its hosts."""
    number = 0

    def __init__(self, server, schema=True):
        Site.number += 1
        self.server = server
        self.database = f'site{Site.number}'
        self.folder = os.path.join(server.folder, self.database)
        os.mkdir(self.folder)
        subprocess.run([os.path.join(server.bin, 'createdb'), '-T', 'template0', '-E', 'UTF8', self.database],
                       env=self.env('postgres'), check=True)
        if schema:
            self.schema()
            self.sql('CREATE ROLE loader LOGIN IN ROLE barefrom_loader', ignore='already exists')

    def env(self, user='loader', **more):
        inherited = {k: v for k, v in os.environ.items() if not k.startswith('PG')}
        return {**inherited, 'PATH': self.server.bin + ':' + os.environ['PATH'], 'PGHOST': self.server.run_folder,
                'PGUSER': user, 'PGDATABASE': self.database, 'BAREFROM': BAREFROM, **more}

    def schema(self):
        """Runs schema.sql as README.md has it."""
        return subprocess.run(['psql', '-X', '-q', '-f', SCHEMA], env=self.env('postgres'), check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def sql(self, query, user='postgres', ignore=None):
        """What psql answers, without the last line end."""
        done = subprocess.run(['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-f', '-'], input=query,
                              env=self.env(user), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode and not (ignore and ignore in done.stderr):
            raise RuntimeError(done.stderr)
        return done.stdout.rstrip('\n')

    def error(self, query, user='postgres'):
        """What psql says where it must fail."""
        try:
            return 'no error: ' + self.sql(query, user)
        except RuntimeError as error:
            return str(error)

    def number_of(self, query):
        return int(self.sql(query))

    def rows(self, query):
        """Of a SELECT, as dicts. By COPY, since psql leaves out what it thinks that no terminal can show."""
        copy = f"COPY (SELECT row_to_json(q) FROM ({query}) AS q) TO STDOUT (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"
        return [json.loads(line) for line in self.sql(copy).split('\n') if line]

    def months(self, table='message'):
        return self.sql(f"SELECT string_agg(inhrelid::regclass::text, ' ' ORDER BY inhrelid::regclass::text) FROM pg_inherits "
                        f"WHERE inhparent = '{table}'::regclass").split()

    def begin_load(self, audit, *options, **environment):
        """The loader, begun, in a session of its own."""
        return subprocess.Popen(['sh', LOADER, '-c', '/dev/null', '-o', f'database={audit.path}', *options],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=self.env(**environment), start_new_session=True)

    def load(self, audit, *options, **environment):
        """(exit status, standard output, standard error)."""
        child = self.begin_load(audit, *options, **environment)
        out, err = child.communicate(timeout=PATIENCE)
        return child.returncode, out, err

    def loads(self, *audits):
        """A load of each that must be well."""
        for audit in audits:
            status, _, err = self.load(audit)
            if status or err:
                raise RuntimeError(f'{status}: {err}')


def barefrom(*arguments, **more):
    return subprocess.run([BAREFROM, *arguments], check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


def now(seconds=0):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return at.strftime('%Y-%m-%dT%H:%M:%S.') + f'{at.microsecond // 1000:03}Z'


class Audit:
    """An audit that barefrom made, into which rows are written as it would, or by a careless hand."""

    def __init__(self, folder, name='a', host=None):
        self.path = os.path.join(folder, name + '.db')
        done = barefrom('audit', 'init', '-c', '/dev/null', '-o', f'database={self.path}')
        if done.returncode:
            raise RuntimeError(done.stderr)
        if host:
            self.sql('UPDATE meta SET host = ?', host)
        self.host = host
        self.uuid = self.sql('SELECT uuid FROM meta')[0][0]

    def open(self):
        db = sqlite3.connect(self.path, isolation_level=None, timeout=PATIENCE)
        db.execute('PRAGMA synchronous = OFF')
        db.text_factory = bytes
        return db

    def sql(self, query, *values):
        """All rows of the answer; text as far as it is any."""
        db = self.open()
        db.text_factory = lambda octets: octets.decode(errors='replace')
        rows = db.execute(query, values).fetchall()
        db.close()
        return rows

    def last_id(self):
        return self.sql('SELECT max(id) FROM message')[0][0]

    def add(self, number=1, at='2026-11-24T10:00:00.120Z', edits=1, recipients=('anna@example.org',), **columns):
        """Adds messages; the id of the last one."""
        base = {'source': 'milter', 'verdict': 'anonymous', 'reason': 'no-login', 'in_scope': 1, 'action': 'stripped',
                'outcome': 'answered', 'from_name': 'Jane Doe, CEO', 'from_address': 'ceo@corp.example', 'at': at,
                'client_address': '192.0.2.7', 'host': self.host, **columns}
        db = self.open()
        db.execute('BEGIN IMMEDIATE')
        for n in range(number):
            row = {name: value(n) if callable(value) else value for name, value in base.items()}
            cursor = db.execute(f'INSERT INTO message ({", ".join(row)}) VALUES ({", ".join("?" * len(row))})',
                                tuple(row.values()))
            last = cursor.lastrowid
            if 'head_before_sha256' not in row:
                db.execute("UPDATE message SET queue_id = coalesce(queue_id, 'Q' || id), "
                           "head_before_sha256 = printf('%064d', id) WHERE id = ?", (last,))
            for nth in range(edits):
                db.execute('INSERT INTO edit (message, field, nth, action, before, after, display_names, addresses, '
                           'position) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?)',
                           (last, 'From', 'stripped', b'From: "Jane Doe, CEO" <ceo@corp.example>\n',
                            b'From: ceo@corp.example\n', '["Jane Doe, CEO"]', '["ceo@corp.example"]', nth * 41))
            db.executemany('INSERT OR IGNORE INTO recipient VALUES (?, ?)', [(last, r) for r in recipients])
        db.execute('COMMIT')
        db.close()
        return last


# What is in an audit, and what came of it.

TIMES = {'at', 'received_at', 'started_at', 'finished_at', 'first_seen', 'last_seen'}
LISTS = {'signatures', 'display_names', 'addresses'}
TRUTHS = {'in_scope', 'settles'}


def valid(octets):
    """Text as barefrom writes it: each bad octet, and a NUL, is U+FFFD."""
    text = ''
    while octets:
        try:
            return (text + octets.decode()).replace('\0', '\ufffd')
        except UnicodeDecodeError as error:
            text += octets[:error.start].decode() + '\ufffd'
            octets = octets[error.start + 1:]
    return text.replace('\0', '\ufffd')


def json_of(text):
    try:
        return without_nul(json.loads(text))
    except ValueError:
        return text


def without_nul(value):
    if isinstance(value, list):
        return [without_nul(one) for one in value]
    return value.replace('\0', '\ufffd') if isinstance(value, str) else value


def value_of(name, value):
    """A value of either database in one form."""
    if value is None:
        return None
    if name in TIMES:
        return datetime.datetime.fromisoformat(value.decode() if isinstance(value, bytes) else value)
    if name in TRUTHS:
        return bool(value)
    if name in ('before', 'after'):
        return bytes.fromhex(value[2:]) if isinstance(value, str) else bytes(value)
    if name in LISTS:
        return json_of(valid(value)) if isinstance(value, bytes) else value
    return valid(value) if isinstance(value, bytes) else value


def normal(rows):
    return [{name: value_of(name, value) for name, value in row.items()} for row in rows]


def in_audit(audit, where='true'):
    """Messages by id, with edits and recipients; and runs."""
    db = audit.open()
    db.row_factory = lambda cursor, row: {column[0]: value for column, value in zip(cursor.description, row)}
    host = db.execute('SELECT host FROM meta').fetchone()['host']
    messages = {}
    for row in db.execute(f'SELECT * FROM message WHERE {where}'):
        row['host'] = host if row['host'] is None else row['host']
        messages[row['id']] = {**normal([row])[0], 'audit': audit.uuid, 'edits': [], 'recipients': []}
    for row in db.execute('SELECT * FROM edit ORDER BY id'):
        if message := messages.get(row.pop('message')):
            row['id'] = len(message['edits']) + 1
            message['edits'] += normal([row])
    for row in db.execute('SELECT * FROM recipient'):
        if row['message'] in messages:
            messages[row['message']]['recipients'].append(valid(row['address']))
    runs = {row['id']: {**row, 'audit': audit.uuid, 'host': valid(host)} for row in normal(db.execute('SELECT * FROM run'))}
    for message in messages.values():
        message['recipients'].sort()
    db.close()
    return messages, runs


def in_site(site, audit):
    """The same of what was loaded. A row that is there twice is an error."""
    messages = {}
    for row in site.rows(f"SELECT * FROM message WHERE audit = '{audit.uuid}'"):
        if row['id'] in messages:
            raise RuntimeError(f'message {row["id"]} is there twice')
        messages[row['id']] = {**normal([row])[0], 'edits': [], 'recipients': []}
    for table, order in ('edit', 'id'), ('recipient', '4'):
        for row in site.rows(f"SELECT * FROM {table} WHERE audit = '{audit.uuid}' ORDER BY {order}"):
            message = messages[row.pop('message')]
            del row['audit']
            if value_of('at', row.pop('at')) != message['at']:
                raise RuntimeError(f'{table} has another time than its message')
            if table == 'edit':
                message['edits'] += normal([row])
            else:
                message['recipients'].append(row['address'])
    runs = {row['id']: row for row in normal(site.rows(f"SELECT * FROM run WHERE audit = '{audit.uuid}'"))}
    for message in messages.values():
        message['recipients'].sort()
    return messages, runs


def same(name, site, audit, where='true'):
    """A point: the rows of the audit are those that were loaded, each value of each."""
    wanted, found = in_audit(audit, where), in_site(site, audit)
    if not point(name, found == wanted):
        for what, one, two in ('messages', wanted[0], found[0]), ('runs', wanted[1], found[1]):
            if one != two:
                print(f'# {what}: {len(one)} in the audit, {len(two)} loaded')
                for key in sorted(set(one) | set(two)):
                    if one.get(key) != two.get(key):
                        a, b = one.get(key) or {}, two.get(key) or {}
                        for column in sorted(set(a) | set(b)):
                            if a.get(column) != b.get(column):
                                print(f'# {key}.{column}: {repr(a.get(column))[:300]} / {repr(b.get(column))[:300]}')
                        break


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(99))  # the server ends with us
    server = Server()
    try:
        tap.run(lambda function: function(Site(server)))
    finally:
        server.close()
