import type { ImageReference } from './references.ts'

const indexes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]
const callMilliseconds = 20_000

/** Where the registry of that name answers. */
const addressOf = (registry: string) =>
  `https://${registry === 'docker.io' ? 'registry-1.docker.io' : registry}`

/**
 * The digest that a tag has now, of all platforms together, as the registry says (OCI distribution specification 1.1).
 * @param address for tests: where a registry answers
 * @throws when it does not say
 */
export async function lookUpDigest(image: ImageReference, address = addressOf): Promise<string> {
  const url = `${address(image.registry)}/v2/${image.repository}/manifests/${image.tag}`
  const ask = (headers: Record<string, string>) =>
    fetch(url, {
      method: 'HEAD',
      headers: { accept: indexes.join(', '), ...headers },
      signal: AbortSignal.timeout(callMilliseconds),
    })
  let response = await ask({})
  if (response.status === 401) {
    const challenge = response.headers.get('www-authenticate') ?? ''
    response = await ask({ authorization: `Bearer ${await anonymousToken(challenge)}` })
  }
  const digest = response.headers.get('docker-content-digest') ?? ''
  if (!response.ok || !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new Error(`${image.registry} answers ${response.status} for ${image.repository}:${image.tag}`)
  return digest
}

/** Registries let anybody read public images, who asks for a token first. */
async function anonymousToken(challenge: string): Promise<string> {
  const { realm, ...query } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  )
  if (realm === undefined) throw new Error(`the registry wants something else than a token: ${challenge}`)
  const response = await fetch(`${realm}?${new URLSearchParams(query).toString()}`, {
    signal: AbortSignal.timeout(callMilliseconds),
  })
  const { token, access_token: accessToken } = (await response.json()) as Record<string, string>
  return token ?? accessToken ?? ''
}
