declare module 'mjml' {
  interface Compiled {
    html: string
    errors: Array<{ formattedMessage: string }>
  }
  export default function compile(
    mjml: string,
    options?: { validationLevel?: 'strict' | 'soft' | 'skip'; keepComments?: boolean },
  ): Promise<Compiled>
}
