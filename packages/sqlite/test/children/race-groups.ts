// Sends groups that each check what a group of the other process writes, and says which of them landed.
import { say, sayAndWait } from '@holdfast/test-support';
import { openGroupPort } from '../support/group-port.ts';

const [file = '', mine = '', theirs = '', rounds] = process.argv.slice(2);
const port = await openGroupPort(file);
const landed: boolean[] = [];

await sayAndWait('ready');
for (let round = 0; round < Number(rounds); round += 1) {
  landed.push(await port.lands(port.check(`/${round}/${mine}`, 'absent'), port.put(`/${round}/${theirs}`, 'absent')));
}
await port.close();
await say(landed);
process.disconnect();
