import { randomBytes } from 'node:crypto'
import type { Clock } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { newId, sha256 } from '../base/ids.ts'
import type { Principal, Scope } from '../base/principal.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { scopesOf } from './access.ts'

export interface ApiKey {
  keyId: string
  name: string
  scopes: Scope[]
  unitKey: string | null
  createdAt: Date
  createdBy: string | null
  lastUsedAt: Date | null
}

const columns = `key_id as "keyId", name, scopes, unit_key as "unitKey", created_at as "createdAt",
  created_by as "createdBy", last_used_at as "lastUsedAt"`

/** Makes a key. The key itself (sk_ and 256 random bits) is told once; only its hash is kept.
 * @throws Refusal request.malformed when there is no such unit
 */
export async function createApiKey(
  tx: Tx,
  clock: Clock,
  input: { name: string; scopes: readonly Scope[]; unitKey?: string; createdBy?: string },
): Promise<{ key: string; apiKey: ApiKey }> {
  if (input.unitKey !== undefined) await requireUnit(tx, input.unitKey)
  const key = `sk_${randomBytes(32).toString('base64url')}`
  const rows = await tx.query(
    `insert into api_keys (workspace_id, key_id, name, hash, scopes, unit_key, created_at, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${columns}`,
    [
      tx.workspaceId,
      newId(clock),
      input.name,
      sha256(key),
      [...input.scopes],
      input.unitKey ?? null,
      clock.now(),
      input.createdBy ?? null,
    ],
  )
  return { key, apiKey: rows[0] as unknown as ApiKey }
}

/** @throws Refusal request.malformed when the workspace has no unit with this key */
export async function requireUnit(tx: Tx, unitKey: string): Promise<void> {
  const rows = await tx.query('select 1 from units where unit_key = $1', [unitKey])
  if (rows.length > 0) return
  throw new Refusal('request.malformed', `There is no unit ${unitKey}.`, [
    { where: 'body/unitKey', message: 'expected the key of a unit of the program' },
  ])
}

export async function listApiKeys(tx: Tx): Promise<ApiKey[]> {
  const rows = await tx.query(
    `select ${columns} from api_keys where revoked_at is null order by created_at desc, key_id`,
  )
  return rows as unknown as ApiKey[]
}

/** @throws Refusal thing.unknown */
export async function revokeApiKey(tx: Tx, clock: Clock, keyId: string): Promise<void> {
  const rows = await tx.query(
    'update api_keys set revoked_at = $2 where key_id = $1 and revoked_at is null returning key_id',
    [keyId, clock.now()],
  )
  if (rows.length === 0) throw new Refusal('thing.unknown')
}

/** Who a presented key is, if it is a good one; notes its use, at most once a minute. */
export async function findApiKey(
  database: Database,
  clock: Clock,
  presented: string,
): Promise<Principal | undefined> {
  const rows = await database.script(
    `select workspace_id as "workspaceId", key_id as "keyId", name, scopes, unit_key as "unitKey",
       coalesce(last_used_at < $2::timestamptz - interval '1 minute', true) as "toNote"
     from samklang.api_keys where hash = $1 and revoked_at is null`,
    [sha256(presented), clock.now()],
  )
  const row = rows[0] as
    | {
        workspaceId: string
        keyId: string
        name: string
        scopes: Scope[]
        unitKey: string | null
        toNote: boolean
      }
    | undefined
  if (!row) return undefined
  if (row.toNote) {
    await database.script('update samklang.api_keys set last_used_at = $2 where key_id = $1', [
      row.keyId,
      clock.now(),
    ])
  }
  const unitKey = row.unitKey ?? undefined
  return {
    kind: 'key',
    id: row.keyId,
    name: row.name,
    workspaceId: row.workspaceId,
    scopes: scopesOf(row.scopes, unitKey),
    ...(unitKey === undefined ? {} : { unitKey }),
  }
}
