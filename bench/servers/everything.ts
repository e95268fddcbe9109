/**
 * One tool, resource and prompt for each thing that MCP knows, as the official conformance suite asks for them.
 *
 * Source: @modelcontextprotocol/conformance, the requirements of its server scenarios for revision 2025-11-25: names,
 * arguments and what is answered.
 */
import type { CallContext, JsonRecord, ServedPrompt, ServedTool, ServerKind } from '../../src/model/mcp-server.ts';

/** One red pixel, as PNG. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
/** A WAV file of no sample. */
const silence = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';
/** Between the steps of a tool that takes some time, so that a client sees them come one by one. */
const stepMs = 50;

const noArguments: JsonRecord = { type: 'object', properties: {} };

export default {
  order: 3,
  title: 'one of each thing that MCP knows, for its conformance suite',
  create: () => ({
    instructions: 'A fixture of the conformance suite: what it answers never changes.',
    tools: [...plainTools, ...steppingTools, ...askingTools],
    resources: [
      {
        definition: {
          uri: 'test://static-text',
          name: 'static-text',
          description: 'A text that never changes.',
          mimeType: 'text/plain',
        },
        read: () => ({ mimeType: 'text/plain', text: 'This is the content of the static text resource.' }),
      },
      {
        definition: {
          uri: 'test://static-binary',
          name: 'static-binary',
          description: 'An image that never changes.',
          mimeType: 'image/png',
        },
        read: () => ({ mimeType: 'image/png', blob: pixel }),
      },
      {
        definition: {
          uri: 'test://watched-resource',
          name: 'watched-resource',
          description: 'Something to subscribe to.',
          mimeType: 'text/plain',
        },
        read: () => ({ mimeType: 'text/plain', text: 'It has not changed.' }),
      },
    ],
    templates: [
      {
        definition: {
          uriTemplate: 'test://template/{id}/data',
          name: 'template',
          description: 'The data of any id.',
          mimeType: 'application/json',
        },
        read(uri) {
          const [, id] = /^test:\/\/template\/([^/]+)\/data$/.exec(uri) ?? [];
          if (id === undefined) return undefined;
          const data = { id, templateTest: true, data: `Data for ID: ${id}` };
          return { mimeType: 'application/json', text: JSON.stringify(data) };
        },
      },
    ],
    prompts,
    complete: ({ value }) => ['paris', 'park', 'party'].filter((word) => word.startsWith(value)),
  }),
} satisfies ServerKind;

const plainTools: readonly ServedTool[] = [
  tool('test_simple_text', 'Answers with text.', () => [text('This is a simple text response for testing.')]),
  tool('test_image_content', 'Answers with an image.', () => [image()]),
  tool('test_audio_content', 'Answers with a sound.', () => [{ type: 'audio', data: silence, mimeType: 'audio/wav' }]),
  tool('test_embedded_resource', 'Answers with a resource.', () => [
    {
      type: 'resource',
      resource: {
        uri: 'test://embedded-resource',
        mimeType: 'text/plain',
        text: 'This is an embedded resource content.',
      },
    },
  ]),
  tool('test_multiple_content_types', 'Answers with text, an image and a resource.', () => [
    text('Multiple content types test:'),
    image(),
    {
      type: 'resource',
      resource: {
        uri: 'test://mixed-content-resource',
        mimeType: 'application/json',
        text: JSON.stringify({ test: 'data', value: 123 }),
      },
    },
  ]),
  tool('test_error_handling', 'Always fails.', () => {
    throw new Error('This tool intentionally returns an error for testing');
  }),
  {
    definition: {
      name: 'json_schema_2020_12_tool',
      description: 'Has an input schema with the words of JSON Schema 2020-12.',
      inputSchema: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        $defs: {
          address: {
            $anchor: 'addressDef',
            type: 'object',
            properties: { street: { type: 'string' }, city: { type: 'string' } },
          },
        },
        properties: {
          name: { type: 'string' },
          address: { $ref: '#/$defs/address' },
          contactMethod: { type: 'string', enum: ['phone', 'email'] },
          phone: { type: 'string' },
          email: { type: 'string' },
        },
        allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
        if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
        // oxlint-disable-next-line unicorn/no-thenable -- a word of JSON Schema
        then: { required: ['phone'] },
        else: { required: ['email'] },
        additionalProperties: false,
      },
    },
    call: (given) => ({ content: [text(`JSON Schema 2020-12 tool called with: ${JSON.stringify(given)}`)] }),
  },
];

const steppingTools: readonly ServedTool[] = [
  tool('test_tool_with_logging', 'Logs three lines while it runs.', async ({ signal, log }) => {
    await log('info', 'Tool execution started');
    await wait(signal);
    await log('info', 'Tool processing data');
    await wait(signal);
    await log('info', 'Tool execution completed');
    return [text('Tool with logging executed successfully')];
  }),
  tool('test_tool_with_progress', 'Tells its progress in three steps.', async ({ signal, progress }) => {
    await progress(0, 100);
    await wait(signal);
    await progress(50, 100);
    await wait(signal);
    await progress(100, 100);
    return [text('Tool with progress executed successfully')];
  }),
];

const askingTools: readonly ServedTool[] = [
  {
    definition: {
      name: 'test_sampling',
      description: "Asks the client's model.",
      inputSchema: inputOf({ prompt: 'What the model is asked.' }),
    },
    async call({ prompt }, { ask }) {
      const messages = [{ role: 'user', content: text(String(prompt)) }];
      const { content } = await ask('sampling/createMessage', { messages, maxTokens: 100 });
      return { content: [text(`LLM response: ${String((content as JsonRecord)['text'])}`)] };
    },
  },
  {
    definition: {
      name: 'test_elicitation',
      description: 'Asks the user.',
      inputSchema: inputOf({ message: 'What the user is asked.' }),
    },
    async call({ message }, context) {
      const answer = await elicit(context, {
        message: String(message),
        properties: {
          username: { type: 'string', description: "User's response" },
          email: { type: 'string', description: "User's email address" },
        },
        required: ['username', 'email'],
      });
      return { content: [text(`User response: ${answer}`)] };
    },
  },
  tool('test_elicitation_sep1034_defaults', 'Asks the user with a default for each type.', async (context) => {
    const answer = await elicit(context, {
      message: 'Please review and update the form fields with defaults',
      properties: {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      },
    });
    return [text(`Elicitation completed: ${answer}`)];
  }),
  tool('test_elicitation_sep1330_enums', 'Asks the user with an enumeration of each form.', async (context) => {
    const options = ['option1', 'option2', 'option3'];
    const titled = (title: string): JsonRecord[] =>
      ['First', 'Second', 'Third'].map((ordinal, index) => ({
        const: `value${index + 1}`,
        title: `${ordinal} ${title}`,
      }));
    const answer = await elicit(context, {
      message: 'Please select options from the enum fields',
      properties: {
        untitledSingle: { type: 'string', enum: options },
        titledSingle: { type: 'string', oneOf: titled('Option') },
        legacyEnum: {
          type: 'string',
          enum: ['opt1', 'opt2', 'opt3'],
          enumNames: ['Option One', 'Option Two', 'Option Three'],
        },
        untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
        titledMulti: { type: 'array', items: { anyOf: titled('Choice') } },
      },
    });
    return [text(`Elicitation completed: ${answer}`)];
  }),
];

const prompts: readonly ServedPrompt[] = [
  {
    definition: { name: 'test_simple_prompt', description: 'A prompt without arguments.' },
    get: () => ({ messages: [said(text('This is a simple prompt for testing.'))] }),
  },
  {
    definition: {
      name: 'test_prompt_with_arguments',
      description: 'A prompt with two arguments.',
      arguments: [
        { name: 'arg1', description: 'First test argument', required: true },
        { name: 'arg2', description: 'Second test argument', required: true },
      ],
    },
    get: ({ arg1, arg2 }) => ({
      messages: [said(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
    }),
  },
  {
    definition: {
      name: 'test_prompt_with_embedded_resource',
      description: 'A prompt with a resource in it.',
      arguments: [{ name: 'resourceUri', description: 'URI of the resource to embed', required: true }],
    },
    get: ({ resourceUri }) => ({
      messages: [
        said({
          type: 'resource',
          resource: {
            uri: resourceUri,
            mimeType: 'text/plain',
            text: 'Embedded resource content for testing.',
          },
        }),
        said(text('Please process the embedded resource above.')),
      ],
    }),
  },
  {
    definition: { name: 'test_prompt_with_image', description: 'A prompt with an image in it.' },
    get: () => ({ messages: [said(image()), said(text('Please analyze the image above.'))] }),
  },
];

function tool(
  name: string,
  description: string,
  answer: (context: CallContext) => JsonRecord[] | Promise<JsonRecord[]>,
): ServedTool {
  return {
    definition: { name, description, inputSchema: noArguments },
    call: async (_given, context) => ({ content: await answer(context) }),
  };
}

function inputOf(descriptions: Readonly<Record<string, string>>): JsonRecord {
  const fields = Object.entries(descriptions).map(([name, description]) => [name, { type: 'string', description }]);
  return { type: 'object', properties: Object.fromEntries(fields), required: Object.keys(descriptions) };
}

/** @returns what the user did, as the suite expects it in a sentence. */
async function elicit(
  { ask }: CallContext,
  form: { message: string; properties: JsonRecord; required?: readonly string[] },
): Promise<string> {
  const { message, ...fields } = form;
  const { action, content = {} } = await ask('elicitation/create', {
    message,
    requestedSchema: { type: 'object', ...fields },
  });
  return `action=${String(action)}, content=${JSON.stringify(content)}`;
}

function text(words: string): JsonRecord {
  return { type: 'text', text: words };
}

function image(): JsonRecord {
  return { type: 'image', data: pixel, mimeType: 'image/png' };
}

function said(content: JsonRecord): JsonRecord {
  return { role: 'user', content };
}

function wait(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, stepMs);
    const stop = (): void => {
      clearTimeout(timer);
      reject(new Error('the call was cancelled'));
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
