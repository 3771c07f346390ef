#!/bin/sh
# run.sh BUILD_DIR - install and uninstall into a scratch folder: everything
# that a user expects is there after, and nothing is left after that.
set -u
build=${1:?usage: run.sh BUILD_DIR}
top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$top" || exit 1
root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT

check() {
	if [ "$1" -eq 0 ]; then echo "ok $2"; else echo "not ok $2"; fi
}

make -s O="$build" WERROR=1 DESTDIR="$root" PREFIX=/usr install >"$root.log" 2>&1
check $? 'install into a DESTDIR'
for file in bin/sspr-wizard share/man/man1/sspr-wizard.1 share/man/man5/sspr-wizard.conf.5 \
	share/man/man7/sspr-wizard-steps.7 share/bash-completion/completions/sspr-wizard; do
	[ -s "$root/usr/$file" ]
	check $? "installed $file"
done
make -s O="$build" DESTDIR="$root" PREFIX=/usr uninstall >>"$root.log" 2>&1
left=$(find "$root" -type f | wc -l)
[ "$left" -eq 0 ]
check $? 'uninstall leaves no file'
rm -f "$root.log"
