# Shortcuts for what CONTRIBUTING.md explains. `make` alone lists those that are needed often; docs/PERFORMANCE.md,
# docs/RELIABILITY.md and docs/SECURITY.md name the others.

# Servers for `make test-all-db`; each test makes a database of its own there and drops it again.
TEST_POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/postgres
TEST_MYSQL_URL ?= mysql://root@127.0.0.1:3306/mysql
TEST_REDIS_URL ?= redis://127.0.0.1:6379

CARGO ?= cargo
COMPOSE ?= docker compose --file docker/compose.yaml

.DEFAULT_GOAL := help
.PHONY: help run test test-all-db fuzz-api lint fmt bench kill cut erd openapi doc deny image ci

help: # List these verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Serve on http://127.0.0.1:8000, with SQLite in ./data
	$(CARGO) run --locked

test: export TEST_POSTGRES_URL =
test: TEST_MYSQL_URL =
test: TEST_REDIS_URL =
test: ## Run every test that needs no server
	$(CARGO) test --workspace --locked

test-all-db: ## Run every test, also on PostgreSQL, MySQL/MariaDB and Redis (TEST_*_URL)
	TEST_POSTGRES_URL="$(TEST_POSTGRES_URL)" TEST_MYSQL_URL="$(TEST_MYSQL_URL)" \
	TEST_REDIS_URL="$(TEST_REDIS_URL)" $(CARGO) test --workspace --locked

fuzz-api: # Hold the running program against openapi.json (schemathesis; needs Python 3.10)
	tests/schemathesis/run

lint: ## Check formatting, lints and layers
	$(CARGO) fmt --all -- --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	bash .ci/layers

fmt: ## Format the code
	$(CARGO) fmt --all

bench: ## Load every domain of a server of one's own for a moment (BENCH=--help tells what else)
	$(CARGO) build --release --workspace --locked
	./target/release/ensemble-bench $(BENCH)

bench-%: # Measure one subject: lists, feed, chat, media, outbox, overload, engine (see docs/PERFORMANCE.md)
	$(CARGO) build --release --workspace --locked
	$(CARGO) bench --workspace --locked --bench $*

kill: # Kill a server 200 times under load and see what is left (see docs/RELIABILITY.md)
	ENSEMBLE_TEST_KILLS=200 $(CARGO) test --workspace --locked --test cli -- --nocapture killed::

cut: # Cut a server off from its database for a minute under load (see docs/RELIABILITY.md)
	TEST_POSTGRES_URL="$(TEST_POSTGRES_URL)" TEST_MYSQL_URL="$(TEST_MYSQL_URL)" \
	ENSEMBLE_TEST_CUT_SECONDS=60 $(CARGO) test --workspace --locked --test cli -- --nocapture --test-threads 1 away::

erd: ## Draw docs/erd.dot and ERD.png from the migrated schema (needs Graphviz)
	$(CARGO) run --locked --quiet -- erd > docs/erd.dot.new
	mv docs/erd.dot.new docs/erd.dot
	dot -Tpng -Gdpi=110 docs/erd.dot -o ERD.png

openapi: ## Write openapi.json from the routes
	$(CARGO) run --locked --quiet -- openapi > openapi.json.new
	mv openapi.json.new openapi.json

doc: # Build the documentation of the code into target/doc
	$(CARGO) doc --workspace --locked --no-deps --document-private-items

deny: # Check licences, sources and (with cargo-deny) known weaknesses of dependencies
	bash .ci/supply

image: ## Build the container image (needs Docker)
	$(COMPOSE) build

ci: ## Run what every change has to pass
	bash .ci/run
