# SPDX-License-Identifier: GPL-3.0-or-later
"""compare.py PROGRAM MAILBOX [ROUNDS]: how fast `barefrom compare` is beside `barefrom mbox --dry-run`
over the same MAILBOX, such as one of tests/bench/mbox.sh, with the same -o. In each round both run
once, in turn; the ratios are medians of those within a round. A benchmark, no test.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

program, mailbox = sys.argv[1:3]
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
PEOPLE = 3000
# What the file says beside trusted-by, and what the -o say.
CASES = (('unknown=authenticated', '', ['unknown=authenticated']),
         ('everyone to domains', '', ['scope=domains', 'domains=corp.example']),
         ('a directory in both',
          'scope=domains directory\ndomains=corp.example\ndirectory=PEOPLE\n',
          ['except=shop.example']))


def run(argv):
    """Seconds."""
    start = time.monotonic()
    subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.monotonic() - start


def measure(name, policy, options, folder):
    """One line of the table."""
    path = f'{folder}/settings.conf'
    with open(path, 'w', encoding='utf-8') as file:
        file.write('[trust]\ntrusted-by=mx.example.org\n[policy]\n' +
                   policy.replace('PEOPLE', f'{folder}/people'))
    given = [word for option in options for word in ('-o', option)]
    database = f'database={folder}/audit.db'
    dry = [program, '-c', path, 'mbox', '--dry-run', '-o', database, *given, mailbox]
    compare = [program, '-c', path, 'compare', *given, mailbox]
    pairs = []
    for _ in range(rounds):
        for suffix in '', '-wal', '-shm':
            if os.path.exists(f'{folder}/audit.db{suffix}'):
                os.unlink(f'{folder}/audit.db{suffix}')
        pairs.append((run(dry), run(compare)))
    print(f'{name:22} {statistics.median(b for b, _ in pairs):9.2f} '
          f'{statistics.median(a for _, a in pairs):9.2f} '
          f'{statistics.median(b / a for b, a in pairs):7.2f}', flush=True)


with tempfile.TemporaryDirectory() as place:
    with open(f'{place}/people', 'w', encoding='utf-8') as people:
        # Two of them are met in generated mail.
        people.write('Jane Doe; jane.doe@corp.example\nKofi Lang; kofi.lang@corp.example\n')
        people.writelines(f'Anna{n:x} Berg{n * 7919:x}; p{n}@corp.example\n'
                          for n in range(PEOPLE - 2))
    subprocess.run([program, '-c', '/dev/null', 'directory', 'build', '-o',
                    f'directory={place}/people'], check=True, stdout=subprocess.DEVNULL)
    print(f'{"settings":22} {"dry-run s":>9} {"compare s":>9} {"speed":>7}')
    for case in CASES:
        measure(*case, place)
