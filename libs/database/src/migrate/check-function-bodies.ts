import type { Client } from 'pg'
import { fileError } from './schema-connection.ts'

/**
 * Checks the bodies of all functions that files made, including those that have not changed: a migration may have dropped a column that
 * they need. Postgres checks everything in a function written in SQL, but only the syntax of one in plpgsql.
 * @throws Error that names the file of the function
 */
export async function checkFunctionBodies(client: Client): Promise<void> {
  const { rows } = await client.query<{ file: string; signature: string; oid: number; validator: string }>(`
    select f.file, p.oid::regprocedure::text as signature, p.oid, l.lanvalidator::regproc::text as validator
    from function_files f cross join unnest(f.objects) object
    join pg_proc p on object = 'function ' || p.oid::regprocedure or object = 'procedure ' || p.oid::regprocedure
    join pg_language l on l.oid = p.prolang
    where p.pronamespace = current_schema()::regnamespace and l.lanvalidator <> 0 order by f.file, signature
  `)
  await client.query('set local check_function_bodies = on')
  for (const { file, signature, oid, validator } of rows) {
    try {
      await client.query(`select ${validator}($1::oid)`, [oid])
    } catch (error) {
      throw Object.assign(fileError(file, error), {
        message: `${file}: ${signature}: ${(error as Error).message}`,
      })
    }
  }
}
