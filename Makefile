# One Makefile. `make help` lists the targets. `make demo` and `make check` set
# up a bare Debian 12 first (tests/setup.sh) and then call make again, because
# pkg-config can answer only after that.
#
#   make                          build/sspr-wizard
#   make O=../out                 the same, elsewhere
#   make SAN=address,undefined check
#   make CC=clang WERROR=1

PROG	 = sspr-wizard
VERSION	:= 0.1.0

# Knobs; every one may come from the command line or the environment.
PKG_CONFIG ?= pkg-config
INSTALL	   ?= install
# For size: the program waits for the network, and -O2 makes it a sixth larger.
CFLAGS	   ?= -Os -g
PREFIX	   ?= /usr/local
BINDIR	   ?= $(PREFIX)/bin
MANDIR	   ?= $(PREFIX)/share/man
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
EXAMPLEDIR ?= $(PREFIX)/share/doc/sspr-wizard/examples
SAN	   ?=
WERROR	   ?= 0
V	   ?= 0
comma	   := ,
O	   ?= build$(if $(SAN),-$(subst $(comma),-,$(SAN)))

PKGS	 = ncursesw libcurl libcjson openssl inih
TESTPKGS = cmocka
SERVERPKGS = libmicrohttpd zlib

# Ours, kept apart from the user's CFLAGS so that those can be replaced.
STD	 = -std=c11 -D_GNU_SOURCE -I. -DVERSION='"$(VERSION)"'
WARN	 = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	   -Wmissing-prototypes -Wold-style-definition -Wpointer-arith \
	   -Wwrite-strings -Wformat=2 -Wundef -Wvla -Wimplicit-fallthrough
# Hidden: no function of ours may stand in for one of a library (libkrb5 has a
# profile_release() too).
# No unwind tables: nothing here unwinds, and they are a tenth of the program.
HARDEN	 = -fstack-protector-strong -fno-common -fPIE -fvisibility=hidden \
	   -fno-asynchronous-unwind-tables
HARDLD	 = -pie -Wl,-z,relro,-z,now $(PACKLD)
ifeq ($(WERROR),1)
WARN	+= -Werror
endif
ifneq ($(SAN),)
HARDEN	+= -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all
HARDLD	+= -fsanitize=$(SAN)
else
HARDEN	+= -D_FORTIFY_SOURCE=2
endif

# pkg-config only when something is compiled: `make clean` must not need it.
ifneq ($(filter-out clean help demo check check-dc lint uninstall install-man,$(or $(MAKECMDGOALS),all)),)
PKGCF	:= $(shell $(PKG_CONFIG) --cflags $(PKGS))
PKGLD	:= $(shell $(PKG_CONFIG) --libs $(PKGS))
ifeq ($(PKGLD),)
$(error missing one of: $(PKGS). On Debian: apt-get install libncurses-dev libcurl4-openssl-dev libcjson-dev libssl-dev libinih-dev pkg-config)
endif
# Tables of text need a relocation a line; packed they take a tenth of the space.
# Only where the linker knows how (binutils 2.38); loading wants glibc 2.36.
ifeq ($(origin PACKLD),undefined)
PACKLD	:= $(shell $(CC) -Wl,-z,pack-relative-relocs -shared -o /dev/null -x c /dev/null 2>/dev/null && \
	echo -Wl,-z,pack-relative-relocs)
endif
TESTCF	 = $(shell $(PKG_CONFIG) --cflags $(TESTPKGS) $(SERVERPKGS))
TESTLD	 = $(shell $(PKG_CONFIG) --libs $(TESTPKGS))
endif

SRCS	:= $(sort $(wildcard tui/*.c steps/*.c checks/*.c graph/*.c graph/*/*.c))
MAINSRC	 = tui/main.c
# The PowerShell of server-script becomes an array of lines.
SCRIPTTEXT = $(O)/steps/server_script_text.c
OBJS	:= $(SRCS:%.c=$(O)/%.o) $(SCRIPTTEXT:.c=.o)
LIBOBJS	:= $(filter-out $(MAINSRC:%.c=$(O)/%.o),$(OBJS))
UNIT	:= $(patsubst %.c,$(O)/%,$(sort $(wildcard tests/unit/test_*.c tests/laws/test_*.c tests/screens/test_*.c)))

SERVER	:= $(patsubst %.c,$(O)/%,$(filter-out tests/server/hanging_names.c,$(wildcard tests/server/*.c tests/dc/*.c)))
# Stands in for a part of the C library.
PRELOAD	= $(O)/tests/server/hanging_names.so
# Stands in for libsecret.
KEYRING	= $(O)/tests/keyring/libsecret-1.so.0

q	 = $(if $(filter 1,$(V)),,@)
say	 = $(if $(filter 1,$(V)),@:,@printf '  %-8s%s\n')

.PHONY: all lib units tests demo check check-dc golden bench fuzz lint install install-man uninstall clean help FORCE
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:

all: $(O)/$(PROG)	## build the program

# Flags live in a stamp, so changing CC, CFLAGS or SAN rebuilds what it must.
FLAGS	 = $(CC) $(STD) $(WARN) $(HARDEN) $(CPPFLAGS) $(CFLAGS) $(PKGCF)
$(O)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(FLAGS))' | cmp -s - $@ || \
		printf '%s\n' '$(subst ','\'',$(FLAGS))' >$@
FORCE:

$(O)/tests/%.o: tests/%.c $(O)/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(q)$(FLAGS) $(TESTCF) -MMD -MP -c -o $@ $<

$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(q)$(FLAGS) -MMD -MP -c -o $@ $<

$(SCRIPTTEXT): steps/server-script.ps1 steps/server-script-enable.ps1 Makefile
	@mkdir -p $(@D)
	$(say) TEXT $@
	$(q){ echo '#include "steps/server_script.h"'; \
	echo 'const char *const server_script_lines[] = {'; \
	sed -e 's/[\\"]/\\&/g' -e 's/^/	"/' -e 's/$$/",/' steps/server-script.ps1; \
	echo '	NULL, };'; echo 'const char *const server_script_enable_lines[] = {'; \
	sed -e 's/[\\"]/\\&/g' -e 's/^/	"/' -e 's/$$/",/' steps/server-script-enable.ps1; \
	echo '	NULL, };'; } >$@

$(SCRIPTTEXT:.c=.o): $(SCRIPTTEXT) $(O)/flags
	$(say) CC $<
	$(q)$(FLAGS) -MMD -MP -c -o $@ $<

$(O)/$(PROG): $(OBJS)
	$(say) LD $@
	$(q)$(CC) $(CFLAGS) $(HARDLD) $(LDFLAGS) -o $@ $^ $(PKGLD) $(LDLIBS)

lib: $(O)/lib.a		## build everything but the program's main
$(O)/lib.a: $(LIBOBJS)
	$(say) AR $@
	$(q)rm -f $@ && $(AR) rcs $@ $^

$(UNIT): $(O)/tests/%: $(O)/tests/%.o $(O)/lib.a
	$(say) LD $@
	$(q)$(CC) $(CFLAGS) $(HARDLD) $(LDFLAGS) -o $@ $^ $(TESTLD) $(PKGLD) $(LDLIBS)

$(SERVER): $(O)/tests/%: $(O)/tests/%.o $(O)/lib.a
	$(say) LD $@
	$(q)$(CC) $(CFLAGS) $(HARDLD) $(LDFLAGS) -o $@ $^ $(shell $(PKG_CONFIG) --libs $(SERVERPKGS)) $(PKGLD) $(LDLIBS)

$(PRELOAD): $(O)/%.so: %.c $(O)/flags
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(CC) $(STD) $(WARN) $(CFLAGS) -fPIC -shared -o $@ $<

$(KEYRING): tests/keyring/libsecret.c $(O)/flags
	@mkdir -p $(@D)
	$(say) LD $@
	$(q)$(CC) $(STD) $(WARN) $(CFLAGS) -fPIC -shared -o $@ $<

units: $(KEYRING) $(UNIT:=.ok)	## the tests written in C
%.ok: %
	$(say) TEST $*
	$(q)LC_ALL=C.UTF-8 TZ=UTC $* >$*.log 2>&1 || { cat $*.log; exit 1; }
	@touch $@

demo:			## set up, build, and start the wizard on the demo tenant
	@tests/setup.sh build
	@$(MAKE) --no-print-directory -j2 all >&2
	@$(O)/$(PROG) --demo

check:			## set up, build, and run every test
	@tests/setup.sh check
	@$(MAKE) --no-print-directory -j2 WERROR=1 all tests
	@tests/run.sh $(O)

check-dc:		## judge and probe a real domain controller (Samba, as root)
	@tests/setup.sh dc
	@$(MAKE) --no-print-directory -j2 WERROR=1 all $(SERVER)
	@tests/dc/run.sh $(O)

check-peers: $(SERVER)	## sign in and use Graph with clients that are not ours (node, npm)
	@tests/peers/run.sh $(O)
	@tests/peers/m365.sh $(O)

tests: $(UNIT) $(SERVER) $(PRELOAD) $(KEYRING)	## build the tests

golden: $(O)/tests/screens/test_screens	## write the golden screens and the README's picture anew
	@GENERATE=1 LC_ALL=C.UTF-8 TZ=UTC $< >/dev/null
	@awk -v title="A step of the wizard: the runbook on the left, the step on the right" \
		-f tests/pictures/grid-to-svg.awk tests/screens/step-methods-80x24.txt >man/screen.svg

bench: $(O)/tests/bench/bench $(O)/$(PROG)	## measure against the budgets
	@cp $(O)/$(PROG) $(O)/$(PROG)-stripped && strip $(O)/$(PROG)-stripped
	@$(O)/tests/bench/bench $(O)/$(PROG)-stripped

$(O)/tests/bench/bench: $(O)/tests/bench/bench.o $(O)/lib.a
	$(say) LD $@
	$(q)$(CC) $(CFLAGS) $(HARDLD) $(LDFLAGS) -o $@ $^ -lutil $(PKGLD) $(LDLIBS)

FUZZERS	:= $(patsubst %.c,$(O)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
fuzz: $(FUZZERS)	## build the fuzzers (clang) and run each for FUZZ_SECONDS
	@for f in $(FUZZERS); do n=$$(basename $$f); d=tests/fuzz/corpus/$${n#fuzz_}; [ -d $$d ] || d=; \
		mkdir -p $(O)/corpus/$$n; echo "  FUZZ    $$n"; \
		$$f -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 $(O)/corpus/$$n $$d >$$f.log 2>&1 || \
		{ tail -n 30 $$f.log; exit 1; }; done
FUZZ_SECONDS ?= 20
$(FUZZERS): $(O)/tests/fuzz/%: tests/fuzz/%.c $(filter-out $(MAINSRC),$(SRCS)) $(SCRIPTTEXT)
	@mkdir -p $(@D)
	$(q)clang $(STD) -g -O1 -fsanitize=fuzzer,address,undefined $(PKGCF) -o $@ $^ $(PKGLD)

lint:			## compilers, analysers, manual pages, scripts, the dependency rule
	@tests/lint.sh

install: all install-man	## honours DESTDIR and PREFIX
	$(INSTALL) -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(BASHCOMPDIR)"
	$(INSTALL) -m 0755 $(O)/$(PROG) "$(DESTDIR)$(BINDIR)/$(PROG)"
	$(INSTALL) -m 0644 man/completions/$(PROG).bash "$(DESTDIR)$(BASHCOMPDIR)/$(PROG)"
install-man:
	$(INSTALL) -d "$(DESTDIR)$(EXAMPLEDIR)"
	for e in man/examples/*; do m=0644; [ -x "$$e" ] && m=0755; \
		$(INSTALL) -m $$m "$$e" "$(DESTDIR)$(EXAMPLEDIR)/" || exit 1; done
	for m in man/*.[1-9]; do d="$(DESTDIR)$(MANDIR)/man$${m##*.}"; \
		$(INSTALL) -d "$$d" && $(INSTALL) -m 0644 "$$m" "$$d/" || exit 1; done
uninstall:		## takes out exactly what install put in
	rm -f "$(DESTDIR)$(BINDIR)/$(PROG)" "$(DESTDIR)$(BASHCOMPDIR)/$(PROG)"
	for e in man/examples/*; do rm -f "$(DESTDIR)$(EXAMPLEDIR)/$${e##*/}"; done
	-rmdir "$(DESTDIR)$(EXAMPLEDIR)" "$(DESTDIR)$(dir $(EXAMPLEDIR))" 2>/dev/null
	for m in man/*.[1-9]; do rm -f "$(DESTDIR)$(MANDIR)/man$${m##*.}/$${m##*/}"; done

clean:			## remove build directories
	rm -rf build build-*

help:			## this list
	@sed -n 's/^\([a-z-]*\):[^#]*##[ \t]*\(.*\)/  \1\t\2/p' Makefile

-include $(OBJS:.o=.d) $(UNIT:=.d) $(SERVER:=.d)
