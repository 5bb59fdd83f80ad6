# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/bench/start.sh [ROUNDS [PROGRAM...]]: what a message costs in a process of its own. Each of
# 21 rounds runs every command once, in turn: an empty C program; one that is linked with GMime and
# SQLite and does nothing; `barefrom filter` with its durable audit row (of each PROGRAM, so that two
# builds can be compared; targets are of the first); the first with scope=domains and with a directory
# of 3,000 and 100,000 people, where each makes the same change for another reason; and its peers.
# Ratios are medians of those within a round, since other load moves times. Needs cc, and names a peer
# that is missing.
rounds=${1:-21}
[ $# = 0 ] || shift
SRCDIR=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
[ $# -gt 0 ] || set -- "$SRCDIR/build-tests/plain/barefrom"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/barefrom-start.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
for program; do
	command -v "$program" >/dev/null || { echo "There is no program $program." >&2; exit 1; }
done
echo 'int main(void) { return 0; }' >"$tmp/empty.c"
cc -O2 -o "$tmp/empty" "$tmp/empty.c" || exit 1
# shellcheck disable=SC2046
cc -O2 -o "$tmp/linked" "$tmp/empty.c" -Wl,--no-as-needed $(pkg-config --libs gmime-3.0 sqlite3) || exit 1
command -v formail >/dev/null || echo "Without formail: Debian's package procmail is missing."
perl -MEmail::Simple -e 1 2>/dev/null ||
	echo "Without Perl: Debian's package libemail-simple-perl is missing."

python3 - "$rounds" "$tmp" "$SRCDIR/data/samples/forged.eml" "$@" <<'END'
import os
import random
import shutil
import statistics
import subprocess
import sys
import time

rounds, tmp, sample, *programs = int(sys.argv[1]), *sys.argv[2:]
SIZES = (4 << 10, '4 KiB'), (64 << 10, '64 KiB'), (1 << 20, '1 MiB'), (25 << 20, '25 MiB')
PYTHON = r'''
import sys
from email.generator import BytesGenerator
from email.parser import BytesParser
from email.utils import getaddresses
message = BytesParser().parse(sys.stdin.buffer)
message.replace_header('From', ', '.join(a for _, a in getaddresses(message.get_all('From'))))
BytesGenerator(sys.stdout.buffer, mangle_from_=False, maxheaderlen=0).flatten(message)
'''
PERL = r'''
local $/;
my $mail = Email::Simple->new(scalar <STDIN>);
my ($address) = $mail->header('From') =~ /<([^<>]*)>/;
$mail->header_set('From', $address);
print $mail->as_string;
'''
DERIVED = 'formail -f -I "From: $(formail -f -rtzxTo: <"$0")" <"$0"'
SYLLABLES = 'an be ri to lu mar sen kov dor el ja ne mi cha ber gar'.split()
PEOPLE = {f'directory, {people:,}': people for people in (3000, 100000)}
# As Postfix starts its filters.
ENVIRONMENT = {'PATH': os.environ['PATH'], 'LANG': 'C', 'LC_ALL': 'C'}


def message(octets):
    """The sample, with a body that makes it so long."""
    path = f'{tmp}/{octets}.eml'
    with open(sample, 'rb') as file:
        head = file.read().split(b'\n\n', 1)[0] + b'\n\n'
    line = b'All work and no play makes a dull benchmark, and so on until the line is full.\n'
    body = (line * (octets // len(line) + 1))[:octets - len(head) - 1] + b'\n'
    with open(path, 'wb') as file:
        file.write(head + body)
    return path


def directory(people):
    """A compiled list of so many people, among them her whom the sample names."""
    rand = random.Random(1)
    words = [''.join(rand.choices(SYLLABLES, k=3)) for _ in range(1000)]
    path = f'{tmp}/{people}'
    with open(path, 'w', encoding='utf-8') as file:
        print('Jane Doe; jane.doe@example.net', file=file)
        for n in range(people - 1):
            print(f'{rand.choice(words)} {rand.choice(words)}; u{n}@example.net', file=file)
    subprocess.run((programs[0], '-c', '/dev/null', 'directory', 'build', '-o', f'directory={path}'),
                   check=True, stdout=subprocess.DEVNULL)
    return path


def scopes():
    """Settings that make the sample bare, as scope=everyone does."""
    yield 'scope=domains', ('-o', 'scope=domains', '-o', 'domains=corp.example')
    for name, people in PEOPLE.items():
        yield name, ('-o', 'scope=domains directory', '-o', 'domains=example.net',
                     '-o', f'directory={directory(people)}')


def commands(path):
    yield 'empty', (f'{tmp}/empty',)
    yield 'linked, empty', (f'{tmp}/linked',)
    yield 'cat', ('cat',)
    for n, program in enumerate(programs):
        yield f'barefrom {n + 1}', (program, '-c', '/dev/null', 'filter', '-o', 'trusted-by=mx.example.org',
                                    '-o', f'database={tmp}/audit-{n}.db')
    for name, settings in scopes() if path.endswith(f'/{SIZES[0][0]}.eml') else ():
        yield name, (programs[0], '-c', '/dev/null', 'filter', '-o', 'trusted-by=mx.example.org',
                     '-o', f'database={tmp}/audit-{name}.db', *settings)
    if shutil.which('formail'):
        yield 'formail, constant', ('formail', '-f', '-I', 'From: x@y.example')
        yield 'formail, derived', ('sh', '-c', DERIVED, path)
    if subprocess.run(('perl', '-MEmail::Simple', '-e', '1'), stderr=subprocess.DEVNULL).returncode == 0:
        yield 'Perl Email::Simple', ('perl', '-MEmail::Simple', '-e', PERL)
    yield 'Python email', (sys.executable, '-c', PYTHON)


def run(command, path):
    """Seconds of that process alone; input and output through pipes, as pipe(8) has them."""
    feeder = subprocess.Popen(('cat', path), stdout=subprocess.PIPE)
    sink = subprocess.Popen(('cat',), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    time.sleep(0.01)  # until both have started
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=feeder.stdout, stdout=sink.stdin, env=ENVIRONMENT)
    status = process.wait()
    seconds = time.perf_counter() - start
    feeder.stdout.close()
    sink.stdin.close()
    sink.wait()
    feeder.wait()
    if status:
        sys.exit(f'{command}: exit status {status}')
    return seconds


def measure(octets, name):
    path = message(octets)
    todo = dict(commands(path))
    seconds = {key: [] for key in todo}
    for key, command in todo.items():  # into the caches
        run(command, path)
    for _ in range(rounds):
        for key, command in todo.items():
            seconds[key].append(run(command, path))
    ratio = lambda key, base: (statistics.median(a / b for a, b in zip(seconds[key], seconds[base]))
                               if key in seconds and base in seconds else None)
    print(f'\n{name}, {rounds} rounds\n{"command":20} {"median ms":>10} {"x linked":>9} {"x formail":>10}')
    for key in todo:
        cells = (ratio(key, 'linked, empty'), ratio(key, 'formail, constant'))
        print(f'{key:20} {1000 * statistics.median(seconds[key]):10.2f} '
              + ' '.join(f'{"-" if cell is None else format(cell, ".2f"):>{width}}'
                         for cell, width in zip(cells, (9, 10))))
    os.unlink(path)
    return ratio


def target(name, value, limit):
    print(f'{name:40} {"-" if value is None else format(value, ".2f"):>6}  at most {limit:4}  '
          f'{"not measured" if value is None else "reached" if value <= limit else "MISSED"}')


ratios = {name: measure(octets, name) for octets, name in SIZES}
print('\ntargets')
small = ratios['4 KiB']
target('4 KiB: x GMime and SQLite linked, empty', small('barefrom 1', 'linked, empty'), 1.35)
for name, limit in ('4 KiB', 6.0), ('64 KiB', 4.5), ('1 MiB', 1.2), ('25 MiB', 0.12):
    target(f'{name}: x formail with a constant', ratios[name]('barefrom 1', 'formail, constant'), limit)
target('4 KiB: x formail deriving the address', small('barefrom 1', 'formail, derived'), 1.1)
target('4 KiB: x Perl Email::Simple', small('barefrom 1', 'Perl Email::Simple'), 0.9)
target('4 KiB: x Python email', small('barefrom 1', 'Python email'), 0.33)
target('4 KiB: scope=domains x everyone', small('scope=domains', 'barefrom 1'), 1.05)
for (name, _), limit in zip(PEOPLE.items(), (1.15, 1.25)):
    target(f'4 KiB: {name} people x everyone', small(name, 'barefrom 1'), limit)
END
