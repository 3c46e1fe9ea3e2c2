#!/bin/sh
# Puts what packages of this workspace need to run below a folder: `modules`, which change with the lockfile, and `source`,
# which changes with every commit, so that an upgrade transfers the latter alone. Beside it comes `node`, the same for all.
# Files have no time of their own and nobody may write them.
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
install -m 0755 node_modules/.pnpm/node-linux-*/node_modules/node-linux-*/bin/node "$out/../node"
cp -a node_modules/.pnpm "$out/modules/node_modules/"
# shellcheck disable=SC2086
pnpm list --depth -1 --parseable $filters | while read -r folder; do
  package=${folder#"$here"/}
  mkdir -p "$out/modules/$package" "$out/source/$package"
  [ ! -d "$folder/node_modules" ] || cp -a "$folder/node_modules" "$out/modules/$package/"
  find "$folder" -mindepth 1 -maxdepth 1 ! -name node_modules -exec cp -a {} "$out/source/$package/" \;
done

# What only an installer, a compiler or a debugger reads; Node is in a layer of its own.
rm -rf "$out"/modules/node_modules/.pnpm/node-linux-* \
  "$out"/modules/node_modules/.pnpm/lock.yaml
find "$out/modules" -name .bin -type d -prune -exec rm -rf {} +
find "$out/modules" -xtype l -delete
find "$out/modules" -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \) -delete

# The bill of materials, of what the lockfile has for them and for the root, whose only package in production is Node. Its
# serial number, its time and its order would be others with every build.
# shellcheck disable=SC2016,SC2046
pnpm sbom --sbom-format cyclonedx --sbom-spec-version 1.6 --sbom-type application --prod --lockfile-only \
  --filter comanda $(printf -- '--filter=%s ' "$@") |
  node --eval '
    const bill = JSON.parse(require("node:fs").readFileSync(0, "utf8"))
    const by = (key) => (one, other) => (one[key] < other[key] ? -1 : 1)
    delete bill.serialNumber
    bill.metadata.timestamp = new Date(process.env.SOURCE_DATE_EPOCH * 1000).toISOString()
    bill.components.sort(by("bom-ref"))
    bill.dependencies?.sort(by("ref")).forEach(({ dependsOn }) => dependsOn?.sort())
    console.log(JSON.stringify(bill, null, 2))
  ' >"$out/source/sbom.cdx.json"

chmod -R u=rwX,go=rX "$out/modules" "$out/source"
find "$out" "$out/../node" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +
