/**
 * Many tools, resources and prompts that answer at once, with as much text as was asked for.
 *
 * The first tools to be called by a load: whatever a call costs beside its text is the protocol's.
 */
import type { ServerKind } from '../../src/model/mcp-server.ts';

export default {
  order: 1,
  title: 'tools, resources and prompts of any number and size',
  create({ name, counts, sizes, prose }) {
    return {
      instructions: `${name} answers every call at once; it is there to be measured.`,
      tools: numbers(counts.tools).map((number) => {
        const toolName = `benchmark_tool_${number}`;
        const text = prose(toolName, sizes.tool);
        return {
          definition: {
            name: toolName,
            title: `Benchmark tool ${number}`,
            description: `Answers with ${sizes.tool} characters, whatever it is told.`,
            inputSchema: {
              type: 'object',
              properties: {
                message: { type: 'string', description: 'Anything; it is not looked at.' },
                count: { type: 'integer', minimum: 0, description: 'Likewise.' },
              },
            },
            annotations: { readOnlyHint: true, idempotentHint: true },
          },
          call: () => ({ content: [{ type: 'text', text }], isError: false }),
        };
      }),
      resources: numbers(counts.resources).map((number) => {
        const uri = `benchmark://${name}/resource_${number}`;
        // Every server has its own text, so that a reader sees whose it is.
        const text = prose(uri, sizes.resource);
        return {
          definition: {
            uri,
            name: `benchmark_resource_${number}`,
            title: `Benchmark resource ${number}`,
            description: `${sizes.resource} characters of ${name}.`,
            mimeType: 'text/plain',
            size: sizes.resource,
          },
          read: () => ({ mimeType: 'text/plain', text }),
        };
      }),
      prompts: numbers(counts.prompts).map((number) => {
        const promptName = `benchmark_prompt_${number}`;
        const text = prose(promptName, sizes.prompt);
        return {
          definition: {
            name: promptName,
            title: `Benchmark prompt ${number}`,
            description: `A prompt of ${sizes.prompt} characters.`,
            arguments: [
              { name: 'topic', description: 'What the prompt is about; it is not looked at.', required: false },
            ],
          },
          get: () => ({ messages: [{ role: 'user', content: { type: 'text', text } }] }),
        };
      }),
    };
  },
} satisfies ServerKind;

/** From 1 on. */
function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
