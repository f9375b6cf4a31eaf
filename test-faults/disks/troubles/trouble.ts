/** Something that keeps a store from being written, for a while. */
export interface Trouble {
  begin(): void;
  end(): void;
}
