import { z } from 'zod';
import { parsePhoneNumber } from '../../kit/phone.ts';

/** Whom a booking is for, as a person or the model gives it. */
export interface CustomerInput {
  readonly customerName: string;
  /** As people write it, or E.164. */
  readonly customerPhone?: string | null | undefined;
  readonly customerEmail?: string | null | undefined;
  readonly details?: string | null | undefined;
}

const blankIsNull = (value: unknown) => (typeof value === 'string' && value.trim() === '' ? null : (value ?? null));

/** @param country ISO 3166-1 alpha-2, for numbers without a country code. */
export const customerFields = (country: string) =>
  z.object({
    customerName: z
      .string()
      .transform((name) => name.replace(/[\p{Cc}\s]+/gu, ' ').trim())
      .pipe(z.string().min(1, 'A booking needs the name of the customer.').max(120, 'The name of the customer has at most 120 characters.')),
    customerPhone: z.preprocess(
      blankIsNull,
      z
        .string()
        .transform((text, context) => {
          const number = parsePhoneNumber(text, country);
          if (number) return number;
          context.addIssue({ code: 'custom', message: 'The telephone number cannot be one; write it like +1 202 555 0142.' });
          return z.NEVER;
        })
        .nullable(),
    ),
    customerEmail: z.preprocess(blankIsNull, z.string().trim().toLowerCase().pipe(z.email('The e-mail address cannot be one.').max(254)).nullable()),
    details: z.preprocess(blankIsNull, z.string().trim().max(2_000, 'The details have at most 2000 characters.').nullable()),
  });
