// What servers do when they do not work.

import { reply } from './http.js';

const BEHAVIOURS = {
    // Takes the request, and never says anything.
    hang: () => {},
    // Ends the connection.
    drop: (request) => request.socket.destroy(),
    busy: (_, response) => reply(response, 503, { message: 'Service Unavailable' }, { 'Retry-After': '120' }),
    often: (_, response) => reply(response, 429, { message: 'Too Many Requests' }, { 'Retry-After': '90' }),
    // A page of somebody's, as captive portals show it.
    page: (_, response) => {
        response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Welcome</title>');
    },
    elsewhere: (_, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end(),
    endless: (_, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        const more = () => {
            while (!response.destroyed && response.write(' '.repeat(65536)));
        };
        response.on('drain', more);
        more();
    },
};

// Whether the request was dealt with here.
export function misbehaves({ behaviour, on }, request, response) {
    if (behaviour === 'well' || !request.url.includes(on)) {
        return false;
    }
    BEHAVIOURS[behaviour](request, response);
    return true;
}
