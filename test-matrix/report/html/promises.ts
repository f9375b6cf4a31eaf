import type { Capabilities } from '@holdfast/core';
import type { MatrixReport } from '../matrix-report.ts';
import { listed } from '../words.ts';
import { icon } from './icons.ts';
import { html, type Content, type Markup } from './markup.ts';
import { scrollTable } from './scroll-table.ts';

interface Promised {
  readonly name: string;
  readonly about: string;
  readonly value: (capabilities: Capabilities) => Content;
}

const yesOrNo = (yes: boolean): Markup => (yes ? icon('passed', 'yes') : icon('no', 'no'));

const CAS: { readonly [C in Capabilities['cas']]: Markup } = {
  versioned: icon('passed', 'every write'),
  'create-only': html`only creation`,
  none: icon('no', 'no'),
};

const PATHS: { readonly [P in Capabilities['paths']]: string } = {
  prefix: 'both may exist',
  tree: 'one or the other',
};

const DURABILITY: { readonly [D in Capabilities['durability']]: Content } = {
  none: icon('no', 'nothing'),
  'process-crash': 'a crash of the process',
  'power-loss': 'a power cut',
};

const SHARING: { readonly [S in Capabilities['sharing']]: string } = {
  instance: 'one instance',
  process: 'one process',
  host: 'one machine',
  network: 'the network',
};

// Every capability must be in words: a new one does not compile until it is.
const PROMISES: { readonly [Field in keyof Capabilities]: Promised } = {
  cas: {
    name: 'Compare-and-swap',
    about: 'Which writes can depend on nobody having been faster?',
    value: ({ cas }) => CAS[cas],
  },
  records: {
    name: 'Records',
    about: 'Small versioned entries that casUpdate changes.',
    value: ({ records }) => yesOrNo(records),
  },
  conditionalDelete: {
    name: 'Conditional delete',
    about: 'A delete that happens only at the version that was read.',
    value: ({ conditionalDelete }) => yesOrNo(conditionalDelete),
  },
  sharing: {
    name: 'Shared within',
    about: 'How far apart may those be who use one store at once?',
    value: ({ sharing }) => SHARING[sharing],
  },
  durability: {
    name: 'Survives',
    about: 'What does a write survive once it is acknowledged?',
    value: ({ durability }) => DURABILITY[durability],
  },
  indexed: {
    name: 'Indexed projections',
    about: 'Scalars stored beside the body.',
    value: ({ indexed }) => yesOrNo(indexed),
  },
  contentTypes: {
    name: 'Content types',
    about: 'Kept as given, beside the body.',
    value: ({ contentTypes }) => yesOrNo(contentTypes),
  },
  paths: {
    name: 'Entries /a and /a/b',
    about: 'On a tree of folders, /a cannot be a file and a folder.',
    value: ({ paths }) => PATHS[paths],
  },
  maxBodyBytes: {
    name: 'Longest body',
    about: 'A longer one is refused before it is sent.',
    value: ({ maxBodyBytes }) => bytes(maxBodyBytes),
  },
  maxPathBytes: {
    name: 'Longest path',
    about: 'Less where a prefix is put before it.',
    value: ({ maxPathBytes }) => bytes(maxPathBytes),
  },
  maxCommitChanges: {
    name: 'Changes of one commit',
    about: 'All or none of them land.',
    value: ({ maxCommitChanges }) => (maxCommitChanges === 0 ? icon('no', 'none') : String(maxCommitChanges)),
  },
  maxCommitBytes: {
    name: 'Bodies of one commit',
    about: 'All of them together.',
    value: ({ maxCommitBytes }) => (maxCommitBytes === 0 ? icon('no', 'none') : bytes(maxCommitBytes)),
  },
  planes: {
    name: 'Optional planes',
    about: 'What it can do beyond the five methods.',
    value: ({ planes }) => (planes.length === 0 ? icon('no', 'none') : listed(planes)),
  },
};

/** What each backend claims, in words. */
export function promisesSection({ backends }: MatrixReport): Markup {
  const noneRan = backends.every(({ status }) => status === 'could-not-start');
  const rows = Object.values(PROMISES).map(
    ({ name, about, value }) =>
      html` <tr>
        <th scope="row">${name}<span class="about">${about}</span></th>
        ${backends.map((it) => html`<td>${'capabilities' in it ? value(it.capabilities) : icon('no', 'not known')}</td>`)}
      </tr>`,
  );
  const head = [html`<span class="unseen">Capability</span>`, ...backends.map(({ name }) => name)];
  return html` <section aria-labelledby="promises">
    <h2 id="promises">What each backend promises</h2>
    <p>
      Before anything is written, a caller can ask what a backend promises at a path. A call that it does not promise to
      honour, it refuses. What a write survives and who may share a store cannot be refused: whoever needs more than is
      promised has to ask.
    </p>
    ${noneRan ? html`<p>No backend started, so none could be asked.</p>` : scrollTable('What each backend promises', head, [rows], 'grid')}
  </section>`;
}

/** A number of bytes in the largest unit that leaves it whole: `64 MiB`. */
function bytes(many: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = many;
  let unit = 0;
  while (value % 1024 === 0 && value > 0 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toLocaleString('en')} ${units[unit]}`;
}
