import type { FastifyInstance } from 'fastify'
import type { Clock } from '../base/clock.ts'
import type { Columns } from '../storage/columns.ts'
import type { Database } from '../storage/postgres.ts'
import { authRoutes } from './authRoutes.ts'
import type { SignIn } from './signIn.ts'

/** What the routes of all domains need; loop.ts builds it. */
export interface RouteParts {
  database: Database
  clock: Clock
  columns?: Columns
  publicUrl: string
}

/** Registers the routes of every domain. Each declares its scope; http/access.ts enforces it. */
export async function registerRoutes(
  app: FastifyInstance,
  parts: RouteParts,
  edge: { signIn: SignIn; forgetKeys: () => void },
) {
  await app.register(authRoutes({ ...parts, signIn: edge.signIn }))
}
