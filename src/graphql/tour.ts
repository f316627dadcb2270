export const tour = [];
