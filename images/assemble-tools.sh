#!/bin/sh
# Puts what packages of this workspace need to run below a folder: `modules`, which change with the lockfile, and `source`,
# which changes with every commit, so that an upgrade transfers the latter alone.
set -eu
out=$1
shift
filters=$(printf -- '--filter-prod=%s... ' "$@")
here=$PWD

# Nothing of an image that was assembled before.
rm -rf node_modules libs/*/node_modules services/*/node_modules
# shellcheck disable=SC2086 # a list
pnpm install --prod --frozen-lockfile --store-dir /var/cache/pnpm --filter comanda $filters

mkdir -p "$out/modules/node_modules" "$out/source"
cp -a node_modules/.pnpm "$out/modules/node_modules/"
# shellcheck disable=SC2086
pnpm list --depth -1 --parseable $filters | while read -r folder; do
  package=${folder#"$here"/}
  mkdir -p "$out/modules/$package" "$out/source/$package"
  [ ! -d "$folder/node_modules" ] || cp -a "$folder/node_modules" "$out/modules/$package/"
  find "$folder" -mindepth 1 -maxdepth 1 ! -name node_modules ! -name dist -exec cp -a {} "$out/source/$package/" \;
done

# What only an installer, a compiler or a debugger reads; Node is in a layer of its own.
rm -rf "$out"/modules/node_modules/.pnpm/node-linux-* \
  "$out"/modules/node_modules/.pnpm/lock.yaml
find "$out/modules" -name .bin -type d -prune -exec rm -rf {} +
find "$out/modules" -xtype l -delete
find "$out/modules" -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \) -delete

sh images/bill-of-materials.sh "$@" >"$out/source/sbom.cdx.json"
