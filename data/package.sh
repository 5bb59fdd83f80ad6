# SPDX-License-Identifier: GPL-3.0-or-later
# sh data/package.sh [DIRECTORY]: builds the Debian package of this tree, has lintian check it, and puts
# it in DIRECTORY, by default build-package. Installs missing packages; the build itself runs in a
# temporary directory.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder=${1:-$root/build-package}

give_up() {
	echo "package.sh: $*" >&2
	exit 1
}

sh "$root/tests/packages.sh" build package || give_up 'without these packages none can be made'
mkdir -p "$folder" && folder=$(CDPATH='' cd -- "$folder" && pwd) || give_up "cannot write to $folder"
work=$(mktemp -d "${TMPDIR:-/tmp}/barefrom-package.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# A file that is newer than the changelog gets its time in the package; one that is older would keep its
# own, and so none is (-m).
mkdir "$work/tree"
tar -C "$root" --exclude=./.git '--exclude=./build*' -cf - . | tar -C "$work/tree" --no-same-owner -xmf -
cp -R "$work/tree/data/debian" "$work/tree/debian"
(
	unset MAIL_CONFIG DESTDIR CFLAGS CPPFLAGS LDFLAGS
	cd "$work/tree" && exec dpkg-buildpackage -us -uc -b
) || give_up 'the build failed, see above'

as_root=
[ "$(id -u)" != 0 ] || as_root=--allow-root
lintian $as_root --fail-on error "$work"/*.changes || give_up 'lintian found errors, see above'

mv "$work"/barefrom*.* "$folder/"
version=$(dpkg-parsechangelog -l "$root/data/debian/changelog" -S Version)
echo "The package is $folder/barefrom_${version}_$(dpkg --print-architecture).deb"
