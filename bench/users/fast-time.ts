/**
 * An agent that asks for the time all day.
 */
import type { UserClass } from '../../src/model/users.ts';
import type { JsonValue } from '../../src/model/values.ts';
import { asks } from './requests/steps.ts';

const inZone = (timezone: string): JsonValue => ({ name: '{systemTimeTools.name}', arguments: { timezone } });

export default {
  name: 'FastTimeUser',
  title: 'an agent that asks for the time',
  order: 7,
  weights: { page: 20, contextforge: 5 },
  wait: { kind: 'between', minSeconds: 0.1, maxSeconds: 0.5 },
  tasks: [
    asks('tools/call', 10, { params: inZone('Europe/Dublin'), name: 'get-system-time Dublin' }),
    asks('tools/call', 5, { params: inZone('UTC'), name: 'get-system-time UTC' }),
    asks('tools/call', 3, {
      params: {
        name: '{convertTimeTools.name}',
        arguments: {
          time: '2025-06-21T16:00:00',
          source_timezone: 'Europe/Dublin',
          target_timezone: 'America/New_York',
        },
      },
      name: 'convert-time',
    }),
    asks('tools/list', 2),
  ],
} satisfies UserClass;
