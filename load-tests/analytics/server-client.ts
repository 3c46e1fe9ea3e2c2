import type { Stack } from '@comanda/local-stack'
import pg from 'pg'

/** A client of one of the servers of a stack, as superuser, that is still to be connected. */
export function serverClient({ adminUrl }: Stack, { port }: { port: number }): pg.Client {
  const url = new URL(adminUrl)
  url.port = String(port)
  return new pg.Client(url.href)
}

/** Runs one statement on one of the servers of a stack, as superuser. */
export async function runOnServer(stack: Stack, server: { port: number }, statement: string): Promise<void> {
  const client = serverClient(stack, server)
  try {
    await client.connect()
    await client.query(statement)
  } finally {
    await client.end()
  }
}
