/**
 * In which parts two versions of the code differ, in words.
 */
import type { MeasuredCode } from '../model/run-plan.ts';

const parts: Readonly<Record<keyof MeasuredCode, string>> = {
  program: "wirebench's own files",
  bench: 'contenders, payloads or suites in bench/',
  project: "the project's own modules, or recorded payloads",
};

/** None where both are the same code. */
export function differingCode(earlier: MeasuredCode, now: MeasuredCode): string[] {
  return (Object.keys(parts) as (keyof MeasuredCode)[])
    .filter((part) => earlier[part] !== now[part])
    .map((part) => parts[part]);
}
