# SPDX-License-Identifier: GPL-3.0-or-later
"""The independent readers, each a process that reads many messages. A message that ends its reader
costs that reading only."""
import concurrent.futures
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def commands(read_gmime):
    python = [sys.executable, '-I', os.path.join(HERE, 'read-python.py')]
    perl = ['perl', os.path.join(HERE, 'read-perl.pl')]
    return {'GMime': [read_gmime], 'Python compat32': [*python, 'compat32'],
            'Python default': [*python, 'default'], 'Email::Address::XS': [*perl, 'email'],
            'Mail::Address': [*perl, 'mail'],
            'Dovecot': [sys.executable, '-I', os.path.join(HERE, 'read-dovecot.py')],
            'mblaze': [sys.executable, '-I', os.path.join(HERE, 'read-mblaze.py')],
            'c-client': ['php', '-n', '-d', 'extension=imap',
                         os.path.join(HERE, 'read-cclient.php')]}


def read(command, paths):
    """For each path a list of (field, kind, text), or None where the reader ended."""
    readings = []
    while len(readings) < len(paths):
        rest = paths[len(readings):]
        done = subprocess.run(command, input=''.join(path + '\n' for path in rest).encode(),
                              capture_output=True, check=False)
        findings, count = [], 0
        for line in done.stdout.decode('ascii').split('\n')[:-1]:
            if line == 'done':
                readings.append(findings)
                findings, count = [], count + 1
                continue
            field, kind, shown = line.split('\t')
            findings.append((field, kind, bytes.fromhex(shown).decode('utf-8', 'surrogateescape')))
        if count < len(rest):
            readings.append(None)
        if readings == [None] * 3:
            raise RuntimeError(f'this reader reads nothing: {command}: {done.stderr[-500:]!r}')
    return readings


def read_all(read_gmime, paths):
    """Reader -> path -> findings."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        jobs = {name: pool.submit(read, command, paths)
                for name, command in commands(read_gmime).items()}
        return {name: dict(zip(paths, job.result())) for name, job in jobs.items()}
