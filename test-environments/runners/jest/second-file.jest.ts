// The same in a second realm of the process, where the native drivers still throw what is of the first.
import './first-file.jest.ts';
