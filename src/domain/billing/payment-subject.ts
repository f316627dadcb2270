import { type PaymentFact, paymentNotice } from '../../ports/payments.ts';

/** Whom a fact is about: a customer, or where none is named the payment. */
export const subjectOf = (fact: PaymentFact): string => {
  switch (fact.kind) {
    case 'REFUNDED':
      return fact.customerId ?? fact.paymentId;
    case 'DISPUTED':
      return fact.paymentId;
    default:
      return fact.customerId;
  }
};

/** A fact as it was stored. */
export const storedFact = (payload: unknown): PaymentFact => paymentNotice.parse(payload);
