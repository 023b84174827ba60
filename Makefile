# Each target is a line or two over ordinary tools. Everything is built without
# cgo; only the race detector wants a C compiler.
export CGO_ENABLED = 0

# Pinned, so that a clean tree stays clean until somebody moves the pin.
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: build demo test bench lint samples web tools

build: web
	go build -trimpath -ldflags "-s -w" -o bin/antequem ./cmd/antequem

# Builds, draws the training scene, loads the samples into ./data/demo and says where to look.
demo: build
	./bin/antequem demo --data data/demo

# Draws the pictures that samples/training/case.yaml names beside it.
samples:
	go run ./samples/draw samples/training

# The scripts and styles of the pages, from npm packages by lock file.
web:
	@if command -v npm >/dev/null; then cd server/web && npm ci --no-audit --no-fund --loglevel=error && go generate . ; \
	else echo "web: no Node here, so the pages are built without their scripts (install nodejs and npm, then make again)"; fi

# The scripts of the commands run the program as a process of its own, many times
# over real alignments: without the race detector, which makes each ten times slower.
COMMAND = github.com/antequem/antequem/cmd/antequem
test: tools web lint
	go test -timeout 20m $(COMMAND)
	@if CGO_ENABLED=1 go test -race -count=1 -run XXX ./imagery/edtf >/dev/null 2>&1; then \
		CGO_ENABLED=1 go test -race -timeout 20m $$(go list ./... | grep -vx $(COMMAND)); \
	else echo "test: no C compiler here, so the race detector stays off"; go test -timeout 20m $$(go list ./... | grep -vx $(COMMAND)); fi

lint:
	@test -z "$$(gofmt -l cmd compare imagery samples server)" || { echo "gofmt -w these:"; gofmt -l cmd compare imagery samples server; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...

# Kernels in megapixels per second (one byte a pixel), then whole processes.
bench:
	go test -run XXX -bench . -benchmem ./...
	go test -count 1 -run TestWholeProcess -v $(COMMAND) -whole 3 | grep align,

# The browser tests drive Debian's Chromium; the tests of time-stamps and of packs ask
# openssl, zip and unzip.
INSTALL = SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	$$SUDO apt-get update -qq && $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
tools:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
		echo "tools: installing chromium for the browser tests"; $(INSTALL) chromium; }
	@command -v openssl >/dev/null && command -v zip >/dev/null && command -v unzip >/dev/null || { \
		echo "tools: installing openssl, zip and unzip for the tests"; $(INSTALL) openssl zip unzip; }
