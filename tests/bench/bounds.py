# SPDX-License-Identifier: GPL-3.0-or-later
"""bounds.py PROGRAM: the time that hostile heads cost `barefrom filter`, by itself, with scope=domains,
and with a directory of 3,000 people as well. A benchmark, no test."""
import random
import subprocess
import sys
import tempfile
import time

program = sys.argv[1]
END = b'\n\nbody\n'
TRUST = ['-o', 'trusted-by=mx.example.org', '-o', 'relay-nets=192.0.2.7']
DOMAINS = ['-o', 'scope=domains', '-o', 'domains=example.org']
RELAY = b'Received: from r (r [192.0.2.7]) by mx.example.org with ESMTP id 1; Mon\n'
MARKS = '\u0301\u0316'.encode()
SYLLABLES = 'an be ri to lu mar sen kov dor el ja ne mi cha ber gar'.split()

rand = random.Random(1)
words = [''.join(rand.choices(SYLLABLES, k=3)) for _ in range(1000)]
people = [f'{rand.choice(words)} {rand.choice(words)}' for _ in range(3000)]


def names(octets, kind):
    """A From that shows so much of listed names, or of pairs of words that names have."""
    shown = []
    while octets > 0:
        pair = f'{rand.choice(words)} {rand.choice(words)}'
        shown.append(rand.choice(people) if kind == 'listed' else pair)
        octets -= len(shown[-1]) + 2
    return f'From: "{", ".join(shown)}" <x@y.example>'.encode()


cases = {
    '10,000 Received fields': RELAY * 10000 + b'From: J <a@b.example>',
    '100,000 fields': b'X-A: b\n' * 100000 + b'From: J <a@b.example>',
    '100,000 junk lines': b'junk\n' * 100000 + b'From: J <a@b.example>',
    '10,000 From fields': b'From: J <a@b.example>\n' * 10000 + b'Subject: x',
    'a From of 16 MiB, text': b'From: ' + b'x' * (1 << 24),
    'a From of 16 MiB, folds': b'From: ' + b'x\n ' * ((1 << 24) // 3) + b'x',
    'a Received of 16 MiB': b'Received: ' + b'by mx.example.org ' * ((1 << 24) // 18) +
                            b'\nFrom: J <a@b.example>',
    '16 MiB of > before a name': b'>' * (1 << 24) + b'From: J <a@b.example>',
    '16 MiB of > in a value': b'From: ' + b'>' * (1 << 24),
    '16 MiB of ( in a name': b'From' + b'(' * (1 << 24) + b': J <a@b.example>',
    '16 MiB of ( in a value': b'From: ' + b'(' * (1 << 24),
    '16 MiB of comments, NULs': b'X: ' + b'(a\0' * ((1 << 24) // 3) + b'From: J <a@b.example>',
    '16 MiB of NULs': b'X: ' + b'\0' * (1 << 24) + b'From: J <a@b.example>',
    '16 MiB of NULs in a value': b'From: ' + b'\0' * (1 << 24),
    '16 MiB of quoted dots': b'From: ' + b'"."."' * ((1 << 24) // 5) + b'@b.example',
    '16 MiB of dots': b'From: a' + b'.' * (1 << 24) + b'@b.example',
    '9,000 junk lines behind From': b'From: a@b.example\n' + b'\0' * 1800 + b'\n' +
                                    (b'\0' * 1800 + b'\n') * 8999,
    '16 MiB of @ in pieces': b'From: ' + b'@b (c) . "d" ' * ((1 << 24) // 13) + b'<a@b.example>',
    '16 MiB of @ and (': b'From: (' + b'@(' * (1 << 23),
    '64 KiB of unknown charsets': b'From: ' + b''.join(b'=?x-%d?q?a?= ' % i for i in range(4500)) +
                                  b'<a@b.example>',
    'a million commas': b'From: ' + b',' * 1000000 + b' J <a@b.example>',
    'a million addresses': b'From: ' + b'a@b.example,' * 1000000,
    '100,000 nested comments': b'From: ' + b'(' * 100000 + b')' * 100000 + b' a@b.example',
    '100,000 open comments': b'From: ' + b'(' * 100000,
    '100,000 nested angles': b'From: ' + b'<' * 100000 + b'a@b.example' + b'>' * 100000,
    '100,000 nested brackets': b'From: a@' + b'[' * 100000 + b']' * 100000,
    '100,000 nested groups': b'From: ' + b'a:' * 100000 + b'b@c.example' + b';' * 100000,
    '100,000 quotes': b'From: ' + b'"a" ' * 100000 + b'<a@b.example>',
    '100,000 encoded words': b'From: ' + b'=?utf-8?q?a?= ' * 100000 + b'<a@b.example>',
    'a million bare CRs': b'Subject: ' + b'\rFrom: x' * 5000 + b'\r' * 1000000 +
                          b'\nFrom: J <a@b.example>',
    'marks, 1 MiB': b'From: ' + MARKS * (1 << 18) + b' <a@b.example>',
    'marks behind @, 1 MiB': b'From: @' + MARKS * (1 << 18) + b' <a@b.example>',
    'marks behind @, 16 MiB': b'From: ' + (b'@' + MARKS * 200 + b' ') * 20000 + b'<a@b.example>',
    'a domain of 60 KiB': b'From: J <a@b.' + b'\xc3\xa4' * 30000 + b'.example>',
    '16 MiB of plus signs': b'From: @\xc3\xa4' + b'a+' * (1 << 23) + b' <a@b.example>',
    '64 KiB of listed names': names(1 << 16, 'listed'),
    '64 KiB of listed words': names(1 << 16, 'words'),
    '900 KiB of listed words': names(900 << 10, 'words'),
    '16 MiB of listed names': names(1 << 24, 'listed'),
    '9,000 places, no line end': b'Subject: ' + b'\rFrom: J <a@b.example>' * 9000 + b'\r' +
                                 b'x' * (1 << 24) + b'\r\r',
}


def measure(argv, message):
    """Seconds from start to end."""
    start = time.monotonic()
    status = subprocess.run(argv, input=message, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, check=False).returncode
    return time.monotonic() - start, status


with tempfile.TemporaryDirectory() as folder:
    with open(f'{folder}/people', 'w', encoding='utf-8') as listing:
        listing.writelines(f'{name}; u{n}@corp.example\n' for n, name in enumerate(people))
    DIRECTORY = ['-o', 'scope=domains directory', '-o', f'directory={folder}/people']
    subprocess.run([program, '-c', '/dev/null', 'directory', 'build', *DIRECTORY[2:]], check=True,
                   stdout=subprocess.DEVNULL)
    print(f'{"head":28} {"MiB":>6} {"exit":>5} {"seconds":>8} {"domains":>8} {"directory":>10}')
    for name, head in {'(small)': b'From: J <a@b.example>', **cases}.items():
        argv = [program, '-c', '/dev/null', 'filter', *TRUST, '-o', f'database={folder}/a.db']
        seconds, status = measure(argv, head + END)
        domains, _ = measure(argv + DOMAINS, head + END)
        directory, _ = measure(argv + DOMAINS + DIRECTORY, head + END)
        print(f'{name:28} {len(head) / (1 << 20):6.1f} {status:5} {seconds:8.2f} {domains:8.2f} '
              f'{directory:10.2f}')
