/**
 * A small tool catalog in memory, with values as a database driver gives them: datetimes are Date objects.
 *
 * Stands for the application's own data. Deliberately absent: anything about serializing.
 */
export interface Tool {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

const day = 24 * 60 * 60 * 1000;
const start = Date.UTC(2026, 0, 1);

export const tools: readonly Tool[] = Array.from({ length: 200 }, (_value, index): Tool => ({
  id: `tool-${index}`,
  name: `forecast_${index}`,
  description: index % 7 === 0 ? null : `Forecast for "Zürich", 天気予報 number ${index}`,
  createdAt: new Date(start + index * day),
  lastUsedAt: index % 3 === 0 ? null : new Date(start + index * day + 12_345),
  inputSchema: { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer', maximum: 14 } } },
}));
