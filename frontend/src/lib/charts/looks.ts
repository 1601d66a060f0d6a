/** Lines are told apart without their colour: the pattern of each look, in pixels drawn and left. */
export const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 2.5], [9, 3, 2, 3], [4, 5], [12, 4], [1, 4]];
