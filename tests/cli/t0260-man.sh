# SPDX-License-Identifier: GPL-3.0-or-later
# The man pages against what the program itself shows: commands, options, settings with their defaults,
# the audit's tables and columns, exit statuses, public lines. The words of the core's tables are in
# test-man.c.
. "${SRCDIR:?}/tests/cli/lib.sh"
plan 55
page=$SRCDIR/data/barefrom.1 conf=$SRCDIR/data/barefrom.conf.5

# equal NAME FILE WANT: the same lines.
equal() { ok "$1" diff -u "$2" "$3"; }

"$BAREFROM" --help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p' | sort >want
sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESC/s/^\.Cm \([a-z]*\).*/\1/p' "$page" | sort -u >got
equal 'SYNOPSIS has every command' got want
"$BAREFROM" audit --help | sed -n 's/^\([a-z][a-z]*\)  .*/\1/p' | sort >want
sed -n 's/^\.Ss audit \([a-z]*\)$/\1/p' "$page" | sort >got
equal 'each verb of audit has a subsection' got want

# Options: the long ones of each command.
for command in filter mbox explain compare audit config directory; do
	"$BAREFROM" "$command" --help | sed -n 's/^  .*--\([a-z][a-z-]*\).*/\1/p'
done | sort -u >want
sed -n 's/.*Fl -\([a-z][a-z-]*\).*/\1/p' "$page" | sort -u >named
comm -23 want named >missing
ok 'every option is in the page' diff /dev/null missing
echo version >>want
sort -o want want
comm -13 want named >unknown
ok 'the page has no option that the program lacks' diff /dev/null unknown
for command in filter mbox explain compare audit config directory; do
	"$BAREFROM" "$command" --help | sed -n 's/^  .*--\([a-z][a-z-]*\).*/\1/p' | sort >want
	# Its subsections, and what all commands share.
	awk -v own="$command" '/^\.S[sh] /{ on = $2 == own || $0 == ".Sh COMMANDS" } on' "$page" |
		sed -n 's/.*Fl -\([a-z][a-z-]*\).*/\1/p' | sort -u >got
	case $command in filter | explain)
		sed -n '/^\.Ss filter/,/^\.S[sh] mbox/p' "$page" | sed -n 's/.*Fl -\([a-z][a-z-]*\).*/\1/p' | sort -u - got >both
		mv both got
		;;
	esac
	comm -23 want got >missing
	ok "the options of $command stand where it is described" diff /dev/null missing
done

# Settings: KEY=DEFAULT.
bf config | sed -n 's/^\([a-z-]*\)=\(.*\)  # default$/\1/p' >want
sed -n 's/^\.It Cm \([a-z-]*\) Ns = .*/\1/p' "$conf" >got
equal 'barefrom.conf(5) has every setting, in that order' got want
sed -n 's/^#\{0,1\}\([a-z-]*\)=.*/\1/p' "$SRCDIR/data/barefrom.conf" >got
equal 'so has the example' got want
# Sections, in the order of the program, and which key belongs to which.
in_sections() { awk '/^\[/ { section = $0; print } /^#?[a-z-]+=/ { sub(/^#/, ""); sub(/=.*/, ""); print section, $0 }' "$1"; }
bf config >printed
in_sections printed >want
in_sections "$SRCDIR/data/barefrom.conf" >got
equal 'in its sections' got want
sed -n 's/^\[\(.*\)\]$/\1/p' printed >want
sed -n '/^\.Ss Format/,/^Each line/p' "$conf" | grep -o '\[[a-z]*\]' | tr -d '[]' >got
equal 'and barefrom.conf(5) names them' got want
bf config | sed -n 's/^\([a-z-]*\)=\(..*\)  # default$/\1 \2/p' | grep -v -e '^trusted-by' -e '^[a-z-]* *$' >defaults
while read -r key value; do
	sed -n "/^\.It Cm $key Ns = /,/^\.\(It Cm\|El\)/p" "$conf" >part
	# On the line of "Default:" or the next.
	sed -n '/Default/{N;p;}' part | tr -d '\n' >default
	ok "the default of $key" eval 'grep -q -F -e "$value" default'
done <defaults

# The audit: each table and view with its columns.
run filter -o database=a.db <"$SRCDIR/data/samples/forged.eml"
sql a.db "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%' ORDER BY 1" >want
sed -n '/^\.Ss Tables/,/^\.Ss Outcomes/s/^\.It Sy \([a-z_]*\)$/\1/p' "$page" | sort >got
equal 'every table and view is described' got want
# columns NAME: prints those that the page names.
columns() {
	sed -n '/^\.Ss Tables/,/^\.Ss Outcomes/p' "$page" |
		sed -n "/^\.It Sy $1$/,/^\.It Sy/p" | sed -n 's/^\.\(It \)\{0,1\}Va \([a-z0-9_ ,]*\).*/\2/p' |
		tr ', ' '\n\n' | sed '/^$/d' | sort -u
}
while read -r table; do
	sql a.db "SELECT name FROM pragma_table_info('$table')" | sort >want
	columns "$table" >got
	comm -23 want got >missing
	ok "the columns of $table" diff /dev/null missing
done <<END
$(sql a.db "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'")
END

bf audit metrics -o database=a.db | sed -n 's/^\([a-z_]*\)[ {].*/\1/p' | sort -u >want
sed -n '/^\.Ss audit metrics/,/^\.El/s/^\.It Va //p' "$page" | tr -d ' ' | tr ',' '\n' | sort >got
equal 'every metric is described' got want

sed -n 's/.*\(EX_[A-Z]*\).*/\1/p' "$SRCDIR/src/cmd/exits.c" | sort -u |
	sed -e 's/EX_USAGE/64/' -e 's/EX_DATAERR/65/' -e 's/EX_NOINPUT/66/' -e 's/EX_CANTCREAT/73/' \
		-e 's/EX_IOERR/74/' -e 's/EX_TEMPFAIL/75/' -e 's/EX_CONFIG/78/' | sort >want
sed -i '1i 1' want # audit check
sed -n '/^\.Sh EXIT STATUS/,/^\.Sh EXAMPLES/s/^\.It \([1-9][0-9]*\)$/\1/p' "$page" >got
equal 'every exit status is described' got want

# The lines that a sender may get to read, each of them and no other.
sed -n 's/.*"\([^"]*\)" },$/\1/p' "$SRCDIR/src/cmd/exits.c" | sort -u >want
ok 'the table of errors has public lines' [ "$(wc -l <want)" -ge 15 ]
sed -n '/^\.Sh DIAG/,/^\.Sh SEE/s/^\.It Li "\{0,1\}\([^"]*\).*/\1/p' "$page" | sort >named
comm -23 want named >missing
ok 'every public line is described' diff /dev/null missing
comm -13 want named >others
while IFS= read -r line; do
	grep -rqF -e "$line" "$SRCDIR/src" || echo "$line"
done <others >unknown
ok 'and no other' diff /dev/null unknown

# Where the audit must not be, and that its files must not be touched.
for file in barefrom.1 barefrom.conf.5 barefrom.conf debian/README.Debian ../README.md; do
	ok "$file says that the audit wants a local disk" eval 'tr "\n" " " <"$SRCDIR/data/$file" | grep -q "local disk"'
done

# The directory: the commands in the page, run on the file that it shows, print what it says.
# block SUBSECTION: prints its literal block.
block() {
	sed -n "/^\.Ss $1\$/,/^\.S[sh] /p" "$page" | sed -n '/^\.Bd -literal/,/^\.Ed/p' |
		sed -e '/^\.Bd/d' -e '/^\.Ed/,$d' -e "s/[\\](aq/'/g" -e "s|/etc/barefrom/|$tmp/|g"
}
block 'The file' >people
printf '[policy]\ndirectory=%s/people\n' "$tmp" >empty.conf
barefrom() { bf "$@" 2>&1; }
for verb in build match; do
	block "directory $verb" >want
	: >got
	while IFS= read -r line; do
		case $line in '# '* | '$ '*) echo "$line" >>got && eval "${line#??}" >>got ;; esac
	done <want
	equal "what directory $verb prints" got want
done

# compare: the command in the page prints what the page says.
block compare >want
barefrom() { bf "$@" 2>err; }
sed -n '/^\[trust\]/,/^\$ barefrom/{/^\$/!p}' want >barefrom.conf
d='From x@x.example Tue Nov 24 10:00:00 2026'
mail() { # mail WORD VALUE
	echo "$d"
	hop "$1" 4Fa1
	printf 'From: %s\n\nhi\n\n' "$2"
}
{
	mail ESMTP '"Jane Doe, CEO" <x@y.example>'
	mail ESMTP 'Jane Doe <other@z.example>'
	mail ESMTP 'Jane Doe <other@z.example>'
	mail ESMTPSA 'Jane Doe <jane.doe@corp.example>'
	mail ESMTP 'Joe <joe@corp.example>'
	mail ESMTP 'Jane Doe <jane@isp.example>'
} >march.mbox
: >got
while IFS= read -r line; do
	case $line in '$ '*) echo "$line" >>got && eval "${line#??}" >>got ;; esac
done <want
equal 'what compare prints' got want
