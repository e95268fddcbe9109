/**
 * Stands for the application's own data: a list of tools with values as a database driver gives them.
 *
 * Datetimes are Date objects, UUIDs are text. The test of the recipes puts other tools into the same list.
 */
import { randomUUID } from 'node:crypto';

export interface Tool {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly createdAt: Date;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

const day = 24 * 60 * 60 * 1000;

export const tools: Tool[] = Array.from({ length: 200 }, (_value, index) => ({
  id: randomUUID(),
  name: `forecast_${index}`,
  description: index % 7 === 0 ? null : `Forecast for "Zürich", 天気予報 number ${index}`,
  createdAt: new Date(Date.UTC(2026, 0, 1) + index * day),
  inputSchema: { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer', maximum: 14 } } },
}));

export async function listTools(): Promise<readonly Tool[]> {
  return [...tools];
}
