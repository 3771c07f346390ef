#!/bin/sh
# run.sh BUILD_DIR - install and uninstall into a scratch folder: everything
# that a user expects is there, and nothing is left after that.
set -u
build=${1:?usage: run.sh BUILD_DIR}
top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$top" || exit 1
root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT

# told STATUS NAME
told() {
	if [ "$1" -eq 0 ]; then echo "ok $2"; else echo "not ok $2"; fi
}

make -s O="$build" WERROR=1 DESTDIR="$root/d" PREFIX=/usr install >"$root/log" 2>&1
told $? 'install into a DESTDIR'
for file in bin/sspr-wizard share/man/man1/sspr-wizard.1 share/man/man5/sspr-wizard.conf.5 \
	share/man/man7/sspr-wizard-steps.7 share/doc/sspr-wizard/examples/check_sspr share/bash-completion/completions/sspr-wizard; do
	[ -s "$root/d/usr/$file" ]
	told $? "installed $file"
done
make -s O="$build" DESTDIR="$root/d" PREFIX=/usr uninstall >>"$root/log" 2>&1
[ "$(find "$root/d" -type f | wc -l)" -eq 0 ]
told $? 'uninstall leaves no file'
