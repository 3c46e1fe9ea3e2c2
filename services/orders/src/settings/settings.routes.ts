import { cacheTags } from '@comanda/events'
import { refTo, type Service } from '@comanda/service'
import { editorOf } from '../audit/editor.ts'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import { Settings, SettingsChanges, settingsSchemas } from './settings.schema.ts'
import { changeSettings, getSettings, type SettingsDependencies } from './settings.service.ts'

const tags = ['configuration']

export async function settings(app: Service, dependencies: SettingsDependencies): Promise<void> {
  for (const schema of settingsSchemas) app.addSchema(schema)

  app.get(
    '/v1/config',
    {
      schema: {
        operationId: 'getConfig',
        summary: 'What is configured for the whole installation',
        tags,
        headers: ConsistencyHeaders,
        response: { 200: refTo(Settings) },
      },
      config: {
        access: 'public',
        // An edit raises the versions of all catalogues, which the worker compares: should the process of an edit die before it
        // invalidates anything, the answer is forgotten with them.
        cache: { ttl: 'day', tags: () => [cacheTags.settings, cacheTags.everyCatalogue] },
        errors: ['database_unavailable'],
      },
    },
    (request) => getSettings(dependencies, readOptions(request)),
  )

  app.patch(
    '/v1/config',
    {
      schema: {
        operationId: 'updateConfig',
        summary: 'Configure the whole installation',
        tags,
        body: refTo(SettingsChanges),
        response: { 200: refTo(Settings) },
      },
      config: {
        access: 'admin',
        invalidates: () => [cacheTags.settings],
        errors: ['time_zone_unknown', 'database_unavailable'],
      },
    },
    (request) => changeSettings(dependencies, editorOf(request), request.body),
  )
}
