# SPDX-License-Identifier: GPL-3.0-or-later
"""net.py: hosts on one network, each with namespaces of its own (network, mounts, host name).

For a process that is alone in a network namespace already: hosts hang from a bridge there, which is
198.51.100.1, so that it can reach them all. They end with the PID namespace that they were made in.
"""
import os
import signal
import subprocess

GATEWAY = '198.51.100.1'
RESOLVER = '198.51.100.2'


def run(*command, **options):
    """A command that must succeed; its output."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, **options)
    if done.returncode:
        raise RuntimeError(f'{command} ended with {done.returncode}: {done.stderr}')
    return done.stdout


def make_bridge():
    """The network. A host that is cut off stays in everybody's neighbour table, as one behind a
    router that drops packets would: nobody is told that it is gone."""
    run('ip', 'link', 'set', 'lo', 'up')
    run('ip', 'link', 'add', 'bridge', 'type', 'bridge')
    run('ip', 'address', 'add', f'{GATEWAY}/24', 'dev', 'bridge')
    run('ip', 'link', 'set', 'bridge', 'up')


class Host:
    """One host. Its files are below `folder`, which is the same for all hosts."""

    def __init__(self, name, address, folder):
        self.name, self.address, self.folder = name, address, f'{folder}/{name}'
        os.makedirs(self.folder, exist_ok=True)
        self.write('resolv.conf', f'nameserver {RESOLVER}\n')
        self.write('nsswitch.conf', 'hosts: files dns\npasswd: files\ngroup: files\n')
        self.write('hosts', f'127.0.0.1 localhost\n{address} {name}\n')
        # It holds the namespaces.
        # pylint: disable-next=consider-using-with
        self.holder = subprocess.Popen(
            ['unshare', '--net', '--mount', '--uts', 'sh', '-ec', '''hostname "$1"
            for file in resolv.conf nsswitch.conf hosts; do
                target=$(readlink -f "/etc/$file")
                mount --bind "$2/$file" "$target"
            done
            echo made
            exec sleep infinity''', 'sh', name, self.folder],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        if self.holder.stdout.readline() != b'made\n':
            raise RuntimeError(f'no namespaces for {name}')
        self.port = 'to-' + name
        self.link = '02:00:' + ':'.join(f'{int(part):02x}' for part in address.split('.'))
        run('ip', 'link', 'add', self.port, 'type', 'veth', 'peer', 'name', 'eth0', 'address',
            self.link, 'netns', str(self.holder.pid))
        run('ip', 'link', 'set', self.port, 'master', 'bridge', 'up')
        self.run('ip', 'link', 'set', 'lo', 'up')
        self.run('ip', 'address', 'add', f'{address}/24', 'dev', 'eth0')
        self.run('ip', 'link', 'set', 'eth0', 'up')

    def write(self, name, text):
        """A file of its own, whole at every moment."""
        path = f'{self.folder}/{name}'
        with open(path + '.new', 'w', encoding='utf-8') as file:
            file.write(text)
        os.rename(path + '.new', path)
        return path

    def command(self, *words):
        """What runs that command there."""
        return ['nsenter', '-t', str(self.holder.pid), '-n', '-m', '-u', '-r', '--', *words]

    def run(self, *words, **options):
        """A command there that must succeed; its output."""
        return run(*self.command(*words), **options)

    def knows(self, other):
        """It never asks for the link address of the other."""
        self.run('ip', 'neighbour', 'replace', other.address, 'lladdr', other.link, 'dev', 'eth0',
                 'nud', 'permanent')

    def silence(self):
        """From now on each packet from it and to it is dropped."""
        run('bridge', 'link', 'set', 'dev', self.port, 'state', 'disabled')

    def heal(self):
        """No longer."""
        run('bridge', 'link', 'set', 'dev', self.port, 'state', 'forwarding')


class Names:
    """DNS of corp.example on `host`: `exchangers` are those of the domain, with equal preference."""

    def __init__(self, host, names, exchangers):
        self.host, self.names = host, dict(names)
        path = self._write()
        # pylint: disable-next=consider-using-with
        self.server = subprocess.Popen(host.command(
            'dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--pid-file',
            '--user=root', '--no-resolv', '--no-hosts', f'--addn-hosts={path}',
            '--local=/corp.example/', f'--listen-address={host.address}', '--bind-interfaces',
            *(f'--mx-host=corp.example,{name}.corp.example,10' for name in exchangers),
            '--log-facility=-'),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _write(self):
        return self.host.write('zone', ''.join(
            f'{address} {name}.corp.example\n'
            for name, addresses in self.names.items() for address in addresses))

    def change(self, name, addresses):
        """From a moment later on it has these."""
        self.names[name] = addresses
        self._write()
        self.server.send_signal(signal.SIGHUP)
