import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

/** A real HTTP receiver that can be stopped and comes back on the same port. */
export interface Receiver {
  url: string
  received: Received[]
  /** What it answers; 200 unless set. A function decides for each. */
  answer: number | ((received: Received) => number)
  headers: Record<string, string>
  stop(): Promise<void>
  start(): Promise<void>
}

export async function openReceiver(): Promise<Receiver> {
  let server: Server | undefined
  let port = 0
  const receiver: Receiver = {
    url: '',
    received: [],
    answer: 200,
    headers: {},
    async start() {
      const listening = createServer((request, response) => {
        const chunks: Buffer[] = []
        request.on('data', (chunk: Buffer) => chunks.push(chunk))
        request.on('end', () => {
          const received = {
            path: request.url ?? '',
            headers: request.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }
          receiver.received.push(received)
          const { answer } = receiver
          response.writeHead(typeof answer === 'number' ? answer : answer(received), receiver.headers)
          response.end('told')
        })
      })
      await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve))
      port = (listening.address() as AddressInfo).port
      server = listening
      receiver.url = `http://127.0.0.1:${port}`
    },
    async stop() {
      server?.closeAllConnections()
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
      server = undefined
    },
  }
  await receiver.start()
  return receiver
}
