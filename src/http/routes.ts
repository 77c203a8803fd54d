import type { FastifyInstance } from 'fastify'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { caseRoutes } from '../cases/routes.ts'
import { selectRoutes } from '../cases/selectRoutes.ts'
import type { HookSender } from '../channels/hooks/deliver.ts'
import { openPoster } from '../channels/hooks/post.ts'
import { hookRoutes } from '../channels/hooks/routes.ts'
import { listTroubledMessages } from '../channels/queue.ts'
import { mailboxRoutes } from '../channels/routes.ts'
import { threadRoutes } from '../channels/threadRoutes.ts'
import { type Receipt, recordEvents } from '../events/intake.ts'
import { dataRoutes, eventRoutes } from '../events/routes.ts'
import { planRoutes } from '../improve/planRoutes.ts'
import { promoterRoutes } from '../improve/promoterRoutes.ts'
import { readReceipt } from '../improve/receipt.ts'
import { referralRoutes } from '../improve/referral.ts'
import { improvementRoutes } from '../improve/routes.ts'
import { tellRoutes } from '../improve/tellRoutes.ts'
import { improvementEffectRoutes, metricFaults } from '../insight/improvementEffect.ts'
import { loopRoutes } from '../insight/loopRoutes.ts'
import { askRoutes } from '../insight/routes.ts'
import { notificationRoutes } from '../notify/routes.ts'
import { accessRoutes } from '../people/accessRoutes.ts'
import { customerRoutes } from '../people/routes.ts'
import { staffRoutes } from '../people/staffRoutes.ts'
import { type WorkspaceParts, workspaceRoutes } from '../people/workspaceRoutes.ts'
import { programRoutes } from '../program/routes.ts'
import type { Programs } from '../program/store.ts'
import { responseRoutes } from '../responses/apiRoutes.ts'
import { handInAnswers } from '../responses/handIn.ts'
import type { ImportReceipt } from '../responses/import.ts'
import { surveyRoutes } from '../responses/routes.ts'
import type { Columns } from '../storage/columns.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database } from '../storage/postgres.ts'
import { customerValue, valueRoutes } from '../value/routes.ts'
import { CustomerValueShape } from '../value/wire.ts'
import { authRoutes } from './authRoutes.ts'
import { liveRoutes } from './live.ts'
import { limits } from './security.ts'
import type { SignIn } from './signIn.ts'

/** What the routes of all domains need; loop.ts builds it. */
export interface RouteParts extends WorkspaceParts {
  database: Database
  clock: Clock
  announce: Announce
  programs: Programs
  log: Log
  columns?: Columns
  /** Says which addresses can be posted to; left out, none of a private network. */
  hooks?: Pick<HookSender, 'poster'>
  publicUrl: string
}

/** Registers the routes of every domain. Each declares its scope; http/access.ts enforces it. */
export async function registerRoutes(
  app: FastifyInstance,
  parts: RouteParts,
  edge: { signIn: SignIn; forgetKeys: () => void },
) {
  const { database } = parts
  const events = {
    ...parts,
    record: (workspaceId: string, incoming: unknown[], mends?: string) =>
      recordEvents(parts, workspaceId, incoming, mends),
    importAnswers: async (workspaceId: string, incoming: unknown[], mends?: string) =>
      (await handInAnswers(parts, workspaceId, incoming, mends)).map(receiptOf),
  }
  await app.register(authRoutes({ ...parts, ...edge }))
  await app.register(workspaceRoutes(parts))
  await app.register(accessRoutes({ ...parts, ...edge }))
  await app.register(programRoutes(parts))
  await app.register(eventRoutes(events, limits.intake))
  await app.register(
    dataRoutes({
      ...events,
      troubledMail: (workspaceId) => database.inWorkspace(workspaceId, listTroubledMessages),
    }),
  )
  await app.register(customerRoutes({ ...parts, value: { shape: CustomerValueShape, read: customerValue } }))
  await app.register(staffRoutes(parts))
  await app.register(valueRoutes(parts))
  await app.register(caseRoutes(parts))
  await app.register(selectRoutes(parts))
  await app.register(responseRoutes(parts, limits.intake))
  await app.register(mailboxRoutes(parts))
  const { poster } = parts.hooks ?? { poster: openPoster({ allowPrivate: false }) }
  await app.register(hookRoutes({ ...parts, poster }))
  await app.register(notificationRoutes(parts))
  await app.register(threadRoutes(parts))
  await app.register(surveyRoutes, {
    ...parts,
    receipt: (workspaceId, invitationId, language) =>
      database.inWorkspace(workspaceId, async (tx) =>
        readReceipt(tx, await parts.programs.activeIn(tx), invitationId, language, parts.clock.now()),
      ),
  })
  await app.register(improvementRoutes({ ...parts, metricFaults }))
  await app.register(tellRoutes(parts))
  await app.register(planRoutes(parts))
  await app.register(promoterRoutes(parts))
  await app.register(referralRoutes, parts)
  const { columns } = parts
  if (columns) {
    await app.register(async (own) => {
      askRoutes(own, { ...parts, columns })
      loopRoutes(own, { ...parts, columns })
      improvementEffectRoutes(own, { ...parts, columns })
    })
  }
  await app.register(liveRoutes(parts))
}

/** An imported answer's receipt in the words of an event's. */
function receiptOf(receipt: ImportReceipt): Receipt {
  if (receipt.status !== 'refused') {
    return { status: receipt.status === 'imported' ? 'recorded' : 'duplicate', id: receipt.responseId }
  }
  const { status, code, faults, recordId } = receipt
  return {
    status,
    code,
    recordId,
    detail: faults.map(({ where, message }) => `${where}: ${message}`).join('; '),
  }
}
