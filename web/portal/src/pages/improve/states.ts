import type { ImprovementState } from '../../api/loopWire.ts'

/** In the order of an improvement's life. */
export const states: ImprovementState[] = ['proposed', 'decided', 'doing', 'done', 'dropped']

/** What each state's buttons lead to, the usual step first. The server decides. */
export const nextStates: Record<ImprovementState, ImprovementState[]> = {
  proposed: ['decided', 'dropped'],
  decided: ['doing', 'done', 'proposed', 'dropped'],
  doing: ['done', 'decided', 'dropped'],
  done: ['doing'],
  dropped: ['proposed'],
}
