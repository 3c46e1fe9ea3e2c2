import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderHtml } from './html.ts'
import type { Report } from './report.ts'

const root = join(import.meta.dirname, '../../..')
const documentation = join(root, 'docs/performance.md')
const marks = ['<!-- written by make bench -->', '<!-- end of what make bench wrote -->'] as const

/** JSON and HTML into a directory. @returns the path of the HTML file */
export async function writeReport(directory: string, report: Report, markdown: string): Promise<string> {
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'bench.json'), `${JSON.stringify(report, null, 2)}\n`)
  const html = join(directory, 'bench.html')
  await writeFile(html, await renderHtml(report, markdown))
  return html
}

/** Replaces the tables of docs/performance.md. @throws when its marks are gone */
export async function updateDocumentation(markdown: string): Promise<void> {
  const text = await readFile(documentation, 'utf8')
  const [from, to] = marks.map((mark) => text.indexOf(mark)) as [number, number]
  if (from < 0 || to < from) throw new Error(`docs/performance.md has lost its marks: ${marks.join(' … ')}`)
  const before = text.slice(0, from + marks[0].length)
  await writeFile(documentation, `${before}\n\n${markdown}\n\n${text.slice(to)}`)
}
