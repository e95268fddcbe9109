/**
 * Tools that answer at once, and resources of a few sizes under URIs that do not change: what a load asks for by name.
 */
import type { ServerKind } from '../../src/model/mcp-server.ts';

const sizes = { '1kB': 1_000, '100kB': 100_000, '1MB': 1_000_000 } as const;

export default {
  order: 4,
  title: 'tools of any number, and resources of 1 kB, 100 kB and 1 MB',
  create: ({ counts, sizes: { tool }, prose }) => ({
    tools: Array.from({ length: counts.tools }, (_, index) => {
      const name = `sized_tool_${index + 1}`;
      const text = prose(name, tool);
      return {
        definition: {
          name,
          description: `Answers with ${tool} characters, whatever it is told.`,
          inputSchema: { type: 'object', properties: { message: { type: 'string' } } },
        },
        call: () => ({ content: [{ type: 'text', text }], isError: false }),
      };
    }),
    resources: Object.entries(sizes).map(([name, size]) => {
      const text = prose(name, size);
      return {
        definition: { uri: `sized://${name}`, name, description: `${size} characters.`, mimeType: 'text/plain', size },
        read: () => ({ mimeType: 'text/plain', text }),
      };
    }),
    prompts: [],
  }),
} satisfies ServerKind;
