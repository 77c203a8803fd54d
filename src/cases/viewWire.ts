import Type from 'typebox'
import { Time } from '../base/wire.ts'
import { strict } from './wire.ts'

const ViewFields = {
  page: Type.String({ minLength: 1, maxLength: 50 }),
  name: Type.String({ minLength: 1, maxLength: 100 }),
  filter: Type.Record(Type.String({ maxLength: 50 }), Type.Unknown(), {
    description: 'as the page has it in its address',
    maxProperties: 40,
  }),
  shared: Type.Optional(Type.Boolean({ description: 'everybody of the workspace sees it' })),
}
export const ViewBody = Type.Object(ViewFields, strict)
export const ViewShape = Type.Object({
  viewId: Type.String(),
  ...ViewFields,
  shared: Type.Boolean(),
  mine: Type.Boolean(),
  createdAt: Time,
})
