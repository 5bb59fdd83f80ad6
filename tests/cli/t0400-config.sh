# SPDX-License-Identifier: GPL-3.0-or-later
# Settings: the file, -o, which takes precedence, and errors that name file, line and key.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 145

conf() { printf '%s\n' "$@" >b.conf; } # conf LINE...
config() { # config ARGUMENT...: barefrom config under b.conf
	"$BAREFROM" -c b.conf config "$@" >out 2>err
	status=$?
}
well() { [ "$status" -eq 0 ] && [ -s out ]; }
shows() { grep -Eq "^[[:blank:]]*$1[[:blank:]]*=[[:blank:]]*$2([[:blank:]].*)?\$" out; } # shows KEY REGEX
decided() { # decided ARGUMENT... <MESSAGE: what filter says under b.conf
	rm -f d.db*
	"$BAREFROM" -c b.conf filter -o database=d.db "$@" >out 2>err
	status=$?
	sql d.db 'SELECT verdict, reason, action FROM history'
}
{ hop ESMTPSA 4A; cat forged.eml; } >login.eml
hop_by() { hop ESMTPSA 4A | sed "s/mx\\.example\\.org/$1/"; cat forged.eml; }

# All settings.
: >b.conf
config
ok 'an empty file' well
for key in trusted-by relay-nets trusted-clients filter-uids user-uids hidden-by submission-by \
	webmail-by local-submission comment-dialect relay-accounts authserv-id ar-stripped unknown resolve-anonymous \
	scope domains fields database sendmail deadline listen socket-mode socket-group submission-daemons \
	max-sessions dry-run; do
	ok "config prints $key" says "^[[:blank:]]*$key[[:blank:]]*=" out
done
ok 'default of unknown' shows unknown anonymous
ok 'default of resolve-anonymous' shows resolve-anonymous false
ok 'default of scope' shows scope everyone
ok 'default of local-submission' shows local-submission anonymous
ok 'default of fields' shows fields 'From[;, ]+Sender[;, ]+Reply-To'
ok 'default of database' shows database /var/lib/barefrom/audit.db
ok 'default of deadline' shows deadline 25
ok 'default of listen' shows listen unix:/run/barefrom/milter.sock
ok 'default of socket-mode' shows socket-mode 0660
ok 'default of socket-group' shows socket-group postfix
ok 'default of submission-daemons' shows submission-daemons ''
ok 'default of max-sessions' shows max-sessions 2000
ok 'default of dry-run' shows dry-run false
ok 'default of trusted-by' shows trusted-by "$(uname -n)"
defaults=$(grep -c default out)
ok 'defaults are marked' test "$defaults" -ge 20
cat >b.conf <<'END'
# a comment
[trust]
trusted-by = mx.example.org ;mail.example.org,a.example.org	b.example.org

[policy]
  # another one
unknown=authenticated
[filter]
deadline=20
END
config
ok 'a file with settings' well
ok 'a value of the file' shows deadline 20
ok 'is no default' not shows deadline '20.*default.*'
is 'three fewer defaults' "$(grep -c default out)" "$((defaults - 3))"
config -o deadline=19 -o deadline=18
ok 'the last -o beats the file' shows deadline 18
is '-o needs no section' "$status" 0
for host in mx.example.org MAIL.Example.Org. a.example.org b.example.org; do
	hop_by $host >by.eml
	is "a list of hosts: $host" "$(decided <by.eml)" 'authenticated|with|kept'
done
is 'the same list by -o' "$(hop_by c.example.org | decided -o 'trusted-by=x.example.org; y.example.org,z.example.org c.example.org')" \
	'authenticated|with|kept'
is '-o replaces the list of the file' "$(decided -o trusted-by=x.example.org -o unknown=anonymous <login.eml)" \
	'unknown|top-not-ours|stripped'
is 'an empty list is a list' "$(decided -o trusted-by= -o unknown=anonymous <login.eml)" \
	'unknown|top-not-ours|stripped'
is 'a host name with a dot at its end' "$(decided -o trusted-by=MX.example.org. <login.eml)" 'authenticated|with|kept'
conf '[trust]' 'trusted-by=' 'relay-nets=' 'relay-accounts=' '[policy]' 'domains='
config
is 'empty lists in the file' "$status" 0
conf '[milter]' 'listen=inet6:8895@::1' 'socket-mode=0600' 'socket-group=' \
	'submission-daemons=submission;submissions' 'max-sessions=50' 'dry-run=true'
config
is 'the section of the milter' "$(sed '1,/^\[milter]$/d' out)" "$(sed 1d b.conf)"

# Networks.
for value in 192.0.2.9 192.0.2.0/24 2001:db8::9 '[2001:db8::9]' IPv6:2001:db8::9 fe80::9%eth0 ::ffff:192.0.2.9 \
	'192.0.2.1,2001:db8::/32'; do
	config -o "trusted-clients=$value"
	is "a network: $value" "$status" 0
done
: >b.conf
is 'a mapped address is its IPv4 address' \
	"$(decided -o trusted-clients=::ffff:192.0.2.9 --client-address=192.0.2.9 <forged.eml)" \
	'authenticated|trusted-client|kept'

# Values are raw.
# shellcheck disable=SC1003
conf '[audit]' 'database = raw\sname.db '
"$BAREFROM" -c b.conf filter <forged.eml >out 2>err
is 'no escapes, blanks trimmed' "$(ls -- *name.db)" 'raw\sname.db'

# Warnings for an administrator.
said() { cat out err | wc -l; }
conf '[policy]' 'unknown=anonymous' 'scope=domains' 'domains=corp.example'
config
quiet=$(said)
config -o unknown=authenticated
ok 'unknown=authenticated is warned of' eval "[ $status -eq 0 ] && [ \"\$(said)\" -gt $quiet ]"
config -o domains=example.com
ok 'and domains that are still to be edited' eval "[ $status -eq 0 ] && [ \"\$(said)\" -gt $quiet ]"
config -o 'domains=corp.example; Example.com.'
ok 'as long as one of them is the example' says 'domains: example\.com is only an example' err
config -o scope=everyone -o domains=example.com
ok 'and not where they say nothing' not says 'the example' err
config -o authserv-id=mx.example.org
ok 'Authentication-Results that are not looked at everywhere' says 'authserv-id: without ar-stripped=true' err
config -o authserv-id=mx.example.org -o ar-stripped=true
ok 'and where they are' not says 'authserv-id' err
config -o relay-nets=127.0.0.1
ok 'amavis without its name' says 'relay-nets: 127\.0\.0\.1: .*trusted-by needs localhost' err
config -o relay-nets=127.0.0.1 -o trusted-by=localhost
ok 'and with it' not says 'trusted-by needs' err
config -o webmail-by=w.example.org
ok 'a webmail that no field leads to' says 'webmail-by: w\.example\.org has no effect' err
config -o local-submission=authenticated
ok 'programs that are trusted' says 'local-submission=authenticated: ' err
"$BAREFROM" -c "$SRCDIR/data/barefrom.conf" config >out 2>err
is 'the shipped file is accepted' $? 0
ok 'its domains are to be edited' says domains err

# Errors in the file: wrong NAME LINE KEY ROW...
wrong() {
	name=$1 line=$2 key=$3
	shift 3
	conf "$@"
	config
	ok "$name" wrong_said
}
wrong_said() {
	[ "$status" -eq 78 ] && says 'b\.conf' err &&
		says "(^|[^0-9])$line([^0-9]|\$)" err && grep -qF -e "$key" err
}
wrong 'an unknown key' 3 bogus '[policy]' 'unknown=anonymous' 'bogus=1'
wrong 'a key twice' 4 unknown '[policy]' 'unknown=anonymous' '' 'unknown=anonymous'
wrong 'a key twice in a section that comes twice' 4 unknown '[policy]' 'unknown=anonymous' '[policy]' 'unknown=anonymous'
wrong 'a key in the wrong section' 2 database '[policy]' 'database=/x.db'
wrong 'a key before any section' 1 unknown 'unknown=anonymous'
wrong 'a key in a section that is none' 2 unknown '[bogus]' 'unknown=anonymous'
wrong 'a key of a language' 2 unknown '[policy]' 'unknown[de]=authenticated'
wrong 'a bad value' 2 unknown '[policy]' 'unknown=maybe'
ok 'the accepted values are named' eval 'says anonymous err && says authenticated err'
wrong 'a comment behind a value' 2 unknown '[policy]' 'unknown=authenticated # for now'
wrong 'a value in quotes' 2 unknown '[policy]' 'unknown="authenticated"'
wrong 'an empty value' 2 unknown '[policy]' 'unknown='
wrong 'an empty file name' 3 database '[audit]' '' 'database='
wrong 'a bad boolean' 2 resolve-anonymous '[policy]' 'resolve-anonymous=perhaps'
wrong 'a bad local-submission' 2 local-submission '[trust]' 'local-submission=true'
wrong 'a bad scope' 2 scope '[policy]' 'scope=all'
wrong 'a field that is none of the sender' 2 fields '[policy]' 'fields=From;Subject'
wrong 'a bad number' 2 deadline '[filter]' 'deadline=soon'
wrong 'a number with a tail' 2 deadline '[filter]' 'deadline=25s'
wrong 'a negative number' 2 deadline '[filter]' 'deadline=-1'
wrong 'a number beyond all numbers' 2 deadline '[filter]' 'deadline=99999999999999999999'
wrong 'a bad network' 2 relay-nets '[trust]' 'relay-nets=192.0.2.7;here'
wrong 'host bits' 2 relay-nets '[trust]' 'relay-nets=192.0.2.7/24'
wrong 'too long a prefix' 2 trusted-clients '[trust]' 'trusted-clients=192.0.2.7/33'
wrong 'a dialect that is none' 2 comment-dialect '[trust]' 'comment-dialect=klingon'
wrong 'a relative socket' 2 listen '[milter]' 'listen=unix:barefrom/milter.sock'
wrong 'a socket as Postfix writes it' 2 listen '[milter]' 'listen=inet:localhost:8895'
ok 'the accepted ones are named' says 'unix:/PATH, inet:PORT@HOST, inet6:PORT@HOST' err
wrong 'a bad mode' 2 socket-mode '[milter]' 'socket-mode=rw'
wrong 'two groups' 2 socket-group '[milter]' 'socket-group=postfix;smmsp'
ok 'the words speak of a group' says 'accepted: the name of one group, or nothing$' err
wrong 'no session at all' 2 max-sessions '[milter]' 'max-sessions=0'
wrong 'a bad dry-run' 2 dry-run '[milter]' 'dry-run=--dry-run'
wrong 'a key of the milter in the section of the filter' 2 dry-run '[filter]' 'dry-run=true'
conf '[policy]' 'scope=domains'
config
ok 'scope=domains without a domain' eval '[ $status -eq 78 ] && says domains err'
conf '[policy]' 'unknown'
config
ok 'a line that is no setting' eval '[ $status -eq 78 ] && says "b\.conf" err'
wrong 'a section without its end' 2 '[policy' '# x' '[policy'
ok 'the sections are named' says 'accepted: \[trust\], \[policy\], \[audit\], \[filter\], \[milter\]' err
printf '[policy]\nunknown=\377\000\n' >b.conf
config
is 'bytes' "$status" 78

# The same for filter: 75, and mail stays in the queue.
conf '[policy]' 'unknown=maybe'
decided <forged.eml >ignored
ok 'filter defers under a bad file' eval 'deferred && says unknown err'
ok 'before it makes a database' test ! -e d.db
"$BAREFROM" -c b.conf explain forged.eml >out 2>err
is 'explain ends with 78' $? 78
"$BAREFROM" -c b.conf audit init -o database=d.db >out 2>err
is 'audit init too' "$? $(ls d.db 2>&1 | grep -c '^d.db')" '78 0'
for option in unknown=maybe bogus=1 unknown= deadline=0x; do
	run filter -o database=d.db -o $option <forged.eml
	ok "filter -o $option" deferred
	run config -o $option
	ok "config -o $option" eval '[ $status -eq 64 -o $status -eq 78 ] && says "${option%%=*}" err'
done
run filter -o database <forged.eml
ok 'filter -o without a value' deferred

# The file itself.
mkfifo fifo
for file in missing.conf . /dev/null/x fifo; do
	"$BAREFROM" -c $file config >out 2>err
	is "-c $file" $? 78
	ok 'is named' grep -qF -e "$file" err
done
"$BAREFROM" -c missing.conf filter -o database=d.db <forged.eml >out 2>err
status=$?
ok 'filter defers without its file' deferred
"$BAREFROM" -c fifo filter -o database=d.db <forged.eml >out 2>err
status=$?
ok 'and if nobody would write it' deferred
printf '[policy]\nunknown=authenticated\n' >b.conf
# shellcheck disable=SC2002
cat b.conf | "$BAREFROM" -c /dev/stdin config >out 2>err
status=$?
ok 'a pipe of the shell' well
ok 'is read' shows unknown authenticated
