/**
 * A service in which people make forms. We read a form once and keep it as a survey; answers stay with us, because no such
 * service takes them from others.
 */
export interface Forms {
  readonly provider: 'google';
  /**
   * The form of an address as people paste it.
   *
   * @returns its id, or why there is none in it: `responder` for the address that is sent to those who answer.
   */
  idIn(url: string): { readonly formId: string } | { readonly problem: 'responder' | 'not-a-form' };
  /** @throws FormsRejected | FormsUnreachable | ConsentLost (of the account's link) */
  read(access: FormsAccess, formId: string): Promise<Form>;
}

export interface FormsAccess {
  /** The account's access token, good now. */
  readonly token: string;
  readonly signal?: AbortSignal;
}

/** A form, in our words. Sections count from 1: the first is what stands before the first page break. */
export interface Form {
  readonly formId: string;
  /** Changes with every change of the form. */
  readonly revision: string;
  readonly title: string;
  readonly description: string | null;
  readonly sections: readonly FormSection[];
  /** In the form's order; each row of a grid is one. */
  readonly questions: readonly FormQuestion[];
  /** What cannot be asked, shown or read, in the form's order. */
  readonly unaskable: readonly UnaskableItem[];
}

export interface FormSection {
  readonly itemId: string | null;
  readonly title: string;
  readonly description: string | null;
}

export interface FormQuestion {
  readonly key: string;
  readonly itemId: string;
  readonly title: string;
  /** Of a row: the title that all rows of its grid share. */
  readonly groupTitle: string | null;
  readonly help: string | null;
  readonly kind: 'TEXT' | 'PARAGRAPH' | 'SINGLE_CHOICE' | 'MULTIPLE_CHOICE' | 'SCALE' | 'RATING' | 'GRID_ROW' | 'DATE' | 'TIME' | 'DURATION';
  readonly required: boolean;
  readonly section: number;
  /** Exactly as the form has them, without "other". */
  readonly options: readonly string[];
  readonly allowsOther: boolean;
  /** A row that takes several of its options. */
  readonly multiple: boolean;
  readonly shuffle: boolean;
  readonly low: number | null;
  readonly high: number | null;
  readonly lowLabel: string | null;
  readonly highLabel: string | null;
  readonly icon: 'STAR' | 'HEART' | 'THUMB_UP' | null;
  readonly includeYear: boolean;
  readonly includeTime: boolean;
  /** Where options lead; `option` null is "other". */
  readonly next: readonly { readonly option: string | null; readonly goTo: FormTarget }[];
}

export type FormTarget = `section:${number}` | 'next' | 'submit' | 'restart' | `unknown:${string}`;

export interface UnaskableItem {
  readonly kind: 'FILE_UPLOAD' | 'PICTURE' | 'UNKNOWN_KIND';
  readonly itemId: string;
  /** Null where it is no question. */
  readonly questionKey: string | null;
  readonly title: string;
  readonly required: boolean;
}

/** The service said no: the form is not there, or not this account's to read. */
export class FormsRejected extends Error {
  override readonly name = 'FormsRejected';
  readonly kind: 'not-found' | 'not-shared' | 'scope-missing' | 'other';

  constructor(message: string, kind: FormsRejected['kind']) {
    super(message);
    this.kind = kind;
  }
}

/** No answer came, or one that cannot be read. */
export class FormsUnreachable extends Error {
  override readonly name = 'FormsUnreachable';
}
