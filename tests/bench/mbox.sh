# SPDX-License-Identifier: GPL-3.0-or-later
# sh tests/bench/mbox.sh [ROUNDS [PROGRAM]]: how fast `barefrom mbox` is beside its peers, and how
# much memory it takes. Each of 5 rounds runs every command once, in turn, on mailboxes of 80 MB and
# 1.6 GB; ratios are medians of those within a round, since other load moves times. The mailboxes
# stay in build-tests/bench (with TMPDIR set: $TMPDIR/barefrom-bench), which takes 3.5 GB meanwhile.
# Installs nothing: a peer that is missing is named and left out.
rounds=${1:-5}
SRCDIR=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
program=${2:-$SRCDIR/build-tests/plain/barefrom}
folder=${TMPDIR:+$TMPDIR/barefrom-bench}
folder=${folder:-$SRCDIR/build-tests/bench}
make=$SRCDIR/tests/bench/mbox-make.py
command -v "$program" >/dev/null || { echo "There is no program $program: name one, or let sh tests/run.sh build this one." >&2; exit 1; }
mkdir -p "$folder" || exit 1

# state FILE: the generator and the size, which tell whether a mailbox can be used again.
state() { echo "$(cksum <"$make") $(wc -c 2>/dev/null <"$1")"; }
mailbox() {
	file=$folder/$1.mbox
	[ "$(state "$file")" = "$(cat "$file.state" 2>/dev/null)" ] && return
	rm -f "$file.state"
	python3 "$make" "$file" "$1" && state "$file" >"$file.state"
}
mailbox 5000 && mailbox 100000 || exit 1

peers=''
# peer NAME PACKAGE COMMAND...: measured if the command succeeds.
peer() {
	name=$1 package=$2
	shift 2
	if "$@" >/dev/null 2>&1; then
		peers="$peers $name"
	else
		echo "Without $name: Debian's package $package is missing."
	fi
}
peer formail procmail command -v formail
peer perl 'libmail-mbox-messageparser-perl or libemail-simple-perl' \
	perl -MMail::Mbox::MessageParser -MEmail::Simple -e 1

python3 - "$rounds" "$program" "$folder" "$peers" <<'END'
import contextlib
import ctypes
import os
import shlex
import sqlite3
import statistics
import subprocess
import sys
import time

rounds, program, folder, peers = int(sys.argv[1]), *sys.argv[2:]
database, output, errors = (f'{folder}/{name}' for name in ('audit.db', 'output', 'errors'))
PR_SET_CHILD_SUBREAPER = 36

PYTHON = r'''
import mailbox, sys
from email.generator import BytesGenerator
from email.utils import getaddresses
write = BytesGenerator(sys.stdout.buffer, mangle_from_=False, maxheaderlen=0)
for message in mailbox.mbox(sys.argv[1], create=False):
    message.replace_header('From', ', '.join(a for _, a in getaddresses(message.get_all('From'))))
    sys.stdout.buffer.write(b'From %b\n' % message.get_from().encode())
    write.flatten(message)
    sys.stdout.buffer.write(b'\n')
'''
PERL = r'''
open(my $in, '<', $ARGV[0]) or die;
my $box = Mail::Mbox::MessageParser->new({file_name => $ARGV[0], file_handle => $in,
    enable_cache => 0, enable_grep => 0});
ref $box or die $box;
until ($box->end_of_file) {
    my ($line, $text) = split /(?<=\n)/, ${$box->read_next_email}, 2;
    my $mail = Email::Simple->new($text);
    $mail->header_set('From', 'x@y.example');
    print $line, $mail->as_string;
}
'''


def clear():
    """What the command before left: its pages would be written to the disk while the next runs."""
    for path in (output, errors, database, f'{database}-wal', f'{database}-shm'):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def run(command):
    """Seconds, and KiB at the peak; an audit is there before. Linux counts into ru_maxrss what a
    process was before exec, and that would be Python: so a small shell starts the command, and
    leaves it to us when it ends."""
    clear()
    if command.startswith(shlex.quote(program)):
        subprocess.run((program, '-c', '/dev/null', 'audit', 'init', '-o', f'database={database}'),
                       check=True, stdout=subprocess.DEVNULL)
    argv = ['sh', '-c', f'{{ {command} ; }} >/dev/null 2>{shlex.quote(errors)} & echo $!']
    start = time.monotonic()
    _, status, usage = os.wait4(int(subprocess.check_output(argv)), 0)
    seconds = time.monotonic() - start
    if status:
        with open(errors, encoding='utf-8', errors='replace') as text:
            words = text.read()
        clear()
        sys.exit(f'{command}\nended with {os.waitstatus_to_exitcode(status)}: {words}')
    return seconds, usage.ru_maxrss


def commands(path, small):
    """What is measured, by name; output goes to /dev/null unless said."""
    file, out = shlex.quote(path), shlex.quote(output)
    barefrom = shlex.join((program, '-c', '/dev/null', 'mbox', '-o', 'trusted-by=mx.example.org',
                           '-o', f'database={database}', path))
    yield 'cat | cat', f'cat {file} | cat'
    yield 'dd bs=1M to a file', f'dd bs=1M if={file} of={out}'
    if 'formail' in peers:
        yield 'formail -s', f"formail -I 'From: x@y.example' -s <{file}"
    if small:
        yield 'Python mailbox', shlex.join((sys.executable, '-c', PYTHON, path))
    if small and 'perl' in peers:
        perl = ('perl', '-MMail::Mbox::MessageParser', '-MEmail::Simple', '-e', PERL, path)
        yield 'Perl Email::Simple', shlex.join(perl)
    if small:
        yield 'barefrom to a file', f'{barefrom} >{out}'
    yield 'barefrom', barefrom


def measure(messages, small):
    """Prints the table of one mailbox; returns a function for ratios and barefrom's KiB."""
    path = f'{folder}/{messages}.mbox'
    megabytes = os.path.getsize(path) / 1e6
    todo = dict(commands(path, small))
    seconds, memory = {name: [] for name in todo}, dict.fromkeys(todo, 0)
    run(f'cat {shlex.quote(path)}')  # into the page cache
    for _ in range(rounds):
        for name, command in todo.items():
            taken, kibibytes = run(command)
            seconds[name].append(taken)
            memory[name] = max(memory[name], kibibytes)

    def speed(name, base):
        """How many times as fast as the base, or None where that is missing."""
        if base not in seconds:
            return None
        return statistics.median(b / a for a, b in zip(seconds[name], seconds[base]))

    print(f'\n{messages} messages, {megabytes:.1f} MB, {rounds} rounds, {folder}\n'
          f'{"command":20} {"median s":>9} {"messages/s":>11} {"MB/s":>7} {"x formail -s":>13} '
          f'{"% of cat|cat":>13} {"KiB":>8}')
    for name in todo:
        median = statistics.median(seconds[name])
        formail = speed(name, 'formail -s')
        print(f'{name:20} {median:9.3f} {messages / median:11.0f} {megabytes / median:7.0f} '
              f'{"-" if formail is None else format(formail, ".2f"):>13} '
              f'{100 * speed(name, "cat | cat"):13.1f} {memory[name]:8}')
    if os.path.exists(database):
        with contextlib.closing(sqlite3.connect(database)) as audit:
            print('audit:', ', '.join(f'{count} {action}' for action, count in audit.execute(
                'SELECT action, count(*) FROM message GROUP BY action')))
    else:
        print('audit: none was written')
    clear()
    return speed, memory['barefrom']


def target(name, value, limit, at_least=True):
    """Prints whether it was reached."""
    reached = value is not None and (value >= limit if at_least else value <= limit)
    print(f'{name:46} {"-" if value is None else format(value, ".2f"):>7}  '
          f'{"at least" if at_least else "at most"} {limit:5}  '
          f'{"not measured" if value is None else "reached" if reached else "MISSED"}')


ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
little, little_memory = measure(5000, True)
large, large_memory = measure(100000, False)
print('\ntargets, with the audit on')
target('80 MB: times as fast as formail -s', little('barefrom', 'formail -s'), 7)
target('80 MB: part of the speed of cat | cat', little('barefrom', 'cat | cat'), 0.45)
target('1.6 GB: times as fast as formail -s', large('barefrom', 'formail -s'), 9)
target('1.6 GB: part of the speed of cat | cat', large('barefrom', 'cat | cat'), 0.75)
target('80 MB: to a file, part of the speed of dd',
       little('barefrom to a file', 'dd bs=1M to a file'), 0.35)
target('memory at 1.6 GB by that at 80 MB', large_memory / little_memory, 1.1, False)
target('memory, MiB', max(little_memory, large_memory) / 1024, 16, False)
END
