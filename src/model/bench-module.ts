/**
 * What every module of bench/ has in common: its id, and the smallest profile that includes it.
 */
/** A module of bench/ together with the id that its file name gives it. */
export type Registered<T> = T & { readonly id: string; readonly url: string };

export type Profile = 'quick' | 'standard' | 'thorough';
