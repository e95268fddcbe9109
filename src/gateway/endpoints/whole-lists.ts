/**
 * Lists that leave as a whole and have no cursor: too large ones are refused, since nobody would see that they ended early.
 */
import type { Entity } from '../entities/entity.ts';
import { Problem } from '../http/errors.ts';
import { mostListBytes } from '../store/list-bytes.ts';
import type { Page } from '../store/store.ts';

/** @throws {Problem} 422 where not all entities fit. */
export function requireWhole(page: Page, advice: string): readonly Entity[] {
  if (page.nextCursor !== null)
    throw new Problem(
      422,
      `this would be more than ${mostListBytes / 1024 / 1024} MiB, and is not sent as one; ${advice}`,
    );
  return page.items;
}
