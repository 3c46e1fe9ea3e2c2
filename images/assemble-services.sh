#!/bin/sh
# Puts each service, made one file, below a folder of its name. That of orders has the payment sandbox too, for development. Beside them comes
# `node`, the same for all.
set -eu
out=$1

pnpm install --prod --frozen-lockfile --store-dir /var/cache/pnpm \
  --filter comanda --filter '@comanda/images...' --filter-prod '{./services/**}...'
node images/bundle.ts services/* libs/payments
install -D -m 0755 node_modules/.pnpm/node-linux-*/node_modules/node-linux-*/bin/node "$out/node"
for service in services/*; do
  name=${service#services/}
  mkdir -p "$out/$name/$service"
  cp -a "$service/dist" "$out/$name/$service/"
  sh images/bill-of-materials.sh "@comanda/$name" >"$out/$name/sbom.cdx.json"
done
mkdir -p "$out/orders/libs/payments"
cp -a libs/payments/dist "$out/orders/libs/payments/"
