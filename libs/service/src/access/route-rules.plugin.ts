import { describeError } from '@comanda/errors'
import type { FastifyInstance, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import type { FurtherLimit } from '../limits/further-limit.ts'
import { type LimitName, limitNames } from '../limits/policies.ts'
import type { AnswerHeader } from '../openapi/describe-operation.ts'
import { type Access, accessLevels } from './route-access.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call. Mandatory: a route without it fails the start. */
    access?: Access
    /** Codes that this route may answer besides those of the platform. */
    errors?: readonly string[]
    /** Headers that it sets when it succeeds. */
    answerHeaders?: readonly AnswerHeader[]
    /** The rate limit; by default `publicRead`, `api` or `default`, by method and access. */
    limit?: LimitName | 'none'
    /** Another limit, for some of its requests. */
    furtherLimit?: FurtherLimit
    /** Answers with a stream that stays open: how long it takes says nothing, and it is not work in progress. */
    streams?: boolean
  }
  interface FastifyInstance {
    /** Set on an instance whose routes are ours and not part of the API: the documentation pages. */
    internalRoutes: boolean
  }
}

/** Deny by default: every route says who may call it, what it is called and what it may answer, or the start fails. */
async function routeRules(app: FastifyInstance) {
  const operations = new Map<string, string>()
  app.decorate('internalRoutes', false)

  app.addHook('onRoute', function checkRoute(this: FastifyInstance, route) {
    if (this.internalRoutes) route.config = { ...route.config, access: 'public' }
    else checkDeclaration(route, operations)
    route.config = { ...route.config, limit: route.config?.limit ?? defaultLimit(route) }
    if (route.config.streams) route.config.disableMetrics = true
  })
}

function checkDeclaration(route: RouteOptions, operations: Map<string, string>): void {
  const name = `${String(route.method)} ${route.url}`
  const refuse = (reason: string): never => {
    throw new Error(`route ${name} ${reason}`)
  }
  const { access, errors = [], limit } = route.config ?? {}
  const { operationId, summary } = (route.schema ?? {}) as { operationId?: string; summary?: string }
  if (access === undefined) return refuse('does not say who may call it (config.access)')
  if (!accessLevels.includes(access)) refuse(`has the unknown access "${access}"`)
  if (limit !== undefined && limit !== 'none' && !limitNames.includes(limit))
    refuse(`has the unknown limit "${limit}"`)
  if (!operationId) return refuse('has no schema.operationId')
  if (!summary) refuse('has no schema.summary')
  for (const code of errors) if (!describeError(code)) refuse(`lists the unknown error code "${code}"`)
  // Fastify adds a HEAD route for every GET route from the same declaration.
  const operation = `${route.method === 'HEAD' ? 'GET' : String(route.method)} ${route.url}`
  const owner = operations.get(operationId) ?? operation
  if (owner !== operation) refuse(`has the operationId of ${owner}`)
  operations.set(operationId, operation)
}

function defaultLimit(route: RouteOptions): LimitName {
  if (route.config?.access !== 'public') return 'api'
  return route.method === 'GET' || route.method === 'HEAD' ? 'publicRead' : 'default'
}

export const routeRulesPlugin = fp(routeRules, { fastify: '5.x', name: 'comanda-route-rules' })
