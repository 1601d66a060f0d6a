/** Which field of a form a refusal is about. */
import type { Problem } from '$lib/api/client';

/** Refusals that name no field, and are about one. The first of them that the form has. */
const ABOUT: Record<string, readonly string[]> = {
  weak_password: ['new', 'password'],
  name_taken: ['name'],
  wrong_password: ['current'],
};

/** What is wrong with which of these fields; nothing for a refusal that is about none of them. */
export function fieldProblems(problem: Problem, fields: readonly string[]): Record<string, string> {
  const told = problem.errors.map(({ where, message }) => [where.replace(/^body\./, ''), message] as const);
  const about = ABOUT[problem.code]?.find((name) => fields.includes(name));
  const all = about ? [...told, [about, problem.detail] as const] : told;
  return Object.fromEntries(all.filter(([name]) => fields.includes(name)));
}
