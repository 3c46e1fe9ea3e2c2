import { matchesGlob, posix } from 'node:path'
import { readMarkdown } from './read-markdown.ts'

/** Files and folders of the repository; what git ignores may be named too. */
export interface Repository {
  /** Paths from its root. */
  files: string[]
  isIgnored: (path: string) => boolean
}

/**
 * What the documents say of files, headings and folders that are not there, a line each.
 * @param documents the text of each by its path from the root
 */
export function findBroken(documents: Map<string, string>, { files, isIgnored }: Repository): string[] {
  const paths = new Set(files.flatMap(withFolders))
  const tops = new Set(files.map((file) => file.split('/')[0] as string))
  const read = new Map([...documents].map(([file, text]) => [file, readMarkdown(text)]))
  return [...read].flatMap(([file, mentions]) => [
    ...mentions.links.filter((link) => !leadsSomewhere(file, link)).map((link) => `${file}: link to ${link}`),
    ...mentions.code
      .filter((path) => looksLikePath(path) && !exists(path))
      .map((path) => `${file}: \`${path}\``),
  ])

  function leadsSomewhere(from: string, link: string): boolean {
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? from : trimmed(posix.join(posix.dirname(from), path))
    if (!paths.has(target)) return false
    return anchor === undefined || read.get(target)?.anchors.has(anchor) === true
  }

  function looksLikePath(text: string): boolean {
    if (!/^[\w.*{}<>…-]+(\/[\w.*{}<>…-]+)*\/?$/.test(text) || !text.includes('/')) return false
    return tops.has(text.split('/')[0] as string) || /\.(ts|sql|md|json|ya?ml|sh|mjs)$/.test(text)
  }

  /** From the root, or as the end of a path where the text has named its folder. */
  function exists(text: string): boolean {
    const path = trimmed(text)
    const pattern = path.replaceAll(/\{[^}]*\}|<[^>]*>|NNNN_\w+|…/g, '*')
    if (pattern === path && (paths.has(path) || isIgnored(path))) return true
    const globs = [pattern, `**/${pattern}`]
    return [...paths].some((known) => globs.some((glob) => matchesGlob(known, glob)))
  }
}

const trimmed = (path: string) => path.replace(/\/$/, '')

/** `a`, `a/b` and `a/b/c` of the last. */
function withFolders(file: string): string[] {
  const parts = file.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}
