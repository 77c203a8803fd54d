import type { FastifyReply } from 'fastify'

/** Sends a page that stands behind a person's own link: kept nowhere, told to nobody, found by no search.
 * @param policy what the page may load and send, as a Content-Security-Policy
 */
export function sendPersonalPage(
  reply: FastifyReply,
  status: number,
  html: string,
  policy: string,
): FastifyReply {
  return reply
    .status(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy,
      // The address holds the person's link.
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex, nofollow',
    })
    .send(html)
}
