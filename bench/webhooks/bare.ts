/** The least that an answer can cost: a server that reads a request and answers the same to all. */
import http from 'node:http';

const BODY = '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>';

http
  .createServer((request, response) => {
    request.on('data', () => {});
    request.on('end', () => response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8', 'content-length': BODY.length }).end(BODY));
  })
  .listen(Number(process.env.PORT), '127.0.0.1');
