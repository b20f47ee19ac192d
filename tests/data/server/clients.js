// A browser's part of tests/server/clients.rs: says "done" when all went well.
const check = (what, good) => { if (!good) throw new Error(what); };
(async () => {
    const echo = await fetch('/echo', { method: 'POST', body: 'a'.repeat(100000) });
    check('echo', (await echo.text()) === 'a'.repeat(100000));
    check('chunks', (await (await fetch('/chunks')).text()).trim().split('\n').length === 100);
    check('large', (await (await fetch('/large')).arrayBuffer()).byteLength === 3 << 20);
    check('moved', (await fetch('/moved')).url.endsWith('/echo'));
    check('nothing', (await fetch('/nothing')).status === 204);
    check('missing', (await fetch('/missing')).status === 404);
    const many = await Promise.all(Array.from({ length: 30 }, (_, n) => fetch('/chunks?' + n)));
    check('many', many.every((response) => response.ok));
    return 'done';
})().catch((error) => error.message).then((text) => { document.getElementById('p').textContent = text; });
