# SPDX-License-Identifier: GPL-3.0-or-later
"""undo.py PROGRAM [MESSAGES [ROUNDS]]: what `barefrom mbox --undo` costs beside `barefrom mbox`, of
the mailbox of mbox-make.py: as it was made bare, and where no row fits anything; and of as many
messages that differed only in their name, which stay bare. Medians of ratios of processor time within
a round. Shows that the mailbox comes back byte for byte.
"""
import filecmp
import os
import statistics
import subprocess
import sys
import tempfile

program, messages, rounds = sys.argv[1], *(sys.argv[2:] + ['20000', '5'][len(sys.argv) - 2:])
maker = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'mbox-make.py')


def run(folder, audit, words, target, source):
    """Seconds of the processor, and KiB at the peak."""
    command = (program, '-c', '/dev/null', 'mbox', *words, '-o', f'database={folder}/{audit}',
               f'--output={folder}/{target}', f'{folder}/{source}')
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f'{command} ended with {process.returncode}')
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


with tempfile.TemporaryDirectory() as where:
    subprocess.run((sys.executable, maker, f'{where}/old', messages), check=True,
                   stdout=subprocess.DEVNULL)
    with open(f'{where}/names', 'w', encoding='ascii') as file:
        for i in range(int(messages)):
            file.write(f'From a@b Tue Nov 24 10:00:00 2026\nFrom: N{i} <a@b.example>\n\nhi\n\n')
    back, unknown, alike = [], [], []
    for _ in range(int(rounds)):
        for name in 'audit', 'none', 'alike':
            for end in '', '-wal', '-shm':
                if os.path.exists(f'{where}/{name}{end}'):
                    os.unlink(f'{where}/{name}{end}')
        subprocess.run((program, 'audit', 'init', '-o', f'database={where}/none'), check=True,
                       stdout=subprocess.DEVNULL)
        base, _ = run(where, 'audit', ('-o', 'trusted-by=mx.example.org'), 'bare', 'old')
        seconds, peak = run(where, 'audit', ('--undo',), 'back', 'bare')
        if not filecmp.cmp(f'{where}/old', f'{where}/back', shallow=False):
            sys.exit('the mailbox did not come back')
        back.append(seconds / base)
        unknown.append(run(where, 'none', ('--undo',), 'back', 'bare')[0] / base)
        base, _ = run(where, 'alike', (), 'bare', 'names')
        alike.append(run(where, 'alike', ('--undo',), 'back', 'bare')[0] / base)
        if not filecmp.cmp(f'{where}/bare', f'{where}/back', shallow=False):
            sys.exit('a message of many that are alike was changed')
    print(f'{messages} messages: put back in {statistics.median(back):.2f} of the time that it took to '
          f'make them bare, {peak / 1024:.1f} MiB; where no row fits, {statistics.median(unknown):.2f}; '
          f'where all rows fit, {statistics.median(alike):.2f}')
