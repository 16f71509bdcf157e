# cut-release. `make help` lists the targets. Missing Debian packages are installed by
# tools/install-packages, the libraries are fetched and built by deps/build.

VERSION := $(shell cat VERSION)
# musl: what ships. asan: the host's gcc with AddressSanitizer and UBSan, for `make check`.
# coverage: musl's libraries under our code with gcc's counters, for `make coverage`.
FLAVOUR ?= musl
LIBRARIES := $(FLAVOUR:coverage=musl)
B := build
O := $(B)/$(FLAVOUR)
D := $(B)/deps/$(LIBRARIES)

MAKEFLAGS += --no-print-directory
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif
SHELL := bash
# `make V=1` prints the commands.
Q := $(if $(V),,@)
.DELETE_ON_ERROR:
.SECONDARY:

# ---- files --------------------------------------------------------------------------------------

sources := $(sort $(wildcard src/*.c src/*/*.c))
main := $(sort $(wildcard entrypoint/*.c))
unit_programs := $(patsubst %.c,$(O)/%,$(sort $(wildcard tests/unit/test_*.c)))
unit_helpers := $(filter-out tests/unit/test_%,$(sort $(wildcard tests/unit/*.c)))
sandbox_sources := $(sort $(wildcard tests/sandbox/*.c))
formatted = $(sort $(shell find src entrypoint tests -name '*.[ch]'))
headers := $(sort $(wildcard src/*.h src/*/*.h))

objects := $(sources:%.c=$(O)/%.o)
main_objects := $(main:%.c=$(O)/%.o)
helper_objects := $(unit_helpers:%.c=$(O)/%.o)

# ---- flags --------------------------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -Wno-missing-field-initializers
CPPFLAGS := -Isrc -isystem $(D)/include -D_GNU_SOURCE -DCUT_RELEASE_VERSION='"$(VERSION)"'
# The map keeps this folder's name out of the binary: it is the same wherever it is built.
CFLAGS := -std=c11 -g $(WARNINGS) -ffile-prefix-map=$(CURDIR)/=
LDLIBS := -L$(D)/lib -lgpgme -lassuan -lgpg-error -lgit2 -lcurl -lnghttp2 -lhttp_parser \
	-lmbedtls -lmbedx509 -lmbedcrypto -lnettle -lz -lcjson -lyaml

ifeq ($(FLAVOUR),asan)
CC := gcc
CFLAGS += -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LDFLAGS := -fsanitize=address,undefined
program := $(O)/cut-release
else
# musl-gcc comes with its headers, and links every executable as a static PIE.
CC := $(D)/bin/musl-gcc
CPPFLAGS := $(subst -isystem,-I,$(CPPFLAGS))
CFLAGS += -O2 -fPIE -ffunction-sections -fdata-sections -fstack-protector-strong
LDFLAGS := -static-pie -Wl,--gc-sections -Wl,-z,relro,-z,now -Wl,-z,noexecstack
program := $(B)/cut-release
endif

# Not optimised, so that a line is a line. The names of the counters' files are those of the objects.
ifeq ($(FLAVOUR),coverage)
CFLAGS := $(filter-out -O2 -ffile-prefix-map=%,$(CFLAGS)) -O0
LDFLAGS += --coverage -Wl,--wrap=_exit
program := $(O)/cut-release
$(objects) $(main_objects): CFLAGS += --coverage -fprofile-update=atomic
main_objects += $(O)/tests/coverage/exit.o
helper_objects += $(O)/tests/coverage/exit.o
endif

# ---- the program --------------------------------------------------------------------------------

.PHONY: all
all: $(B)/cut-release $(B)/cut-release.spdx.json ## The static binary build/cut-release, with its bill of materials (the default)

$(B)/cut-release: $(B)/cut-release.debug
	$(Q)strip -o $@ $<
	@echo "  built   $@ ($$(($$(stat -c %s $@) / 1024)) KiB)"

$(B)/cut-release.debug $(O)/cut-release: $(main_objects) $(objects)
	@echo '  link    $@'
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/cut-release.spdx.json: $(B)/deps/musl/sources.tsv VERSION deps/spdx
	$(Q)deps/spdx $(VERSION) $< >$@

$(O)/%.o: %.c Makefile VERSION $(D)/sources.tsv
	@mkdir -p $(@D)
	@echo '  compile $<'
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(shell find $(O) -name '*.d' 2>/dev/null)

# ---- what it is made of -------------------------------------------------------------------------

# A build that finds nothing to install or to fetch needs no network.
$(B)/packages.%: tools/packages.txt tools/install-packages
	@mkdir -p $(@D)
	$(Q)tools/install-packages $*
	@touch $@

$(D)/sources.tsv: $(B)/packages.build $(shell find deps -type f)
	$(Q)deps/build $(LIBRARIES) $(D)

# ---- tests --------------------------------------------------------------------------------------

.PHONY: test tests test-thorough thorough coverage image image-test run bench fault-test fault-test-full fault-prove bench-faults torture fuzz valgrind
IMAGE := cut-release:dev
valgrind_scenarios := button_candidate_from button_final button_key_ button_second button_several_keys \
	button_wrong_passphrase key_refused verify_key verify_s verify_tampered verify_weak verify_cut \
	verify_lying verify_tag_of verify_inner verify_two
test: all $(B)/packages.test ## Unit tests and scenarios, on the static binary
	@$(MAKE) tests

# Of one flavour; `make test` and `make check` call it. CUT_RELEASE and SANDBOX tell the scenarios
# which programs to run.
tests: $(program) $(B)/sandbox $(unit_programs)
	@CUT_RELEASE=$(CURDIR)/$(program) SANDBOX=$(CURDIR)/$(B)/sandbox FLAVOUR=$(FLAVOUR) \
		tools/run-tests $(unit_programs)

test-thorough: all $(B)/packages.test ## The other scenarios: each fault, each signal, each variant
	@$(MAKE) thorough

thorough: $(program) $(B)/sandbox
	@CUT_RELEASE=$(CURDIR)/$(program) SANDBOX=$(CURDIR)/$(B)/sandbox tests/scenario/run --thorough

$(O)/tests/unit/test_%: $(O)/tests/unit/test_%.o $(helper_objects) $(objects)
	@echo '  link    $@'
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

# The fake GitHub is a program of the host: nothing of it ships.
$(B)/sandbox: $(sandbox_sources) $(wildcard tests/sandbox/*.h) Makefile $(B)/packages.test
	@echo '  build   $@'
	$(Q)gcc -std=c11 -g -O1 $(WARNINGS) -pthread -o $@ $(sandbox_sources) \
		$$(pkg-config --cflags --libs gnutls libcjson yaml-0.1)

# IMAGE names it; FRESH=1 takes nothing from an earlier build.
image: ## The container image cut-release:dev, by a Docker engine that is started where none runs
	@tools/with-docker tools/image $(IMAGE)

image-test: $(B)/packages.test $(B)/packages.image-test $(B)/sandbox ## Build the image, and run it as GitHub's runner does
	@SANDBOX=$(CURDIR)/$(B)/sandbox tools/with-docker tools/image-test $(IMAGE)

run: all $(B)/packages.test $(B)/sandbox ## Cut a release candidate in the sandbox and show what happens
	@CUT_RELEASE=$(CURDIR)/$(B)/cut-release SANDBOX=$(CURDIR)/$(B)/sandbox tests/scenario/demo

bench: all $(B)/packages.test $(B)/packages.bench $(B)/sandbox ## Measure against curl and gh, over TLS with 40 ms a request
	@CUT_RELEASE=$(CURDIR)/$(B)/cut-release SANDBOX=$(CURDIR)/$(B)/sandbox tests/bench/run
	@CUT_RELEASE=$(CURDIR)/$(B)/cut-release SANDBOX=$(CURDIR)/$(B)/sandbox tests/bench/assets
	@CUT_RELEASE=$(CURDIR)/$(B)/cut-release tests/bench/notes
	@CUT_RELEASE=$(CURDIR)/$(B)/cut-release tools/with-docker tests/bench/container $(IMAGE)

bench-faults: $(B)/packages.test $(B)/packages.bench-faults $(B)/fault/cut-release $(B)/sandbox ## What faults leave behind, beside gh
	@SCENARIOS=$(CURDIR)/tests/bench/faults.sh SANDBOX=$(CURDIR)/$(B)/sandbox \
		CUT_RELEASE=$(CURDIR)/$(B)/fault/cut-release tests/fault/run --figures

# The program with another clock, and with a hand on its system calls. And the same with a bug on purpose,
# which has to turn the table red.
fault_calls := connect send sendmsg write writev pwrite fflush ftruncate rename link symlink unlink mkdir rmdir fork open
fault_objects := $(main_objects) $(filter-out $(O)/src/base/clock.o,$(objects)) $(O)/tests/fault/clock.o \
	$(O)/tests/fault/kill.o
$(B)/fault/cut-release: $(fault_objects)
$(B)/fault/blind/cut-release: $(fault_objects) $(O)/tests/fault/blind.o
$(B)/fault/blind/cut-release: LDFLAGS += -Wl,--wrap=http_run
$(B)/fault/cut-release $(B)/fault/blind/cut-release:
	@mkdir -p $(@D)
	@echo '  link    $@'
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(fault_calls:%=-Wl,--wrap=%) -o $@ $^ $(LDLIBS)

# SEED repeats what was chosen by chance; CASES='button-*-500' runs some.
fault_run := @SANDBOX=$(CURDIR)/$(B)/sandbox CUT_RELEASE=$(CURDIR)/$(B)/fault/cut-release \
	tests/fault/run $(if $(SEED),--seed $(SEED))
fault-prove: $(B)/packages.test $(B)/fault/cut-release $(B)/fault/blind/cut-release $(B)/sandbox
	@SANDBOX=$(CURDIR)/$(B)/sandbox CUT_RELEASE=$(CURDIR)/$(B)/fault/blind/cut-release tests/fault/prove

fault-test: fault-prove ## Each fault at each request, a sample of pairs and kills, races; after each a clean run
	$(fault_run) --pairs 100 --kills 20 $(CASES)

fault-test-full: fault-prove ## The same with every kill, and many more pairs
	$(fault_run) --pairs 2000 --kills all $(CASES)

# What the corpora hold, and a moment of new inputs.
check-fuzz: $(B)/packages.fuzz
	@tests/fuzz/run 2

fuzz: $(B)/packages.fuzz ## Run each libFuzzer target for SECONDS_EACH, a minute if not told
	@tests/fuzz/run $(or $(SECONDS_EACH),60)

# About 20 times slower: one run that signs, makes or refuses after the other, two at once.
valgrind: all $(B)/packages.test $(B)/packages.valgrind $(B)/sandbox ## The scenarios that sign and verify under valgrind (NAMES="PART..." for others)
	@rm -rf $(B)/valgrind && mkdir -p $(B)/valgrind && chmod 777 $(B)/valgrind
	@PATIENCE=20 JOBS=2 CUT_RELEASE=$(CURDIR)/tools/under-valgrind SANDBOX=$(CURDIR)/$(B)/sandbox \
		tests/scenario/run $(or $(NAMES),$(valgrind_scenarios))
	@cat $(B)/valgrind/*.log; ! grep -q . $(B)/valgrind/*.log

# Memory, files and disks that run out. Another link of the same objects, with tests/torture/torture.c
# between the program and its memory; nothing of it ships.
torture_objects := $(filter-out $(O)/src/base/memory.o,$(main_objects) $(objects)) \
	$(B)/torture/memory.o $(B)/torture/torture.o
torture: all $(B)/packages.test $(B)/torture/cut-release $(B)/sandbox ## Each allocation fails in turn, then files and disks run out (SAMPLE=N for a short one)
	@TORTURED=$(CURDIR)/$(B)/torture/cut-release CUT_RELEASE=$(CURDIR)/$(B)/cut-release \
		SANDBOX=$(CURDIR)/$(B)/sandbox tests/torture/run

$(B)/torture/cut-release: $(torture_objects)
	@echo '  link    $@'
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=clock_sleep_ms -o $@ $^ $(LDLIBS)

$(B)/torture/memory.o: src/base/memory.c Makefile $(D)/sources.tsv
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -Dcalloc=torture_calloc -Drealloc=torture_realloc -Dfree=torture_free -c -o $@ $<

$(B)/torture/torture.o: tests/torture/torture.c Makefile $(D)/sources.tsv
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# All that make test and test-thorough run, on a program that counts its lines; a run that is killed
# counts nothing.
coverage: $(B)/packages.test $(B)/packages.coverage ## Lines and branches that all tests reach, and why the others are missed; fails under 95 % of lines
	@$(MAKE) FLAVOUR=coverage $(B)/coverage/cut-release
	@tests/coverage/begin $(B)/coverage
	@PATIENCE=5 $(MAKE) FLAVOUR=coverage tests
	@PATIENCE=5 JOBS=8 $(MAKE) FLAVOUR=coverage thorough
	@tests/coverage/report $(B)/coverage

# ---- checks -------------------------------------------------------------------------------------

.PHONY: check check-fuzz check-format check-cppcheck check-tidy check-shell check-layering check-inputs check-workflows check-sandbox asan
check: $(B)/packages.check $(B)/packages.lint $(B)/packages.test $(B)/packages.fuzz ## Format, linters, layering, and all tests under ASan, UBSan and LeakSanitizer
	@$(MAKE) FLAVOUR=asan check-format check-cppcheck check-tidy check-shell check-layering check-inputs check-workflows
	@$(MAKE) check-sandbox
	@$(MAKE) check-fuzz
	@PATIENCE=5 $(MAKE) FLAVOUR=asan tests
	@PATIENCE=5 JOBS=8 $(MAKE) FLAVOUR=asan thorough

asan: ## Only build that flavour: build/asan/cut-release
	@$(MAKE) FLAVOUR=asan $(B)/asan/cut-release

check-format: $(B)/packages.check
	clang-format --dry-run -Werror $(formatted)

check-cppcheck: $(B)/packages.check
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
		--inline-suppr --suppress=missingIncludeSystem -D_GNU_SOURCE -DCUT_RELEASE_VERSION='"0"' \
		-Isrc -j$$(nproc) src entrypoint

# libcurl's own checks of types, which the compiler makes, count as hundreds of statements a call.
check-tidy: $(patsubst %,$(B)/tidy/%.ok,$(sources) $(main))
$(B)/tidy/%.ok: % $(headers) .clang-tidy $(B)/packages.check $(D)/sources.tsv
	@echo '  tidy    $<'
	@mkdir -p $(@D)
	$(Q)clang-tidy --quiet --warnings-as-errors='*' $< -- -std=c11 -DCURL_DISABLE_TYPECHECK $(CPPFLAGS) 2>$@.log || \
		{ grep -v 'warnings\? generated\|warnings treated as errors' $@.log; exit 1; }
	@touch $@

check-shell: $(B)/packages.check
	shellcheck --severity=warning $$(find .ci deps tools tests -type f -exec \
		awk 'FNR == 1 && /^#!.*sh$$|shellcheck shell=/ { print FILENAME }' {} +)

check-layering:
	tools/check-layering

check-sandbox: $(B)/sandbox
	tests/sandbox/selfcheck $(B)/sandbox

check-inputs: $(program)
	tools/check-inputs $(program)

check-workflows: $(B)/packages.lint
	tools/lint-workflows
	tools/check-pin-action

# ---- the rest -----------------------------------------------------------------------------------

.PHONY: format clean help
format: $(B)/packages.check ## Rewrite the C files in the project's format
	clang-format -i $(formatted)

clean: ## Remove build/; fetched and built libraries stay in the cache
	rm -rf $(B)

help: ## This list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 16
