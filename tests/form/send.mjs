// Sends what `page.html` sends, by Node's fetch. The argument is the server's URL.
import { File } from 'node:buffer';

const send = (name, body) => fetch(process.argv[2] + name, { method: 'POST', body });
const data = new FormData();
data.append('text', 'plain');
data.append('empty', '');
data.append('lines', 'one\ntwo\r\nthree\rfour');
data.append('quo"te\r\nback\\slash', '--');
data.append('größe', '多');
data.append('100%', '%22');
data.append('file', new File(['\0\r\n--'], 'a"b\r\n.txt', { type: 'text/plain' }));
data.append('file', new File(['\r\n'], 'naïve 多.bin'));
data.append('folder', new File(['x'], 'dir\\file; name=x.txt'));
data.append('blob', new Blob(['<p>'], { type: 'text/html;charset=utf-8' }));
await send('node-script', data);
await send('node-empty', new FormData());
