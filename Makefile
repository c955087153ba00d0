# Sportello. `make demo` tries it, `make test` checks it; each sets up what it needs.
SHELL   := /bin/bash
GO      ?= go
BIN     := bin/sportello
CACHE   := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/sportello
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
# How long go test may take for one package; CI machines have two cores.
TIMEOUT ?= 45m

.PHONY: crash faults fuzz soak api-test red-team help build web demo test test-go engine models lint bench eval eval-models cover clean system release release-key release-test deb-test audit baseline

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

build: web ## build bin/sportello with its pages
	$(GO) build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o $(BIN) ./cmd/sportello

web: web/static/vendor/.done ## fetch the front-end packages (npm) that the pages embed

web/static/vendor/.done: web/package-lock.json web/vendor.mjs
	@if command -v npm >/dev/null; then \
	  cd web && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build && touch static/vendor/.done; \
	else echo "sportello: npm is not here: the pages use their plain stylesheet"; fi

engine: build ## install the model engine, unless llama-server is on PATH
	@$(BIN) models engine || echo "sportello: no engine: search goes by words only (sportello doctor says why)"

models: engine ## fetch the embedding model; CHAT=smollm2-135m fetches a chat model too
	@$(BIN) models pull multilingual-e5-small || echo "sportello: no embedding model: search goes by words only"
	@if [ -n "$(CHAT)" ]; then $(BIN) models pull $(CHAT); fi

demo: models ## a fictional comune in the browser; DEMO_ONCE=1 prints three answers and exits
	@$(BIN) demo $(if $(DEMO_ONCE),--once) $(if $(CHAT),--chat $(CHAT))

system: ## install what the tests need from the system's packages (Debian)
	@bash .ci/system

test: system models ## everything: unit, contract, command line, browser, documents
	$(GO) vet ./...
	$(GO) test -timeout $(TIMEOUT) ./...

api-test: build ## ask a running server thousands of questions made from its description (schemathesis); SEED=2 asks others
	@bash .ci/api

baseline: build ## what testssl.sh and nikto find in a server that speaks TLS itself; fails for what nobody judged
	@bash .ci/baseline

lint: ## golangci-lint with .golangci.yml, gofmt
	@bash .ci/lint

audit: build ## what others made: licences that are allowed, known weaknesses (govulncheck, where its database can be reached)
	@bash .ci/audit

release: web ## dist/: programs, Debian packages, SBOM, licences, sums; VERSION=v1.2.3, KEY=FILE signs
	@bash .ci/release

release-key: ## make the pair of keys of releases: KEY=FILE stays with you, deploy/release.pub is committed
	@[ -n "$(KEY)" ] || { echo "say where: make release-key KEY=/media/usb/sportello-release.key" >&2; exit 2; }
	@$$(.ci/tool minisign aead.dev/minisign/cmd/minisign v0.3.0) -G -s "$(KEY)" -p $(or $(PUB),deploy/release.pub)

release-test: web ## two releases from two folders have the same bytes
	@bash .ci/release-test

deb-test: web ## the Debian package in a fresh Debian (debootstrap, as root): install, answer, back up, restore, update, remove, purge
	@bash .ci/deb-test

bench: models ## speed next to its limit, in one run
	@bash .ci/bench

.PHONY: bench-search benchmarks
bench-search: models bin/bench-peers ## the embedded index beside bleve and chromem-go; SIZES=1000000 for a million passages
	@bash .ci/benchmarks search

benchmarks: models bin/bench-peers ## measure what BENCHMARKS.md says and write it; about a quarter of an hour on two free cores, MILLION=1 adds a million passages
	@bash .ci/benchmarks

bin/bench-peers: $(wildcard cmd/bench-peers/*.go) cmd/bench-peers/go.mod
	$(GO) build -C cmd/bench-peers -trimpath -o ../../bin/bench-peers .

# What the documents of the question set are read with; those that the same version read are not read again.
READER = $(shell cat $$(find ingest assistant/store assistant/lexicon cmd/sportello/parsers.go cmd/sportello/ingest.go go.sum -type f ! -name '*_test.go' | sort) | sha256sum | cut -c1-12)
SHARED ?= ../shared

eval: models ## measure every set and compare with the committed figures; UPDATE=1 writes them, SETS="questions" for some
	@status=0; $(GO) test -count=1 -run TwoSided ./assistant/eval $(if $(UPDATE),-update-twosided) || status=1; \
	  $(BIN) --log-level warn eval all --shared $(SHARED) --reader $(READER) $(if $(UPDATE),--update) $(SETS) || status=1; exit $$status

eval-models: models ## chat models side by side: MODEL="NAME…" of the catalogue, or of the server at ENDPOINT; LIMIT=20 for a taste
	@[ -n "$(MODEL)" ] || { echo "say which: make eval-models MODEL=smollm2-135m, or ENDPOINT=http://host:port/v1 MODEL=NAME" >&2; exit 2; }
	@$(if $(ENDPOINT),:,for m in $(MODEL); do $(BIN) models pull $$m || exit 1; done)
	@$(BIN) --log-level warn eval models --shared $(SHARED) --reader $(READER) $(if $(ENDPOINT),--endpoint $(ENDPOINT)) $(if $(LIMIT),--limit $(LIMIT)) $(MODEL)

RED_TIME ?= 10m
red-team: models ## attack the whole path of a question: quotes by words and by meaning, then a small chat model for RED_TIME; UPDATE=1 writes the tables anew
	@$(BIN) models pull smollm2-135m
	@status=0; for how in "--words --golden assistant/eval/testdata/redteam_words.txt" "--golden assistant/eval/testdata/redteam_quotes.txt"; do \
	  $(BIN) --log-level error eval red-team --shared $(SHARED) $$how $(if $(UPDATE),--update) || status=1; done; \
	  $(BIN) --log-level error --set chat.max_tokens=120 eval red-team --shared $(SHARED) --chat smollm2-135m --every 12 --time $(RED_TIME) || status=1; exit $$status

faults: ## break one thing after the other under a running server and compare what is seen with docs/guasti.md; UPDATE=1 writes the table anew
	@UPDATE=$(UPDATE) $(GO) test ./cmd/sportello -count=1 -timeout 30m -run 'TestFaults' -v

KILLS ?= 100
SCENARIO ?= .
crash: ## kill processes at random moments, KILLS=100 times in each scenario, and look for what was lost; SCENARIO=mail for one
	@KILLS=$(KILLS) UPDATE=$(UPDATE) $(GO) test ./cmd/sportello -count=1 -timeout 4h -run 'TestCrash/$(SCENARIO)' -v 2>&1 | grep -E 'crash table|^ *---|_test.go|^(ok|FAIL)' | sed 's/.*crash table: //'

TIME ?= 10m
fuzz: ## every fuzz target for TIME=10m; ONLY=docx for those whose name or package says so
	@TIME=$(TIME) ONLY=$(ONLY) bash .ci/fuzz

DURATION ?= 10m
soak: ## everything at once for DURATION=10m: uploads, questions, edits, backups, restarts, webhooks; RACE=1 under the race detector
	@SOAK=$(DURATION) $(GO) test $(if $(RACE),-race) ./cmd/sportello -count=1 -timeout 24h -run 'TestSoak' -v

cover: ## coverage of assistant and ingest
	@bash .ci/cover

clean: ## remove what was built here; the cache of models stays
	rm -rf bin dist web/static/vendor web/node_modules coverage.txt
