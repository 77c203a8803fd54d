import type { Quadrant } from '../../api/valueWire.ts'

/** In the order in which they are shown: what is most urgent first. */
export const quadrants: Quadrant[] = ['save', 'activate', 'automate', 'leave']
