import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { removeTree } from '../system/files.ts'
import type { RedisNode } from './node.ts'

export const slotCount = 16_384

/**
 * Whether every node knows all nodes by their present ports. Anything less (a directory that is missing, half
 * written, or of a cluster on other ports) is made anew, as Redis holds nothing that cannot be rebuilt.
 */
export async function isTopologyWhole(nodes: readonly RedisNode[]): Promise<boolean> {
  for (const node of nodes) {
    const file = join(node.directory, 'nodes.conf')
    if (!existsSync(file)) return false
    const text = await readFile(file, 'utf8')
    if (!nodes.every((other) => text.includes(`:${other.port}@${other.busPort}`))) return false
  }
  return true
}

/**
 * Writes the nodes.conf of a new cluster for every node: the first half are masters with equal shares of the slots, the
 * others their replicas. `redis-cli --cluster create` arrives at the same by talking to the nodes; writing it needs no
 * waiting and is never half done.
 */
export async function writeTopology(nodes: readonly RedisNode[]): Promise<void> {
  for (const node of nodes) {
    await removeTree(node.directory)
    await mkdir(node.directory, { recursive: true })
    const lines = nodes.map((other, index) => describe(nodes, other, index, other === node))
    const text = `${lines.join('\n')}\nvars currentEpoch ${nodes.length} lastVoteEpoch 0\n`
    const file = join(node.directory, 'nodes.conf')
    await writeFile(`${file}.making`, text)
    await rename(`${file}.making`, file)
  }
}

/** One line per node: id, address, flags, master's id, ping sent, pong received, epoch, link, slots. */
function describe(nodes: readonly RedisNode[], node: RedisNode, index: number, myself: boolean): string {
  const masters = nodes.length / 2
  const isMaster = index < masters
  const master = nodes[index % masters] as RedisNode
  const flags = `${myself ? 'myself,' : ''}${isMaster ? 'master' : 'slave'}`
  const epoch = (index % masters) + 1
  const slots = isMaster ? ` ${slotsOf(index, masters)}` : ''
  const address = `127.0.0.1:${node.port}@${node.busPort}`
  return `${nodeId(node)} ${address} ${flags} ${isMaster ? '-' : nodeId(master)} 0 0 ${epoch} connected${slots}`
}

function slotsOf(index: number, masters: number): string {
  const start = Math.floor((index * slotCount) / masters)
  const end = Math.floor(((index + 1) * slotCount) / masters) - 1
  return `${start}-${end}`
}

/** Forty hexadecimal digits, as Redis wants, made from the directory, so that two stacks never take in each other's nodes. */
const nodeId = (node: RedisNode) => createHash('sha1').update(node.directory).digest('hex')
