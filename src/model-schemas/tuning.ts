/**
 * What undoes the tuning of a host: written and read by root, so names lead nowhere but to settings.
 */
import { text } from './values.ts';

/** As sysctl calls a setting: no slashes, and no dots without a word between them. */
const settingName = { type: 'string', pattern: '^[a-z0-9_-]+(?:\\.[a-z0-9_-]+)+$' };

/** Figures or ports. */
const settingValue = { type: 'string', pattern: '^[0-9 ,-]*$' };

export const undoSchema = {
  type: 'object',
  required: ['tuneVersion', 'savedAt', 'boot', 'network', 'settings'],
  properties: {
    tuneVersion: { const: 1 },
    savedAt: { type: 'string', format: 'date-time' },
    boot: text,
    network: text,
    settings: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'before', 'applied'],
        properties: {
          name: settingName,
          before: settingValue,
          applied: { type: 'array', items: settingValue },
        },
      },
    },
  },
};
