import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

// Certificates as an authority makes them (X.509, RFC 5280), written in DER (ITU-T X.690): Node reads them, and writes none.

export interface Certificate {
  readonly der: Buffer;
  readonly name: string;
  readonly privateKey: KeyObject;
}

export interface CertificateWish {
  readonly name: string;
  /** Who signs; left out: itself. */
  readonly issuer?: Certificate;
  readonly authority: boolean;
  /** Object identifiers of further extensions, each without a value. */
  readonly marks?: readonly string[];
  readonly validFrom?: Date;
  readonly validTo?: Date;
}

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';
const BASIC_CONSTRAINTS = '2.5.29.19';

export function makeCertificate(wish: CertificateWish): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const { name, issuer, authority, marks = [], validFrom = new Date('2020-01-01T00:00:00Z'), validTo = new Date('2049-01-01T00:00:00Z') } = wish;
  const extensions = [
    sequence(objectId(BASIC_CONSTRAINTS), boolean(true), octets(authority ? sequence(boolean(true)) : sequence())),
    ...marks.map((mark) => sequence(objectId(mark), octets(Buffer.from([0x05, 0x00])))),
  ];
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
    algorithm,
    distinguishedName(issuer?.name ?? name),
    sequence(utcTime(validFrom), utcTime(validTo)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, issuer?.privateKey ?? privateKey);
  return { der: sequence(body, algorithm, tagged(0x03, Buffer.from([0]), signature)), name, privateKey };
}

function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: Buffer[]) => tagged(0x30, ...parts);
const integer = (bytes: Buffer) => tagged(0x02, bytes);
const boolean = (value: boolean) => tagged(0x01, Buffer.from([value ? 0xff : 0]));
const octets = (content: Buffer) => tagged(0x04, content);
/** Years from 1950 to 2049. */
const utcTime = (at: Date) => tagged(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));
const distinguishedName = (name: string) => sequence(tagged(0x31, sequence(objectId(COMMON_NAME), tagged(0x0c, Buffer.from(name)))));

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const base128 = (value: number): number[] => (value < 128 ? [value] : [...base128(Math.floor(value / 128)).map((byte) => byte | 0x80), value % 128]);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}
