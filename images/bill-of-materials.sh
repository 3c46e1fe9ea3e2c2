#!/bin/sh
# Prints the bill of materials of packages of this workspace: what the lockfile has for them and for the root, whose only package in production
# is Node. Its serial number, its time and its order would be others with every build.
set -eu
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
  '
