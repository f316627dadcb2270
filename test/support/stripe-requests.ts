import { type AccountPrice, invoiceObject, type Json, priceObject, type StripeAccountState, subscriptionObject } from './stripe-account.ts';

export type Reply = readonly [status: number, body: object];
type Params = Readonly<Record<string, unknown>>;
type Act = (account: StripeAccountState, params: Params, id: string) => Json | null;

const DAY = 86_400;

/** Does what a request that fits the specification asks for. */
export function perform(account: StripeAccountState, operation: string, id: string | null, params: Params, pageSize: number): Reply {
  const refusal = REFUSALS[operation]?.(account, params);
  if (refusal) return [400, { error: { type: 'invalid_request_error', ...refusal } }];
  const list = LISTS[operation];
  if (list) return [200, page(list(account, params), params, operation.slice('GET '.length), pageSize)];
  const done = ACTS[operation]?.(account, params, id ?? '');
  return done ? [200, done] : [404, { error: { type: 'invalid_request_error', code: 'resource_missing', message: `No such thing: '${id}'` } }];
}

/** The newest first, from after the one that is named. */
function page(all: readonly Json[], params: Params, url: string, pageSize: number): object {
  const sorted = all.toReversed();
  const from = params.starting_after ? sorted.findIndex(({ id }) => id === params.starting_after) + 1 : 0;
  const size = Math.min(Number(params.limit ?? 10), pageSize);
  const data = sorted.slice(from, from + size);
  return { object: 'list', data, has_more: from + size < sorted.length, url };
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const part = (value: unknown): Params => (typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {});

const LISTS: Readonly<Record<string, (account: StripeAccountState, params: Params) => Json[]>> = {
  'GET /v1/checkout/sessions': ({ sessions }, { customer }) => [...sessions.values()].filter((one) => one.customer === customer),
  'GET /v1/billing_portal/configurations': ({ configurations }) => [...configurations.values()],
  'GET /v1/subscriptions': (account, { customer, status }) =>
    [...account.subscriptions.values()]
      .filter((one) => one.customer === customer && (status === 'all' || one.status !== 'canceled'))
      .map((one) => subscriptionObject(account, one)),
  'GET /v1/prices': ({ prices }, { lookup_keys }) =>
    [...prices.values()].filter(({ lookup_key }) => lookup_key && texts(lookup_keys).includes(lookup_key)).map(priceObject),
  'GET /v1/billing/meters': ({ meters }) => [...meters.values()],
  'GET /v1/invoices': ({ invoices }, { customer, subscription, status, expand }) =>
    [...invoices.values()]
      .filter((one) => (!customer || one.customer === customer) && (!subscription || one.subscription === subscription) && one.status === status)
      .map((one) => invoiceObject(one, texts(expand).includes('data.payments'))),
  'GET /v1/events': ({ events }, { types, created }) =>
    events.filter(({ type, created: at }) => texts(types).includes(type) && at >= Number(part(created).gte ?? 0)).map(eventObject),
};

export const eventObject = ({ id, type, created, object }: { id: string; type: string; created: number; object: Json }): Json => ({
  id,
  object: 'event',
  api_version: '2026-10-28.endive',
  created,
  data: { object },
  livemode: false,
  pending_webhooks: 0,
  request: null,
  type,
});

/** What Stripe refuses although it fits the specification. */
const REFUSALS: Readonly<Record<string, (account: StripeAccountState, params: Params) => { code: string | null; message: string } | null>> = {
  'POST /v1/checkout/sessions': ({ customers, prices }, { customer, line_items }) => {
    if (!customers.has(String(customer))) return { code: 'resource_missing', message: `No such customer: '${customer}'` };
    const [item] = Array.isArray(line_items) ? line_items : [];
    return prices.has(String(part(item).price)) ? null : { code: 'resource_missing', message: 'No such price' };
  },
  'GET /v1/subscriptions': ({ customers }, { customer }) =>
    customers.has(String(customer)) ? null : { code: 'resource_missing', message: 'No such customer' },
  'POST /v1/billing/meter_events': ({ meterEvents, now }, { identifier, timestamp }) => {
    if (meterEvents.has(String(identifier))) return { code: null, message: `An event already exists with identifier ${identifier}.` };
    const age = now() - Number(timestamp);
    return age > 35 * DAY || age < -300 ? { code: 'timestamp_too_far_in_past', message: 'The timestamp is out of range.' } : null;
  },
};

const ACTS: Readonly<Record<string, Act>> = {
  'POST /v1/customers': (account, { email, metadata }) => {
    const customer = { id: account.newId('cus'), email: String(email), metadata: part(metadata) };
    account.customers.set(customer.id, customer);
    return { ...customer, object: 'customer' };
  },
  'POST /v1/checkout/sessions': (account, params) => {
    const id = account.newId('cs');
    // What it is made with and what it is are not the same: items and the subscription's data are elsewhere.
    const { line_items: _items, subscription_data: _data, ...shown } = params;
    const session = { ...shown, id, object: 'checkout.session', status: 'open', url: `https://checkout.stripe.com/c/pay/${id}` };
    account.sessions.set(id, session);
    return { ...session };
  },
  'POST /v1/checkout/sessions/{id}/expire': ({ sessions }, _params, id) => {
    const session = sessions.get(id);
    if (!session) return null;
    Object.assign(session, { status: 'expired', url: null });
    return { ...session };
  },
  'POST /v1/billing_portal/configurations': (account, { features, metadata, name }) => {
    const id = account.newId('bpc');
    const made = { id, object: 'billing_portal.configuration', active: true, metadata: part(metadata), name, is_default: false };
    account.configurations.set(id, { ...made, features });
    return made;
  },
  'POST /v1/billing_portal/sessions': (account, params) => {
    const id = account.newId('bps');
    account.portals.set(id, { ...params, id });
    return {
      id,
      object: 'billing_portal.session',
      url: `https://billing.stripe.com/p/session/${id}`,
      customer: params.customer,
      return_url: params.return_url,
    };
  },
  'GET /v1/subscriptions/{id}': (account, _params, id) => {
    const found = account.subscriptions.get(id);
    return found ? subscriptionObject(account, found) : null;
  },
  'DELETE /v1/subscriptions/{id}': (account, { prorate, invoice_now }, id) => {
    const found = account.subscriptions.get(id);
    if (!found || found.status === 'canceled') return null;
    // What was paid for and not used is the customer's, where that is asked for, and shows once it is on an invoice.
    if (found.status === 'active' && prorate && invoice_now) {
      const unused = (found.periodEnd - account.now()) / (found.periodEnd - found.periodStart);
      account.credit(found.customer, Math.round(unused * account.price(found.price).unit_amount));
    }
    found.status = 'canceled';
    account.tell('customer.subscription.deleted', subscriptionObject(account, found));
    return subscriptionObject(account, found);
  },
  'GET /v1/products/{id}': ({ products }, _params, id) => productObject(products.get(id)),
  'POST /v1/products/{id}': ({ products }, { name }, id) => {
    const found = products.get(id);
    if (found && typeof name === 'string') found.name = name;
    return productObject(found);
  },
  'POST /v1/products': ({ products }, { id, name, metadata }) => {
    const product = { id: String(id), name: String(name), metadata: part(metadata) };
    products.set(product.id, product);
    return productObject(product);
  },
  'GET /v1/prices/{id}': ({ prices }, _params, id) => {
    const found = prices.get(id);
    return found ? priceObject(found) : null;
  },
  'POST /v1/prices': (account, params) => {
    const { product, unit_amount, currency, lookup_key, transfer_lookup_key } = params;
    if (transfer_lookup_key) for (const other of account.prices.values()) if (other.lookup_key === lookup_key) other.lookup_key = null;
    const price: AccountPrice = {
      id: account.newId('price'),
      product: String(product),
      unit_amount: Number(unit_amount),
      currency: String(currency),
      lookup_key: String(lookup_key),
      metadata: Object.fromEntries(Object.entries(part(params.metadata)).map(([key, value]) => [key, String(value)])),
      active: true,
    };
    account.prices.set(price.id, price);
    return priceObject(price);
  },
  'POST /v1/billing/meters': (account, params) => {
    const id = account.newId('mtr');
    const meter = { ...params, id, object: 'billing.meter', event_name: String(params.event_name), status: 'active' };
    account.meters.set(id, meter);
    return meter;
  },
  'POST /v1/billing/meter_events': ({ meterEvents, now }, { identifier, event_name, payload, timestamp }) => {
    const event = { event_name, identifier, payload, timestamp };
    meterEvents.set(String(identifier), event);
    return { ...event, object: 'billing.meter_event', created: now(), livemode: false };
  },
};

const productObject = (product: { id: string; name: string; metadata: Json } | undefined): Json | null =>
  product ? { ...product, object: 'product', active: true, updated: 1 } : null;
