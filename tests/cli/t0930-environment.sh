# SPDX-License-Identifier: GPL-3.0-or-later
# The environment decides nothing. pipe(8) leaves TZ, MAIL_CONFIG, LANG and PATH; only MAIL_CONFIG
# counts, and sendmail(1) gets all of them unchanged.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 13

# Variables that must not be read, or must have no effect.
mkdir home evil
printf '.mode insert\n.output home/output\nDELETE FROM message;\n' >home/.sqliterc
printf 'CREATE TABLE stranger (x);\n' >evil/001-first.sql
cat >hostile <<END
HOME=$tmp/home
XDG_CONFIG_HOME=$tmp/home
XDG_CONFIG_DIRS=$tmp/home
XDG_DATA_HOME=$tmp/home
XDG_DATA_DIRS=$tmp/home
XDG_CACHE_HOME=$tmp/home
XDG_RUNTIME_DIR=$tmp/none
TMPDIR=$tmp/none
TMP=$tmp/none
TEMP=$tmp/none
SQLITE_TMPDIR=$tmp/none
SQLITE_HISTORY=$tmp/home/history
LC_ALL=xx_NONSENSE.UTF-32
LANG=yy_NONSENSE.UTF-7
LANGUAGE=zz
LC_CTYPE=de_DE.UTF-16
LC_NUMERIC=de_DE
LC_MESSAGES=ar
CHARSET=UTF-16
G_FILENAME_ENCODING=UTF-16
G_BROKEN_FILENAMES=1
TZ=Mars11
TZDIR=$tmp/none
G_DEBUG=all
G_MESSAGES_DEBUG=all
G_MESSAGES_PREFIXED=all
G_ENABLE_DIAGNOSTIC=1
G_RANDOM_VERSION=2.0
G_RESOURCE_OVERLAYS=/barefrom/sql=$tmp/evil
GOBJECT_DEBUG=all
GIO_MODULE_DIR=$tmp/evil
GIO_EXTRA_MODULES=$tmp/evil
GIO_USE_VFS=nonsense
GIO_USE_VOLUME_MONITOR=nonsense
GSETTINGS_BACKEND=nonsense
GNUPGHOME=$tmp/home
MALLOC_ARENA_MAX=1
MALLOC_CHECK_=3
MALLOC_PERTURB_=165
MALLOC_TRIM_THRESHOLD_=0
GLIBC_TUNABLES=glibc.malloc.check=3
POSIXLY_CORRECT=1
HOSTALIASES=$tmp/none
LOCALDOMAIN=evil.example
RES_OPTIONS=debug
IFS=ae
ENV=$tmp/none
BASH_ENV=$tmp/none
CDPATH=/
PATH=$tmp/none
COLUMNS=1
TERM=nonsense
MAIL=$tmp/none
LOGNAME=root
USER=root
SENDMAIL=$tmp/none
BAREFROM=$tmp/none
BAREFROM_CONF=$tmp/none
END
# hostile COMMAND...: runs it with all of them set.
hostile() (
	IFS='
'
	# shellcheck disable=SC2046
	exec env $(cat hostile) "$@"
)

cat >sendmail <<'END'
#!/bin/sh
PATH=/usr/bin:/bin
cd "${0%/*}" || exit 70
for argument; do printf '<%s>' "$argument"; done >arguments
cat >input
tr '\0' '\n' </proc/$$/environ >environment
END
chmod +x sendmail

# A name, a fold, an encoded word of another charset, a trace, a signature: all that needs a library.
cat >rich.eml <<'END'
DKIM-Signature: v=1; d=corp.example; b=x
Received: from pc (client.example.net [192.0.2.7])
	by mx.example.org (Postfix) with ESMTP id 4ABC
	for <a@example.com>; Tue, 24 Nov 2026 10:00:00 +0000 (UTC)
Message-ID: <m1@x.example>
From: =?koi8-r?Q?=CD=C1=CD=C1?= <ceo@corp.example>,
	"Jörg" <jörg@bücher.example>
Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=x
Subject: x

hi
END
{ echo 'From x@x.example Tue Nov 24 10:00:00 2026'; cat rich.eml; } >rich.mbox
# rows DATABASE: prints them without their times.
rows() {
	for table in policy run message recipient edit; do
		columns=$(sql "$1" "SELECT group_concat('quote(' || name || ')') FROM pragma_table_info('$table')
			WHERE name NOT IN ('at', 'first_seen', 'started_at', 'finished_at', 'outcome')")
		sql "$1" "SELECT $columns FROM $table ORDER BY 1"
	done
	sql "$1" "SELECT outcome FROM message ORDER BY id"
	sql "$1" 'SELECT sql FROM sqlite_schema ORDER BY name'
}

# answers NAME COMMAND...: stores what each front end prints, with COMMAND before the program.
answers() {
	name=$1
	shift
	"$@" /usr/bin/env "MAIL_CONFIG=$tmp/home" "$BAREFROM" -c empty.conf filter -o "database=$name.db" \
		-o trusted-by=mx.example.org -o "sendmail=$tmp/sendmail" --queue-id=4ABC -f 'jörg@x.example' -- a@y.example <rich.eml >"$name.log" 2>&1
	echo "exit $?" >>"$name.log"
	cat arguments input >>"$name.log"
	mv environment "$name.environment"
	for command in 'filter' 'mbox -o trusted-by=mx.example.org rich.mbox' \
		'explain --json -o trusted-by=mx.example.org rich.eml' \
		'config -o trusted-by=mx.example.org' 'filter -o fields=nonsense'; do
		# shellcheck disable=SC2086
		"$@" "$BAREFROM" -c empty.conf $command -o "database=$name.db" <rich.eml >said 2>errors
		echo "exit $?"
		sed "s/ [0-9.]* s\$//; s/$name\.db/NAME.db/" said errors
	done >>"$name.log"
}

answers plain env
is 'all front ends answer' "$(grep '^exit' plain.log | tr '\n' ' ')" 'exit 0 exit 0 exit 0 exit 0 exit 0 exit 75 '
ok 'names of other charsets are read' \
	sh -c "sqlite3 -readonly plain.db 'SELECT display_names FROM edit' | grep -q 'мама.*Jörg'"
answers hostile hostile
ok 'a hostile environment changes no answer' diff plain.log hostile.log
rows plain.db >plain.rows
rows hostile.db >hostile.rows
ok 'and no row' diff plain.rows hostile.rows
ok 'rows that say something' grep -q ceo@corp.example plain.rows
is 'times are in UTC all the same' \
	"$(sql hostile.db "SELECT abs(julianday('now') - julianday(at)) < 0.01 FROM message WHERE id = 1")" 1
is 'nothing is written below HOME' "$(ls -A home)" .sqliterc
for name in TZ LANG PATH; do
	is "sendmail gets $name as it came" "$(grep "^$name=" hostile.environment)" "$(grep "^$name=" hostile)"
done

answers empty env -i "ASAN_OPTIONS=${ASAN_OPTIONS-}" "UBSAN_OPTIONS=${UBSAN_OPTIONS-}"
ok 'an empty environment changes no answer' diff plain.log empty.log
rows empty.db >empty.rows
ok 'and no row' diff plain.rows empty.rows
is 'sendmail gets MAIL_CONFIG, and nothing of ours' \
	"$(grep -v '^[AU][BS]*SAN_OPTIONS=' empty.environment)" "MAIL_CONFIG=$tmp/home"
