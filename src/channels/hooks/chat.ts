// For: what is said in a chat channel, in the format its incoming webhook takes.
// In: a text with its parts. Out: the JSON body for Slack, Teams (an Adaptive Card) or Mattermost.

export const chatFormats = ['slack', 'teams', 'mattermost'] as const
export type ChatFormat = (typeof chatFormats)[number]

/** Plain text; each format escapes it in its own way. */
export interface ChatText {
  title: string
  rows?: ReadonlyArray<readonly [label: string, value: string]>
  quote?: string
  link?: { label: string; url: string }
}

/** The bodies that the three take. Slack and Mattermost read marks such as * and <!channel> in texts, so that a
 * customer's words are escaped first: nobody calls a whole channel, or hides a link, by answering a survey.
 */
export const chatBody: Record<ChatFormat, (text: ChatText) => object> = {
  slack: ({ title, rows = [], quote, link }) => {
    const lines = [
      `*${slack(title)}*`,
      ...rows.map(([label, value]) => `${slack(label)}: ${slack(value)}`),
      ...(quote
        ? slack(quote)
            .split('\n')
            .map((line) => `>${line}`)
        : []),
    ]
    const section = { type: 'section', text: { type: 'mrkdwn', text: lines.join('\n').slice(0, 2900) } }
    const button = link && {
      type: 'actions',
      elements: [{ type: 'button', text: { type: 'plain_text', text: link.label }, url: link.url }],
    }
    return { text: slack(title), blocks: button ? [section, button] : [section] }
  },
  mattermost: ({ title, rows = [], quote, link }) => {
    const lines = [
      `**${markdown(title)}**`,
      ...rows.map(([label, value]) => `${markdown(label)}: ${markdown(value)}`),
      ...(quote
        ? [
            '',
            ...markdown(quote)
              .split('\n')
              .map((line) => `> ${line}`),
          ]
        : []),
      ...(link ? ['', `[${markdown(link.label)}](${link.url})`] : []),
    ]
    return { text: lines.join('\n') }
  },
  teams: ({ title, rows = [], quote, link }) => ({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'TextBlock', size: 'Medium', weight: 'Bolder', wrap: true, text: markdown(title) },
            ...(rows.length > 0
              ? [
                  {
                    type: 'FactSet',
                    facts: rows.map(([name, value]) => ({ title: name, value: markdown(value) })),
                  },
                ]
              : []),
            ...(quote ? [{ type: 'TextBlock', wrap: true, isSubtle: true, text: markdown(quote) }] : []),
          ],
          actions: link ? [{ type: 'Action.OpenUrl', title: link.label, url: link.url }] : [],
        },
      },
    ],
  }),
}

/** Slack takes &, < and > for marks; the rest of its marks cannot call or link anybody. */
const slack = (text: string) =>
  text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] as string)

/** A zero-width space after @ keeps Mattermost from calling people; Markdown's own signs are escaped. */
const markdown = (text: string) => text.replace(/([\\`*_[\]()~|#>])/g, '\\$1').replace(/@(?=\w)/g, '@\u200b')
