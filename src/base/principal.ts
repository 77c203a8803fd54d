// For: who a request comes from, and what its route asks of them.
// In: nothing. Out: the scopes there are, the Principal every route of a domain reads, and the route's declaration.
import 'fastify'

/** What a role or an API key may allow. people/access.ts gives each role its scopes. */
export const scopes = [
  'read',
  'ask:read',
  'responses:read',
  'responses:write',
  'customers:read',
  'cases:read',
  'cases:write',
  'outreach:write',
  'events:write',
  'data:read',
  'data:write',
  'mailbox:read',
  'program:write',
  'admin',
] as const
export type Scope = (typeof scopes)[number]

/** `public` asks for nobody; `signedIn` for a person, in whatever workspace; `known` for a person or a key, likewise. */
export type RouteScope = Scope | 'public' | 'signedIn' | 'known'

export const roles = ['admin', 'cxLead', 'analyst', 'unitManager', 'employee', 'viewer'] as const
export type Role = (typeof roles)[number]

/** A person or an API key, in one workspace. */
export interface Principal {
  kind: 'user' | 'key'
  /** User id or key id. */
  id: string
  name: string
  email?: string
  workspaceId: string
  /** Of a person; a key has none. */
  role?: Role
  scopes: readonly Scope[]
  /** Narrows what is seen to this unit and those below it. */
  unitKey?: string
  employeeKey?: string
}

/** A person who has signed in, before a workspace is chosen. */
export interface SignedIn {
  id: string
  name: string
  email: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route under /v1 declares it; http/access.ts enforces it before anything else. */
    scope?: RouteScope
  }
  interface FastifyRequest {
    /** Set for every route whose scope is one of `scopes`; a route that is public has none. */
    principal: Principal
    /** Set when a person asks. */
    signedIn: SignedIn | undefined
  }
}
