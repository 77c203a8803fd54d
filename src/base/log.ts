import { type Logger, pino } from 'pino'

export type Log = Logger

/** Structured logs. Names, addresses, comments and tokens never belong in them; the paths below are the last net.
 * @param pretty for a person at a terminal; otherwise one JSON object a line
 */
export function createLog(level: string, pretty: boolean): Log {
  return pino({
    level,
    base: undefined,
    redact: {
      paths: [
        'email',
        'phone',
        'name',
        'comment',
        'token',
        '*.email',
        '*.phone',
        '*.comment',
        '*.token',
        'req.headers',
      ],
      censor: '[redacted]',
    },
    ...(pretty
      ? {
          transport: {
            target: 'pino-pretty',
            options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss' },
          },
        }
      : {}),
  })
}

export const silentLog: Log = pino({ level: 'silent' })
