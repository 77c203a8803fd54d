import { startPostgres } from '../postgres.ts'
import { projectionTests } from './projection.ts'
import { openWorkspace, visitProgram } from './workspace.ts'

projectionTests(async () => openWorkspace(visitProgram(), await startPostgres()))
