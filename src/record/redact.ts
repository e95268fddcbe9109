/**
 * Keeps credentials out of files and messages: what a recording says of its source, and what an error may quote.
 *
 * Rules are by appearance and lean towards hiding too much, since a recording stays readable without its arguments.
 */

const hidden = '***';

/** Option and variable names whose value is taken for a credential. */
const secretName = /key|token|secret|passw|auth|credential|cookie|session|header|bearer|signature/i;

/** Option `-H` of curl and of many MCP bridges carries a header; `-u`, `-p` carry a user or a password. */
const secretShortOption = /^-[HupkU]$/;

/** Prefixes that issuers put before their credentials. */
const issuedPrefix =
  /^(?:sk-|pk-|rk-|sk_|pk_|rk_|gh[opusr]_|github_pat_|glpat-|xox[abeprs]-|npm_|hf_|AKIA|ya29\.|eyJ)[-_.A-Za-z0-9]{12,}$/;

/**
 * A server's command with credentials replaced by `***`: values of options and variables with a telling name, of
 * `-H` and `-u`, of headers, credentials by appearance, and the parts of URLs that may hold one.
 */
export function describeCommand(command: readonly string[]): string[] {
  return command.map((argument, index) => {
    const before = command[index - 1] ?? '';
    const isOptionValue = /^--?[^=]+$/.test(before) && (secretName.test(before) || secretShortOption.test(before));
    if (isOptionValue && !argument.startsWith('-')) return hidden;
    const assignment = /^([^=\s/]+)=(.*)$/s.exec(argument);
    if (assignment !== null) {
      const [, name = '', value = ''] = assignment;
      return secretName.test(name) ? `${name}=${hidden}` : `${name}=${describeArgument(value)}`;
    }
    return describeArgument(argument);
  });
}

/** A URL without user, query and fragment, and with credentials in its path replaced by `***`. */
export function describeUrl(url: URL): string {
  const path = url.pathname
    .split('/')
    .map((segment) => (looksSecret(segment) ? hidden : segment))
    .join('/');
  return `${url.protocol}//${url.host}${path}`;
}

/**
 * A function that replaces a secret in text by `***`, also without its scheme and as JSON or a URL would escape it.
 * @param secret the value of an Authorization header; nothing is replaced where it is absent.
 */
export function createRedactor(secret: string | undefined): (text: string) => string {
  const forms = secretForms(secret);
  return (text) => forms.reduce((redacted, form) => redacted.replaceAll(form, hidden), text);
}

/** True for the name of an option or a variable whose value is taken for a credential. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

function secretForms(secret: string | undefined): string[] {
  if (secret === undefined) return [];
  // A credential shorter than this is found in ordinary words; the whole header value is still looked for.
  const minimumLength = 6;
  const [, ...credentials] = secret.split(/\s+/);
  return [secret, ...credentials.filter((part) => part.length >= minimumLength)]
    .flatMap((part) => [part, JSON.stringify(part).slice(1, -1), encodeURIComponent(part)])
    .toSorted((a, b) => b.length - a.length);
}

function describeArgument(argument: string): string {
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(argument);
  if (isAddress) return URL.canParse(argument) ? describeUrl(new URL(argument)) : hidden;
  if (/^[\w-]+:\s*\S/.test(argument) && secretName.test(argument.split(':')[0] ?? '')) return hidden;
  if (/^(?:bearer|basic)\s/i.test(argument)) return hidden;
  return looksSecret(argument) ? hidden : argument;
}

/** True for what an issuer's prefix gives away, and for long text that mixes cases and digits as no name does. */
function looksSecret(text: string): boolean {
  if (issuedPrefix.test(text)) return true;
  const isLongWord = /^[A-Za-z0-9_+=-]{20,}$/.test(text);
  return isLongWord && /\d/.test(text) && ((/[a-z]/.test(text) && /[A-Z]/.test(text)) || /^[0-9a-f-]+$/.test(text));
}
