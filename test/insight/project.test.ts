import { projectionTests } from './projection.ts'
import { openWorkspace, visitProgram } from './workspace.ts'

projectionTests(() => openWorkspace(visitProgram()))
