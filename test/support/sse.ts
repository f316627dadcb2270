/** Reads server-sent events (WHATWG HTML, section 9.2) from a response's body. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<{ event: string; data: string }, void> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = block.split('\n').map((line) => /^(\w*): ?(.*)$/.exec(line));
      const all = (name: string) => fields.filter((field) => field?.[1] === name).map((field) => field?.[2] ?? '');
      if (all('event').length + all('data').length > 0) yield { event: all('event')[0] ?? 'message', data: all('data').join('\n') };
    }
  }
}
