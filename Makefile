# Everything a person or CI does with comanda. `make` alone lists it.
# Variables can be given either way: `make up REPLICAS=3` or `REPLICAS=3 make up`; a file .env is read too.

NODE := .tools/bin/node
CLI := $(NODE) libs/local-stack/src/cli.ts

.DEFAULT_GOAL := help
.PHONY: help up down reset status logs watch migrate seed rollups-rebuild env test check openapi schema record-release env-example test-abuse test-fuzz test-stack test-stack-down load-orders load-10-users load-50-users load-100-users load-profiles load-rush load-spike load-soak load-sockets load-limit load-locust bench bench-analytics bench-realtime test-rush test-reconnect test-rolling test-charts test-rules test-alerts dashboards test-dashboards dashboard-pictures observe metrics-docs charts-docs test-images pin-images audit test-cluster setup

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo '  Variables of `make up`: REPLICAS=3, RATE_LIMITS=off, DEMO_PASSWORD=…, POSTGRES_PORT=5440, REDIS_PORT=7000, ORDERS_PORT=3001 (and so on)'

up: setup ## Start everything on this machine: Postgres, Redis, the schema, demo data, every service
	@$(CLI) up

down: setup ## Stop it all; the data stays
	@$(CLI) down

reset: setup ## Stop it all and forget the data
	@$(CLI) reset

status: setup ## Say which services run
	@$(CLI) status

logs: setup ## Follow the logs of the services (SERVICE=orders for one)
	@$(CLI) logs

watch: setup ## A live board of a cafeteria's orders in this terminal (CAFETERIA=comedor-central for another)
	@$(NODE) scripts/watch.ts

migrate: setup ## Apply the migrations that are missing
	@$(CLI) migrate

seed: setup ## Fill the database with the demo campus; ORDERS=100000 makes history too
	@$(CLI) seed

rollups-rebuild: setup ## Count the whole log again into new rollups, and swap them in while everything runs
	@$(CLI) rollups-rebuild

env: setup ## Print the variables that reach the running stack
	@$(CLI) env

test: ## Check and test everything (FILES=libs/x/test/y.test.ts for some tests only)
	@scripts/setup.sh tests
	@$(NODE) scripts/test.ts $(FILES)

check: setup ## Types, lint, format, migrations, the schema, OpenAPI
	@$(NODE) scripts/check.ts

openapi: setup ## Write services/*/openapi.json from the code, and the REST client from it
	@$(NODE) scripts/openapi.ts
	@$(NODE) scripts/rest-client.ts

schema: setup ## Write libs/database/schema.sql and the diagrams of docs/data-model.md from the code
	@$(NODE) scripts/schema.ts

record-release: setup ## Record the schema, sample data and API documents of a release, for the tests of the next one
	@$(NODE) scripts/record-release.ts

env-example: setup ## Write .env.example from the configuration of the services
	@$(NODE) scripts/env-example.ts

test-charts: ## Test the chart and k8s/: lint, schema, templates, renders, kubeconform, a smoke test (FILES=charts/test/x.test.ts)
	@scripts/setup.sh tests
	@$(NODE) scripts/test-charts.ts $(FILES)

observe: setup ## Prometheus, Alertmanager and exporters beside the fleet of `make up`, until Ctrl-C (Debian's packages, installed when missing)
	@$(NODE) scripts/observe.ts

test-rules: ## Test the rules, alerts, routes and runbooks: promtool, amtool, every metric that a rule names (part of make test)
	@scripts/setup.sh tests
	@$(NODE) scripts/test-rules.ts

test-alerts: ## Stop a database and a Redis node under a real Prometheus and Alertmanager, and wait for the pager (about three minutes)
	@scripts/setup.sh tests
	@$(NODE) scripts/test-alerts.ts

dashboards: setup ## Write charts/comanda/dashboards from charts/dashboards
	@$(NODE) scripts/dashboards.ts

test-dashboards: ## Ask a real Prometheus every query of every panel while a fleet is used (a few minutes); results in .comanda/dashboards
	@scripts/setup.sh tests
	@$(NODE) scripts/test-dashboards.ts

dashboard-pictures: setup ## Draw docs/dashboards from what the last `make test-dashboards` found
	@$(NODE) scripts/dashboard-pictures.ts

metrics-docs: setup ## Write docs/metrics.md from what the running services expose
	@$(NODE) scripts/metrics-docs.ts

test-cluster: ## Install, upgrade, break, drain and remove the chart on a real Kubernetes API (builds it first: about a quarter of an hour)
	@scripts/setup.sh tests
	@$(NODE) scripts/test-cluster.ts $(FILES)

charts-docs: setup ## Write charts/renders from the chart, and docs/chart-values.md from its schema
	@$(NODE) scripts/charts-docs.ts

test-images: ## Build every image on a local Debian, inspect it, start it; check compose.yaml (as root; FILES=images/test/x.test.ts)
	@scripts/setup.sh tests
	@$(NODE) scripts/test-images.ts $(FILES)

pin-images: setup ## Write the digests of public images behind their tags (ARGS=--check: fail where one is missing)
	@$(NODE) scripts/pin-images.ts $(ARGS)

audit: setup ## Ask the registry for known holes in what runs in production
	@.tools/node_modules/.bin/pnpm audit --prod --audit-level moderate

test-abuse: ## Try to break in: callers, races, malformed requests, memory (part of make test; ARGS=10 for ten in a row)
	@scripts/setup.sh tests
	@$(NODE) scripts/test-abuse.ts $(ARGS)

test-fuzz: setup ## Fuzz every operation of the API as each role (part of make test; ARGS=--minutes=30 for longer, --seed=7, --keep)
	@$(NODE) scripts/test-fuzz.ts $(ARGS)

test-stack: setup ## Start the servers that tests use, with a migrated template database
	@$(CLI) test-stack

test-stack-down: setup ## Stop the servers that tests use
	@$(CLI) test-stack-down

load-orders: setup ## Place orders as fast as the fleet takes them, for 10 s (after RATE_LIMITS=off make up)
	@$(NODE) load-tests/place-orders.ts

load-10-users: setup ## Ten users for a minute, against objectives (k6 where it is on the path; COMANDA_URL=… for another fleet)
	@$(NODE) load-tests/run/run.ts 10-users

load-50-users: setup ## Fifty users for two minutes
	@$(NODE) load-tests/run/run.ts 50-users

load-100-users: setup ## A hundred users for three minutes
	@$(NODE) load-tests/run/run.ts 100-users

load-profiles: setup ## Fifty users, of whom one in ten asks for much
	@$(NODE) load-tests/run/run.ts profiles

load-rush: setup ## 5,000 users at lunch for five minutes (SECONDS=1800 for half an hour)
	@$(NODE) load-tests/run/run.ts rush

load-spike: setup ## Ten times as many users within ten seconds
	@$(NODE) load-tests/run/run.ts spike

load-soak: setup ## A thousand users for an hour
	@$(NODE) load-tests/run/run.ts soak

load-sockets: setup ## Customers who follow their orders on sockets
	@$(NODE) load-tests/run/run.ts sockets

load-limit: setup ## How many users of a rush this machine holds
	@$(NODE) load-tests/run/limit.ts

load-locust: setup ## The same users by locust, with its screen (ARGS="rush --headless" for another scenario, without the screen)
	@$(NODE) load-tests/run/locust.ts $(ARGS)

bench: setup ## Measure the service beside its ceilings (ARGS=--compare: with the baseline; about 4 minutes)
	@$(NODE) load-tests/bench/bench.ts $(ARGS)

bench-analytics: setup ## Measure dashboards, rollups and hot paths at several numbers of orders (ARGS=--sizes=20000,1000000)
	@$(NODE) load-tests/analytics/bench-analytics.ts $(ARGS)

bench-realtime: setup ## Measure the way from a commit to 5,000 sockets and to dashboards, beside bare socket.io (a few minutes)
	@$(NODE) load-tests/realtime/bench-realtime.ts

test-rush: setup ## Kill gateway, worker, Redis master and Postgres primary under 200 clients (RUNS=10 for ten in a row)
	@$(NODE) load-tests/rush/rush.ts

test-reconnect: setup ## Kill a gateway under 2,000 clients
	@$(NODE) load-tests/rush/reconnect.ts

test-rolling: setup ## Replace every process as the chart does, under load and sockets (RUNS=10 for ten in a row)
	@$(NODE) load-tests/rolling/rolling.ts

setup: ## Install pnpm, Node 24 and the packages into this clone (every target does so)
	@scripts/setup.sh
