#!/bin/sh
# Installs what everything else needs, into this clone alone: pnpm into .tools, the packages, and Node 24.
# Does nothing when nothing has changed since the last time. With the argument `tests` it prepares tap too.
set -eu
cd "$(dirname "$0")/.."

pnpm_version=12.21.0
pnpm=.tools/node_modules/.bin/pnpm

wanted() {
  cat pnpm-lock.yaml pnpm-workspace.yaml package.json libs/*/package.json services/*/package.json scripts/setup.sh .taprc | cksum
}

is_done() {
  [ "$(cat ".tools/$1" 2>/dev/null || true)" = "$(wanted)" ] && [ -x .tools/bin/node ]
}

install_packages() {
  if ! command -v npm >/dev/null; then
    echo 'comanda needs npm, which comes with Node.js: install it from https://nodejs.org or with your package manager.' >&2
    exit 1
  fi
  mkdir -p .tools/bin
  if [ "$($pnpm --version 2>/dev/null || true)" != "$pnpm_version" ]; then
    echo "  pnpm $pnpm_version into .tools"
    npm install --prefix .tools --no-audit --no-fund --loglevel=error "pnpm@$pnpm_version" >.tools/npm.log 2>&1 || {
      cat .tools/npm.log >&2
      exit 1
    }
  fi
  echo '  packages (pnpm install)'
  CI=true $pnpm install --frozen-lockfile --reporter=append-only >.tools/install.log 2>&1 || {
    cat .tools/install.log >&2
    exit 1
  }
  link_node
  wanted >.tools/installed
}

# The registry's Node 24 where there is one for the platform, otherwise the machine's own if it is new enough.
link_node() {
  if [ -x node_modules/.bin/node ]; then
    ln -sf ../../node_modules/.bin/node .tools/bin/node
  elif node -e 'const [a, b] = process.versions.node.split("."); process.exit(+a > 24 || (+a === 24 && +b >= 14) ? 0 : 1)' 2>/dev/null; then
    ln -sf "$(command -v node)" .tools/bin/node
  else
    echo 'comanda runs on Node 24.14 or later, and npm has none for this platform: install it from https://nodejs.org.' >&2
    exit 1
  fi
}

is_done installed || install_packages

if [ "${1:-}" = tests ] && ! is_done tap-built; then
  echo '  tap (its plugins are chosen in .taprc)'
  PATH="$PWD/.tools/bin:$PATH" $pnpm exec tap build >.tools/tap.log 2>&1 || {
    cat .tools/tap.log >&2
    exit 1
  }
  wanted >.tools/tap-built
fi
