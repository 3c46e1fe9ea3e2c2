/** An image by tag, as in `docker.io/library/node:24-trixie-slim`, perhaps with a digest behind it. */
export interface ImageReference {
  registry: string
  repository: string
  tag: string
  /** Null when it is known by tag only. */
  digest: string | null
}

// Image names stand behind FROM or in an ARG of a Dockerfile, and in a service of compose.yaml.
const places = /^(?:ARG \w+_IMAGE=|\s+image: )(\S+\/\S+:\S+)$/gm

/** Every public image that a Dockerfile or compose file names, in its order. */
export function imageReferences(text: string): ImageReference[] {
  return [...text.matchAll(places)].map(([, reference = '']) => parseReference(reference))
}

export function parseReference(reference: string): ImageReference {
  const parts = /^([^/]+)\/([^:@]+):([^@]+)(?:@(sha256:[0-9a-f]{64}))?$/.exec(reference)
  if (parts === null) throw new Error(`${reference} is not registry/repository:tag`)
  const [, registry = '', repository = '', tag = '', digest = null] = parts
  return { registry, repository, tag, digest }
}

/** The text with the digest that `digestOf` finds behind each tag, instead of any that was there. */
export async function pinReferences(
  text: string,
  digestOf: (image: ImageReference) => Promise<string>,
): Promise<string> {
  const pinned = new Map<string, string>()
  for (const image of imageReferences(text)) {
    const { registry, repository, tag, digest } = image
    const named = `${registry}/${repository}:${tag}`
    pinned.set(digest === null ? named : `${named}@${digest}`, `${named}@${await digestOf(image)}`)
  }
  return text.replace(places, (line, reference: string) =>
    line.replace(reference, pinned.get(reference) ?? reference),
  )
}
