/** A condition in SQL that is true for objects that belong to no extension; an extension's objects may be in our schema too. */
export const ofNoExtension = (catalogue: 'pg_class' | 'pg_proc' | 'pg_type', oid: string) =>
  `not exists (select from pg_depend e where e.classid = '${catalogue}'::regclass and e.objid = ${oid} and e.deptype = 'e')`
