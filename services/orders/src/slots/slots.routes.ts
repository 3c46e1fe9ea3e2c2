import type { Database } from '@comanda/database'
import { refTo, type Service } from '@comanda/service'
import { editorOf } from '../audit/editor.ts'
import { CafeteriaParams } from '../cafeterias/cafeterias.schema.ts'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import { ListSlots, Slot, SlotList, SlotParams, slotSchemas, WalkIns } from './slots.schema.ts'
import { addWalkIns, readSlots } from './slots.service.ts'

const tags = ['slots']

export async function slots(app: Service, { database }: { database: Database }): Promise<void> {
  for (const schema of slotSchemas) app.addSchema(schema)

  app.get(
    '/v1/cafeterias/:cafeteriaId/slots',
    {
      schema: {
        operationId: 'listSlots',
        summary: 'The pick-up slots of one day, in order',
        description: 'All of the day, the past ones too: the date is the page.',
        tags,
        params: CafeteriaParams,
        querystring: ListSlots,
        headers: ConsistencyHeaders,
        response: { 200: refTo(SlotList) },
      },
      config: { access: 'public', errors: ['cafeteria_not_found', 'database_unavailable'] },
    },
    (request) => readSlots(database, request.params.cafeteriaId, request.query.date, readOptions(request)),
  )

  app.post(
    '/v1/slots/:slotId/walk-ins',
    {
      schema: {
        operationId: 'addWalkIns',
        summary: 'Count orders taken at the counter against a slot',
        tags,
        params: SlotParams,
        body: refTo(WalkIns),
        response: { 200: refTo(Slot) },
      },
      config: {
        access: 'staff',
        errors: ['slot_not_found', 'slot_closed', 'slot_full', 'database_unavailable'],
      },
    },
    (request) => addWalkIns(database, editorOf(request), request.params.slotId, request.body),
  )
}
