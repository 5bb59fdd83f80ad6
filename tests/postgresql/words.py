# SPDX-License-Identifier: GPL-3.0-or-later
"""words.py [TEST...]: what the loader may do, and its exit statuses and words where something is missing."""
import os
import shutil
import subprocess

from lab import BAREFROM, LOADER, PATIENCE, SRCDIR, Audit, Site, main, now, point, same, test


def says(site, name, status, words, *options, audit, **environment):
    """A load that fails so: nothing on standard output, a last line that begins with the program's name."""
    found, out, err = site.load(audit, *options, **environment)
    last = err.rstrip('\n').split('\n')[-1]
    good = point(f'{name}: {status}, {words}', (found, out, last.startswith('barefrom-to-postgresql: '), words in err),
                 (status, '', True, True))
    if not good:
        print(f'# {err}')


@test
def roles(site):
    """a loader adds rows and reads none"""
    audit = Audit(site.folder)
    audit.add(3)
    site.loads(audit)
    same('a member of barefrom_loader may load', site, audit)
    for query in ('SELECT * FROM message', 'SELECT * FROM edit', 'SELECT * FROM recipient', 'SELECT * FROM history',
                  'SELECT * FROM incidents', 'UPDATE message SET outcome = NULL', 'DELETE FROM message', 'DELETE FROM loaded',
                  'TRUNCATE message', 'DROP TABLE message_2026_11', 'SELECT * FROM message_2026_11',
                  'INSERT INTO message_2026_11 SELECT', 'CREATE TABLE public.mine ()', 'CALL keep_months(0)'):
        error = site.error(query, 'loader')
        point(f'it may not: {query}', 'permission denied' in error or 'must be owner' in error)
    site.sql('CREATE ROLE reader LOGIN IN ROLE barefrom_reader', ignore='already exists')
    for view in 'message', 'edit', 'recipient', 'run', 'loaded', 'history', 'incidents', 'names', 'daily', 'by_client', 'forged_senders':
        site.sql(f'SELECT * FROM {view}', 'reader')
    point('a member of barefrom_reader reads all', True)
    point('and may add nothing', 'permission denied' in site.error('INSERT INTO message SELECT', 'reader'))


@test
def schema(site):
    """schema.sql again, and where it can't be"""
    audit = Audit(site.folder)
    audit.add(3)
    site.loads(audit)
    done = site.schema()
    point('again it says nothing', (done.returncode, done.stdout), (0, ''))
    same('and changes nothing', site, audit)
    old = Site(site.server, schema=False)
    env = {**site.env('postgres'), 'PGDATABASE': 'latin'}
    subprocess.run(['createdb', '-T', 'template0', '-E', 'LATIN1', 'latin'], env=env, check=True)
    done = subprocess.run(['psql', '-X', '-q', '-f', os.path.join(SRCDIR, 'data/postgresql/schema.sql')], env=env, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    point('a database of another encoding is refused', (done.returncode, 'createdb -T template0 -E UTF8' in done.stdout), (3, True))
    says(old, 'no schema', 78, 'run psql -f schema.sql', audit=audit, PGUSER='postgres')
    site.sql('ALTER TABLE message DROP COLUMN person CASCADE')
    audit.add()
    says(site, 'a column that is missing', 78, 'run psql -f schema.sql', audit=audit)


@test
def missing(site):
    """what may be missing besides"""
    audit = Audit(site.folder)
    audit.add(3)
    site.sql('CREATE ROLE stranger LOGIN', ignore='already exists')
    says(site, 'no server', 75, 'cannot be reached', audit=audit, PGHOST=site.folder)
    says(site, 'no such role', 77, 'refused the login', audit=audit, PGUSER='nobody-such')
    says(site, 'no such database', 78, 'this database does not exist', audit=audit, PGDATABASE='nowhere')
    says(site, 'a role without rights', 77, 'make it a member of barefrom_loader', audit=audit, PGUSER='stranger')
    says(site, 'the server stops', 75, 'broke off', audit=audit, PGOPTIONS='-c statement_timeout=1 -c default_transaction_isolation=serializable')
    says(site, 'no barefrom', 69, '/nowhere/barefrom is not installed', audit=audit, BAREFROM='/nowhere/barefrom')
    tools = os.path.join(site.folder, 'tools')
    os.mkdir(tools)
    for tool in 'sh', 'sed', 'head', 'grep':
        os.symlink(shutil.which(tool), os.path.join(tools, tool))
    says(site, 'no psql', 69, 'postgresql-client', audit=audit, PATH=tools)
    point('nothing was loaded', site.number_of('SELECT count(*) FROM message'), 0)


@test
def page(site):
    """the steps of README.md, as typed"""
    with open(os.path.join(SRCDIR, 'data/postgresql/README.md'), encoding='utf-8') as text:
        lines = [line.strip() for line in text]
    typed = [line for line in lines if line.startswith('sudo -u postgres ')]
    env = {**site.env('postgres'), 'PGDATABASE': 'postgres'}
    for line in typed:
        line = line.replace('sudo -u postgres ', '', 1).replace('/usr/share/barefrom', SRCDIR + '/data')
        done = subprocess.run(['sh', '-c', line], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True,
                              cwd=site.folder)
        point(line, (done.returncode, 'ERROR' in done.stdout), (0, False))
    point('there are five', len(typed), 5)
    audit = Audit(site.folder)
    audit.add(3, at=now())
    status, out, _ = site.load(audit, PGDATABASE='barefrom', PGUSER='mx1')
    point('the role may load', (status, out.startswith('barefrom-to-postgresql: messages: 3, up to id 3 of audit ')), (0, True))
    site.database = 'barefrom'
    same('the rows are there', site, audit)
    asked = [line for line in lines if line.startswith('SELECT ') and line.endswith(';')]
    for query in asked:
        point(query, site.error(query, 'jane')[:9], 'no error:')
    point('there are four', len(asked), 4)


@test
def audits(site):
    """what may be wrong with the audit"""
    audit = Audit(site.folder)
    audit.add(3)
    audit.path += '.none'
    point('none', site.load(audit), (66, '', f'barefrom: audit database {audit.path}: it does not exist yet: '
                                      'barefrom audit init, or the next message, creates it\n'))
    with open(audit.path, 'w', encoding='ascii') as out:
        out.write('x' * 5000)
    status, _, err = site.load(audit)
    point('a file that is none', (status, err.startswith('barefrom: ')), (74, True))
    os.unlink(audit.path)
    with open(os.path.join(SRCDIR, 'tests/data/audit-v2.sql'), encoding='utf-8') as dump:
        subprocess.run(['sqlite3', audit.path], stdin=dump, check=True, stdout=subprocess.DEVNULL)
    says(site, 'one of version 2', 65, 'run barefrom audit init', audit=audit)


@test
def options(site):
    """its options"""
    audit = Audit(site.folder, "it's \"$HOME\" `x`\n\\")
    audit.add(3)
    site.loads(audit)
    same('an odd path is a path', site, audit)
    for words in (['-x'], ['--all'], ['--since-id=0'], ['word'], ['-o'], ['-c'], ['--'], ['-o', 'a=b', '--', 'word']):
        if words != ['--']:
            says(site, ' '.join(words), 64, 'usage: barefrom-to-postgresql [-c FILE] [-o KEY=VALUE]...', *words, audit=audit)
    point('-o that barefrom does not know', site.load(audit, '-o', 'nonsense=1')[0], 78)
    done = subprocess.run(['sh', LOADER, '-h'], env=site.env(), stdout=subprocess.PIPE, check=False, timeout=PATIENCE)
    point('-h', (done.returncode, done.stdout), (0, b'usage: barefrom-to-postgresql [-c FILE] [-o KEY=VALUE]...\n'))
    conf = os.path.join(site.folder, 'barefrom.conf')
    with open(conf, 'w', encoding='utf-8') as out:
        out.write(f'[audit]\ndatabase={site.folder}/c.db\n')
    by_file = Audit(site.folder, 'c')
    by_file.add(2)
    done = subprocess.run([LOADER, '-c', conf], env=site.env(BAREFROM=BAREFROM), stdout=subprocess.PIPE, check=False, text=True,
                          stdin=subprocess.DEVNULL, timeout=PATIENCE)
    point('-c FILE', (done.returncode, done.stdout),
          (0, f'barefrom-to-postgresql: messages: 2, up to id 2 of audit {by_file.uuid}\n'))


main()
