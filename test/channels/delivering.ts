// A process that delivers what is queued in a data folder through its own development mailbox; it is killed at will.
import { createMailer, deliverMessages } from '../../src/channels/deliver.ts'
import { openMailbox } from '../../src/channels/mailbox.ts'
import { openTransport } from '../../src/channels/transport.ts'
import { checked, exampleProgram, openExample, workspaceId } from '../surveyExample.ts'

const { database, clock } = await openExample(process.argv[2])
const mailbox = await openMailbox({ database, clock }, 0)
const transport = openTransport(mailbox.url)
process.stdout.write('ready\n')
const delivery = await deliverMessages(
  {
    database,
    clock,
    announce: async () => {},
    programs: { version: async () => checked(exampleProgram) },
    publicUrl: 'https://feedback.example.org',
    mailer: createMailer({ transport, toMailbox: true, mailFrom: 'feedback@example.org', sole: true }),
  },
  workspaceId,
)
process.stdout.write(`${JSON.stringify(delivery)}\n`)
transport.close()
await mailbox.close()
await database.close()
